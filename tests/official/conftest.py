"""The branch with an official account besides WeCom, both played by the twin."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot import outbox
from bot.config.load import make_config
from bot.config.settings import Config
from server.twin.official.account import Account
from server.twin.official.api import running
from server.twin.world import World
from tests.conftest import make_settings
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.stage import Stage

KEY = "o" * 43
NOTICE = "支部通知\n{{thing1.DATA}}\n时间：{{time2.DATA}}"


@pytest.fixture
def account(clock: FakeClock) -> Iterator[Account]:
    account = Account("wxtest", "oasecret", "oatoken", KEY, clock.now)
    account.add("oWang", "王芳")
    account.add("oLi", "李伟")
    account.add("oNobody", "路人")
    with running(account) as running_account:
        yield running_account


def settings(account: Account) -> dict[str, Any]:
    return {
        "app_id": account.app_id,
        "secret": account.secret,
        "token": account.token,
        "encoding_aes_key": KEY,
        "api_base": account.api_base,
    }


@pytest.fixture
def config(database: str, world: World, account: Account) -> Config:
    made = make_settings(database, world).model_dump()
    return make_config({**made, "official": settings(account)})


def with_pages(config: Config, url: str) -> Config:
    """The same settings, with pages that are reached from outside."""
    return make_config({**config.model_dump(), "server": {"public_url": url}})


@pytest.fixture
def address(address: str, account: Account) -> str:
    account.callback_url = f"{address}/official/callback"
    return address


def bind(stage: Stage, name: str, openid: str) -> None:
    """Bind an openid without a code."""
    kept = stage.assistant
    with kept.storage.write() as session:
        number = find_member(session, name).id
        assert outbox.bind(session, number, "official", openid, kept.clock.now())
