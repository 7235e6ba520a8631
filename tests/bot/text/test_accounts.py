"""An account is one person's, by whatever door it comes in and wherever it is sent."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.branch.enrolment import addressbook
from bot.branch.enrolment.addressbook import Colleague
from bot.branch.people.members import add_member, link
from bot.branch.people.tree import Branch, find_branch
from bot.channels import Envelope
from bot.channels.wecom import WeCom
from bot.channels.wecom.errcodes import NO_ACCOUNT
from bot.config.load import make_config
from bot.config.settings import Config
from bot.errors import ConfigError, Refusal
from bot.files.roster.faults import Unreadable
from bot.files.roster.words import read_userid
from bot.message import Button, Card, CardUpdate, Text
from bot.storage.database import Storage
from bot.text.accounts import is_account
from server.twin.world import World
from tests.conftest import LONG_AGO
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, NAME

BAD = (
    "@all", "@ALL", "@x", "-x", ".x", "_x", "Bad|Id", "a b", "a\nb", "a\n", "",
    "王芳", "ａll", "a" * 65, "٣a", "a,b", "a;b",
)  # fmt: skip
GOOD = ("a", "7", "WangFang", "wang.fang@x-y_z", "a" * 64, "20231234")


@pytest.mark.parametrize("text", GOOD)
def test_what_wecom_gives(text: str) -> None:
    assert is_account(text)


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_one_person(text: str) -> None:
    assert not is_account(text)


@pytest.mark.thorough
@given(st.text())
def test_an_account_stands_for_one_alone(text: str) -> None:
    if is_account(text):
        assert "|" not in text
        assert text.isascii()
        assert text[0].isalnum()
        assert text == text.strip()


@pytest.mark.parametrize("text", ["@all", "@x", "-x", ".x", "Bad|Id", "a\nb"])
def test_no_door_lets_it_in(session: Session, root: Branch, text: str) -> None:
    with pytest.raises(Unreadable):
        read_userid(text)
    with pytest.raises(ConfigError, match=r"branch\.secretaries.*不像企业微信账号"):
        make_config({"branch": {"secretaries": ["zhaomin", text]}})
    member = add_member(session, "周兰", root, LONG_AGO)
    with pytest.raises(Refusal, match="不像企业微信账号"):
        link(member, text)
    people = [Colleague(text, "周兰"), Colleague(text, "吴强")]
    assert len(addressbook.link_accounts(session, people, root).refused) == 2
    assert addressbook.add_unknown(session, people, root, LONG_AGO) == []
    assert member.userid is None


@pytest.mark.parametrize("name", ["", "小王🎉", "发通知\n王磊", "user01", "王磊(机械)"])
def test_a_name_is_a_name_there_too(session: Session, root: Branch, name: str) -> None:
    people = [Colleague("newone", name)]
    assert addressbook.add_unknown(session, people, root, LONG_AGO) == []
    assert len(addressbook.say_left_out(session, people)) == 1
    link(add_member(session, "周兰", root, LONG_AGO), "newone")
    assert addressbook.say_left_out(session, people) == []


@pytest.fixture
def root(session: Session) -> Branch:
    found = find_branch(session, BRANCH)
    assert found is not None
    return found


@pytest.fixture
def wecom(
    config: Config, storage: Storage, clock: FakeClock, world: World
) -> Iterator[WeCom]:
    assert config.wecom
    world.callback_url = "http://127.0.0.1:9/cards-need-one"
    wecom = WeCom(config.wecom, storage, clock)
    with closing(wecom.client._http):
        yield wecom


CARD = Card("开会", "周五", (Button("收到", "receipt:1"),))


@pytest.mark.parametrize("content", [Text("开会"), CARD], ids=["text", "card"])
@pytest.mark.parametrize("bad", ["@all", "@ALL", "liwei|chenjing", "liwei\n"])
def test_it_is_sent_to_nobody_else(
    wecom: WeCom, world: World, content: Text | Card, bad: str
) -> None:
    """Accounts of older rosters may be in the database."""
    outcome = wecom.send(Envelope(content, (bad, "wangfang"), "b1"))
    assert outcome.refused == {bad: NO_ACCOUNT}
    assert [each for each in NAME if world.phone(each).pushed()] == ["wangfang"]
    alone = wecom.send(Envelope(content, (bad,), "b2"))
    assert (alone.receipt, alone.refused) == ("", {bad: NO_ACCOUNT})
    assert [each for each in NAME if world.phone(each).pushed()] == ["wangfang"]


def test_no_card_is_changed_for_all(wecom: WeCom) -> None:
    assert (
        wecom.send(Envelope(CardUpdate("code", "收到"), ("@all",), "b1")).refused == {}
    )
