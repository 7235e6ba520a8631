"""One message is answered once: again, at once, in two processes, after a bug."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from logging import DEBUG, ERROR

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import event, func, insert, select

from bot.assistant.answering import Assistant
from bot.assistant.faults import BUSY
from bot.branch.study.checkins import CheckIn, check_in
from bot.command import Ask, Commands, command
from bot.config.settings import CheckIns, Config
from bot.errors import Refusal
from bot.inbox.answered import (
    REMEMBERED_FOR,
    Answered,
    earlier_reply,
    forget_old,
    forget_private,
)
from bot.message import Message
from bot.storage.database import Storage
from bot.text.phrases import Phrases
from bot.understanding.slots.amounts import read_study
from server.monitoring.logs import set_up_logs
from server.setup.wiring import build_assistant
from server.twin.replies import Answer
from server.twin.world import World
from tests.fakes.clock import FakeClock
from tests.fakes.processes import run_together

WORDS = "打卡 学党章第二章"
NUMBER = 7_000_000_000_000_000_001


@pytest.fixture
def assistant(config: Config, storage: Storage, clock: FakeClock) -> Assistant:
    """Takes twenty check-ins a day, so that one too many is seen."""
    generous = config.model_copy(update={"checkins": CheckIns(per_day=20)})
    return build_assistant(generous, storage=storage, clock=clock)


@pytest.fixture
def knock(world: World, address: str) -> World:
    """The twin, which knows by now where the assistant listens."""
    assert world.callback_url.startswith(address)
    return world


def count(storage: Storage) -> int:
    with storage.read() as session:
        return session.scalar(select(func.count()).select_from(CheckIn)) or 0


def at_once(ask: Callable[[], Answer], times: int = 8) -> list[Answer]:
    with ThreadPoolExecutor(times) as pool:
        return [done.result() for done in [pool.submit(ask) for _ in range(times)]]


def test_the_same_message_three_times(knock: World, storage: Storage) -> None:
    answers = [knock.say("wangfang", WORDS, msg_id=NUMBER) for _ in range(3)]
    assert "已打卡" in answers[0].text
    assert len({answer.text for answer in answers}) == 1
    assert count(storage) == 1
    assert "已打卡" in knock.say("wangfang", WORDS, msg_id=NUMBER + 1).text
    assert count(storage) == 2


def test_the_same_message_in_eight_threads(knock: World, storage: Storage) -> None:
    answers = at_once(lambda: knock.say("wangfang", WORDS, msg_id=NUMBER))
    assert "已打卡" in answers[0].text
    assert len({answer.text for answer in answers}) == 1
    assert {answer.status for answer in answers} == {200}
    assert count(storage) == 1


@pytest.mark.thorough
def test_the_same_message_in_two_processes(
    config: Config, storage: Storage, clock: FakeClock, world: World
) -> None:
    settings = {
        "database": {"url": storage.location},
        "branch": {"name": config.branch.name, "secretaries": ["zhaomin"]},
        "checkins": {"per_day": 20},
    }
    message = {"channel": "wecom", "sender": "wangfang", "id": "1", "text": WORDS}
    told = [json.dumps(settings), clock.now().isoformat(), json.dumps(message)]
    one, two = run_together("tests.bot.answer_once", [told, told])
    assert "已打卡" in json.loads(one)
    assert one == two
    assert count(storage) == 1


def test_the_same_number_from_somebody_else_is_another_message(
    knock: World, storage: Storage
) -> None:
    """WeCom numbers no two alike: so nobody hears what somebody else was told."""
    first = knock.say("wangfang", WORDS, msg_id=NUMBER)
    other = knock.say("liwei", "我的打卡", msg_id=NUMBER)
    assert "学党章" not in other.text
    assert knock.say("liwei", "我的打卡", msg_id=NUMBER).text == other.text
    assert knock.say("wangfang", WORDS, msg_id=NUMBER).text == first.text
    assert count(storage) == 1


def test_two_clicks_of_one_second_are_two(knock: World, storage: Storage) -> None:
    """WeCom advises sender + time as their key (path/90238): that would lose one."""
    answers = [knock.click("wangfang", f"checkin:{what}") for what in ("党章", "党史")]
    assert all("已打卡" in answer.text for answer in answers)
    assert count(storage) == 2
    again = knock.click("wangfang", "checkin:党章")
    assert again.text == answers[0].text
    assert count(storage) == 2


def test_the_same_click_in_eight_threads(knock: World, storage: Storage) -> None:
    answers = at_once(lambda: knock.click("wangfang", "checkin:党章"))
    assert len({answer.text for answer in answers}) == 1
    assert count(storage) == 1


def test_what_takes_no_time_is_answered_together_and_once(
    assistant: Assistant, storage: Storage
) -> None:
    said = [
        Message("wecom", user, str(number), text=WORDS)
        for number, user in enumerate(("wangfang", "liwei", "wangfang"))
    ]

    def told(*numbers: int) -> list[str]:
        asked = [said[each] for each in numbers]
        soon = assistant.answer_soon(asked)
        every = [
            heard or assistant.answer(each)  # what was left to others
            for each, heard in zip(asked, soon, strict=True)
        ]
        return [each.reply.text if each.reply else "" for each in every]

    first, other, again = told(0, 1, 0)
    assert "已打卡" in first
    assert "已打卡" in other
    assert again == first
    assert count(storage) == 2
    assert told(1, 0) == [other, first]
    assert told(2) != [first]
    assert count(storage) == 3


def test_a_message_that_needs_no_answer_is_done_too(
    knock: World, storage: Storage
) -> None:
    for _ in range(2):
        answer = knock.enter("wangfang")
        assert (answer.status, answer.body) == (200, "")
    with storage.read() as session:
        assert session.scalars(select(Answered.reply)).all() == [None]
    with storage.write() as session:
        assert earlier_reply(session, click("of nobody")) is None


def test_the_inbox_forgets_after_a_week(
    knock: World, storage: Storage, clock: FakeClock
) -> None:
    knock.say("wangfang", "帮助")
    clock.wait(days=1)
    knock.say("wangfang", "帮助")
    clock.wait(seconds=(REMEMBERED_FOR).total_seconds() - 3600)
    with storage.write() as session:
        forget_old(session, clock.now())
        (last,) = session.scalars(select(Answered.at)).all()
        for late, left in ((timedelta(0), [last]), (timedelta(seconds=1), [])):
            forget_old(session, last + REMEMBERED_FOR + late)
            assert session.scalars(select(Answered.at)).all() == left


def test_only_a_private_reply_is_forgotten_soon(
    knock: World, storage: Storage, clock: FakeClock
) -> None:
    asked = ((NUMBER, WORDS), (NUMBER + 1, "工资8000每月交多少党费"))
    told = [knock.say("wangfang", words, msg_id=each).text for each, words in asked]
    assert "120" in told[1]
    clock.wait(hours=1)
    with storage.write() as session:
        forget_private(session, clock.now())
    again = [knock.say("wangfang", words, msg_id=each).text for each, words in asked]
    assert (again[0] == told[0], again[1] == told[1]) == (True, False)


# What goes wrong is remembered too


class Handlers:
    """Two commands that note the check-in first and then fail."""

    def __init__(self) -> None:
        self.ran = 0
        self.commands = Commands(
            [
                command("checkin", phrases=Phrases.of(("打卡",)), help="")(
                    self.break_down
                ),
                command("help", phrases=Phrases.of(("帮助",)), help="")(self.refuse),
            ]
        )

    def break_down(self, ask: Ask) -> str:
        self.note(ask)
        raise ZeroDivisionError("a bug")

    def refuse(self, ask: Ask) -> str:
        self.note(ask)
        raise Refusal(f"第 {self.ran} 次不行")

    def note(self, ask: Ask) -> None:
        self.ran += 1
        study = read_study("学党章")
        check_in(ask.session, ask.member, study, ask.now, ask.config.checkins.per_day)


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def clumsy(assistant: Assistant, handlers: Handlers) -> Assistant:
    return replace(assistant, commands=handlers.commands)


@pytest.fixture
def logged() -> Iterator[StringIO]:
    stream = StringIO()
    set_up_logs(level=DEBUG, stream=stream)
    yield stream
    set_up_logs(level=ERROR)


def click(key: str, number: str = "1") -> Message:
    return Message("wecom", "wangfang", number, "event", event="click", key=key)


def test_a_bug_has_a_number_that_a_retry_hears_again(
    clumsy: Assistant, handlers: Handlers, storage: Storage, logged: StringIO
) -> None:
    first, retry = (clumsy.answer(click("checkin")).reply for _ in range(2))
    assert first
    assert retry
    assert first.text == retry.text
    assert handlers.ran == 1
    assert count(storage) == 0
    number = re.findall("编号 ([0-9a-f]{6})", first.text)[0]
    (line,) = logged.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["number"]) == ("bug", number)
    assert "ZeroDivisionError" in told["exception"]
    assert "学党章" not in logged.getvalue()
    other = clumsy.answer(click("checkin", "2")).reply
    assert other
    assert other.text != first.text


def test_a_refusal_is_remembered_and_changes_nothing(
    clumsy: Assistant, handlers: Handlers, storage: Storage
) -> None:
    replies = [clumsy.answer(click("help")).reply for _ in range(3)]
    assert [reply and reply.text for reply in replies] == ["第 1 次不行"] * 3
    assert handlers.ran == 1
    assert count(storage) == 0


def test_the_log_of_a_bug_is_silent_about_what_was_said(
    assistant: Assistant, storage: Storage, logged: StringIO
) -> None:
    """A statement that the database refuses is logged without its values."""

    def repeat_a_key(ask: Ask) -> str:
        told = dict.fromkeys(("channel", "message_id", "reply"), ask.words)
        for _ in range(2):
            ask.session.execute(insert(Answered).values(**told, at=ask.now))
        raise AssertionError("the key is unique")

    commands = Commands(
        [command("checkin", phrases=Phrases.of(("打卡",)), help="")(repeat_a_key)]
    )
    reply = (
        replace(assistant, commands=commands).answer(click("checkin:家里的事")).reply
    )
    assert reply
    assert "编号" in reply.text
    assert "UNIQUE" in logged.getvalue().upper()
    assert "家里的事" not in logged.getvalue()


# The database is somebody else's


@contextmanager
def occupied(storage: Storage) -> Iterator[None]:
    """Another program writes; ours waits for a moment only, to keep the test short."""

    def be_impatient(connection: dbapi2.Connection, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout = 20")

    event.listen(storage.engine, "checkout", be_impatient)
    other = dbapi2.connect(str(storage.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        event.remove(storage.engine, "checkout", be_impatient)


@pytest.mark.files
def test_a_locked_database_is_owned_up_to(
    knock: World, storage: Storage, logged: StringIO
) -> None:
    with occupied(storage):
        answer = knock.say("wangfang", WORDS, msg_id=NUMBER)
    assert answer.ok
    assert answer.text == BUSY
    assert "没有记下" in answer.text
    assert "Traceback" not in logged.getvalue()
    assert "message_not_recorded" in logged.getvalue()
    assert "已打卡" in knock.say("wangfang", WORDS, msg_id=NUMBER).text
    assert count(storage) == 1


@pytest.mark.files
def test_a_bug_in_a_locked_database_is_still_answered(
    clumsy: Assistant, storage: Storage, logged: StringIO
) -> None:
    with ExitStack() as stack:

        def lock_after_rollback(*_: object) -> None:
            stack.enter_context(occupied(storage))

        event.listen(storage.engine, "checkin", lock_after_rollback, once=True)
        reply = clumsy.answer(click("checkin")).reply
    assert reply
    assert "编号" in reply.text
    events = [json.loads(line)["event"] for line in logged.getvalue().splitlines()]
    assert events == ["bug", "bug_not_recorded"]
