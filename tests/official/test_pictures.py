"""A picture sent in WeChat goes with a notice, to whomever and by whatever way."""

from bot import outbox
from server.twin import samples
from server.twin.official.account import Account
from tests.official.conftest import bind
from tests.people import find_member
from tests.stage import Stage


def test_a_picture_of_wechat_reaches_wecom_and_wechat(
    stage: Stage, account: Account
) -> None:
    account.add("oZhao", "赵敏")
    bind(stage, "赵敏", "oZhao")
    bind(stage, "王芳", "oWang")
    with stage.assistant.storage.write() as session:
        outbox.prefer(session, find_member(session, "王芳").id, "official")
    account.say("oWang", "帮助")
    account.say("oZhao", "通知全体党员：周五下午两点在201开会")
    account.picture("oZhao", samples.PNG)
    assert "正在发" in account.say("oZhao", "确认").text
    stage.delivery.deliver_all()
    stage.clock.wait(seconds=30)
    stage.delivery.deliver_all()
    hers = [each.kind for each in account.phone("oWang").pushed()]
    assert hers == ["text", "image"]
    his = stage.world.phone("liwei").pushed()
    assert "image" in [each.kind for each in his]
    assert account.calls["media/get"] == 1
    sent = next(each for each in his if each.kind == "image")
    medium = stage.world.shelf.seen(sent.media_id)
    assert medium
    assert medium.content == samples.PNG
