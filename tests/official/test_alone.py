"""An official account and no WeCom: still a working assistant."""

import pytest

from bot import outbox
from bot.branch.people import binding
from bot.config.load import make_config
from bot.config.settings import Config
from bot.delivery.deliver import Delivery
from server.twin.official.account import Account
from server.twin.world import World
from tests.conftest import make_settings
from tests.official.conftest import settings
from tests.people import find_member
from tests.stage import Stage


@pytest.fixture
def config(database: str, world: World, account: Account) -> Config:
    made = make_settings(database, world).model_dump(exclude={"wecom"})
    return make_config({**made, "official": settings(account)})


def test_bound_by_the_operator_asked_and_told(stage: Stage, account: Account) -> None:
    kept = stage.assistant
    for name, openid in (("赵敏", "oLi"), ("王芳", "oWang")):
        with kept.storage.write() as session:
            member = find_member(session, name)
            code = binding.give_code(session, member, kept.clock.now())
        assert account.say(openid, code).text.startswith("绑定好了")
    assert "已打卡" in account.say("oWang", "打卡 读书").text
    account.say("oLi", "通知全体党员：周五下午两点在201开会，收到请回复")
    account.say("oLi", "确认")
    Delivery(kept.storage, kept.clock, kept.senders).deliver_all()
    assert "周五下午两点" in account.phone("oWang").pushed()[-1].text
    status = account.say("oLi", "谁没回复").text
    assert "等本人说句话再发" in status
    assert "王芳" in status
    with kept.storage.read() as session:
        assert outbox.unbalanced(session) == []
