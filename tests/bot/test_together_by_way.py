"""Words that come by another way than a WeCom account are of the batch too."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from bot import outbox
from bot.assistant.answering import Assistant
from bot.assistant.look import look_at_all
from bot.message import Message, Text
from bot.outbox import Importance, Plan, Recipient, Window
from bot.outbox.routes import UNTIL_HEARD
from bot.storage.database import Storage
from tests.fakes.clock import FakeClock
from tests.people import find_member

WHO = {"王芳": "wangfang", "李伟": "liwei", "孙丽": "sunli"}


@pytest.fixture(autouse=True)
def bound(assistant: Assistant, storage: Storage, clock: FakeClock) -> None:
    with storage.write() as session:
        for name, address in WHO.items():
            number = find_member(session, name).id
            assert outbox.bind(session, number, "aibot", address, clock.now())
    clock.wait(hours=1)


def say(
    text: str, who: str = "王芳", channel: str = "aibot", group: str = ""
) -> Message:
    sender, number = WHO.get(who, who), f"{channel}:{who}:{text}"
    return Message(channel, sender, number, text=text, group=group)


def answer(assistant: Assistant, *messages: Message) -> list[str]:
    """Answer as the desk does: what is left, one by one."""
    soon = assistant.answer_soon(messages)
    pairs = zip(messages, soon, strict=True)
    every = [heard or assistant.answer(each) for each, heard in pairs]
    return [each.reply.text for each in every if each.reply]


def heard_at(storage: Storage, address: str) -> object:
    with storage.read() as session:
        known = outbox.find_address(session, "aibot", address)
        return known and known.heard_at


def test_both_ways_in_one_commit(
    assistant: Assistant, storage: Storage, clock: FakeClock
) -> None:
    commits: list[int] = []
    event.listen(storage.engine, "commit", lambda _: commits.append(1))
    messages = [
        say("打卡 党章"),
        say("打卡 党史", "李伟", "wecom"),
        say("打卡 新闻", "孙丽"),
    ]
    told = answer(assistant, *messages)
    assert len(commits) == 1
    assert all("已打卡" in each for each in told)
    assert heard_at(storage, "wangfang") == clock.now()
    assert answer(assistant, *reversed(messages)) == told[::-1]


def test_one_member_by_two_ways_at_once(assistant: Assistant) -> None:
    """She is one: the second answer knows of the first."""
    told = answer(assistant, say("打卡 党章"), say("打卡 党史", channel="wecom"))
    assert "已打卡" in told[0]
    assert "已经打过卡" in told[1]


def test_what_waited_for_a_word_goes_with_it(
    assistant: Assistant, storage: Storage, clock: FakeClock
) -> None:
    with storage.write() as session:
        member = find_member(session, "王芳")
        window = Window(clock.now(), clock.now() + timedelta(days=2))
        plan = Plan("k", "notice", Text("明天开会"), window, Importance.NOTICE)
        outbox.put_to(session, plan, member.userid, member.id, now=clock.now())
        session.query(Recipient).update({"held_until": UNTIL_HEARD})
    answer(assistant, say("打卡 党章"), say("打卡 党史", "李伟"))
    with storage.read() as session:
        (row,) = session.query(Recipient).all()
        assert (row.held_until, row.way) == (None, "aibot")


def test_only_who_is_waited_for_is_not_answered_with_all(
    storage: Storage, clock: FakeClock
) -> None:
    """Who got a letter before, or is let alone for an hour, is one like all others."""
    fates: dict[str, dict[str, object]] = {
        "王芳": {"state": "delivered", "held_until": UNTIL_HEARD},
        "孙丽": {"held_until": clock.now() + timedelta(hours=1)},
        "李伟": {"held_until": UNTIL_HEARD},
    }
    window = Window(clock.now(), clock.now() + timedelta(days=2))
    with storage.write() as session:
        for name, fate in fates.items():
            member = find_member(session, name)
            plan = Plan(name, "notice", Text("明天开会"), window)
            outbox.put_to(session, plan, member.userid, member.id, now=clock.now())
            theirs = update(Recipient).where(Recipient.member_id == member.id)
            session.execute(theirs.values(**fate))
    messages = [say("打卡", name) for name in fates]
    with storage.write_for_many() as session:
        looks = look_at_all(session, messages, clock.now())
    assert [look is not None for look in looks] == [True, True, False]


def test_an_account_that_nobody_bound_is_known_by_the_roster(
    assistant: Assistant, storage: Storage
) -> None:
    told = answer(assistant, say("打卡 党章", "liuyang"), say("打卡 党史", "nobody"))
    assert "已打卡" in told[0]
    assert "还不认识" in told[1]
    assert heard_at(storage, "liuyang")


def test_in_a_group_only_what_all_may_read(assistant: Assistant) -> None:
    told = answer(assistant, say("我的打卡", group="g1"), say("我的打卡", "李伟"))
    assert "我的打卡" not in told[0]
    assert "单聊" in told[0]
