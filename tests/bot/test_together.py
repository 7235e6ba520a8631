"""Many messages in one commit: each answered once, whatever becomes of the others."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from bot.assistant.answering import Assistant
from bot.assistant.faults import BUSY
from bot.assistant.outcome import Outcome
from bot.branch.people.members import Member
from bot.branch.study.checkins import CheckIn
from bot.command import Ask, Commands, command
from bot.config.settings import CheckIns, Config
from bot.errors import Refusal
from bot.inbox import open_questions
from bot.inbox.answered import Answered
from bot.message import Message
from bot.storage.database import Storage
from bot.text.phrases import Phrases
from server.setup.wiring import build_assistant
from tests.fakes.clock import FakeClock
from tests.people import NAME

WHO = ("liwei", "sunli", "wangfang", "hexue", "liuyang", "chenjing")


@pytest.fixture
def assistant(config: Config, storage: Storage, clock: FakeClock) -> Assistant:
    generous = config.model_copy(update={"checkins": CheckIns(per_day=3)})
    return build_assistant(generous, storage=storage, clock=clock)


@pytest.fixture
def commits(storage: Storage) -> Iterator[list[int]]:
    counted: list[int] = []

    def count(_: object) -> None:
        counted.append(1)

    event.listen(storage.engine, "commit", count)
    yield counted
    event.remove(storage.engine, "commit", count)


def say(text: str, who: int | str = 0, number: int | str = "") -> Message:
    sender = WHO[who] if isinstance(who, int) else who
    return Message("wecom", sender, f"{sender}:{number or text}", text=text)


def read(every: Sequence[Outcome | None]) -> list[str]:
    return ["" if each is None or not each.reply else each.reply.text for each in every]


def told(assistant: Assistant, *messages: Message) -> list[str]:
    """Answer all as the desk does: what is left, one by one."""
    soon = assistant.answer_soon(messages)
    pairs = zip(messages, soon, strict=True)
    return read([heard or assistant.answer(each) for each, heard in pairs])


def notes(storage: Storage) -> list[str]:
    with storage.read() as session:
        return sorted(session.scalars(select(CheckIn.note)))


def count(storage: Storage) -> int:
    with storage.read() as session:
        return session.scalar(select(func.count()).select_from(Answered)) or 0


def test_all_are_recorded_in_one_commit(
    assistant: Assistant, storage: Storage, commits: list[int]
) -> None:
    said = [say(f"打卡 第{n}章", n) for n in range(6)]
    every = read(assistant.answer_soon(said))
    assert len(commits) == 1
    assert all("已打卡" in each for each in every)
    assert notes(storage) == [f"第{n}章" for n in range(6)]
    assert told(assistant, *reversed(said)) == every[::-1]
    assert count(storage) == 6


def test_what_was_looked_up_is_what_the_database_says(
    assistant: Assistant, clock: FakeClock
) -> None:
    """Days in a row, too many of a day, an open question, a stranger: as alone."""
    said = [
        *(
            "打卡 党章",
            "打卡",
            "党史",
            "打卡",
            "打卡 三",
            "打卡 四",
            "我的打卡",
            "帮助",
        ),
        *("取消", "你好", "撤销打卡", "改打卡 五", "谢谢"),
    ]
    for day in range(3):
        for number, text in enumerate(said):
            place = f"{day}{number}"
            alone = assistant.answer(say(text, 0, place)).reply
            stranger = assistant.answer(say(text, "nobody", place)).reply
            mine, other, theirs = told(
                assistant,
                say(text, 1, place),
                say(text, "nobody", f"b{place}"),
                say(text, 2, place),
            )
            assert alone
            assert stranger
            plain = [alone.text, mine, theirs]
            for userid in WHO[:3]:
                plain = [each.replace(NAME[userid], "某") for each in plain]
            assert plain == [plain[0]] * 3, text
            assert other == stranger.text
        clock.wait(days=1)


def test_a_refusal_is_recorded_with_the_others(
    assistant: Assistant, storage: Storage, commits: list[int]
) -> None:
    for number in range(3):
        told(assistant, say("打卡 党章", 0, number))
    commits.clear()
    full, fine = told(assistant, say("打卡 更多", 0), say("打卡 党史", 1))
    assert len(commits) == 1
    assert "已经打过卡了" in full
    assert "已打卡" in fine
    assert notes(storage) == ["党史", "党章", "党章", "党章"]
    assert told(assistant, say("打卡 更多", 0)) == [full]


def test_a_bare_check_in_asks_and_hears_the_answer(
    assistant: Assistant, commits: list[int], storage: Storage
) -> None:
    asked, other = told(assistant, say("打卡", 0), say("打卡", 1))
    assert len(commits) == 1
    assert "今天学了什么？" in asked
    assert "今天学了什么？" in other
    assert "补上了" in told(assistant, say("读党章第二章", 0))[0]
    assert notes(storage) == ["", "", "读党章第二章"]


def test_five_of_one_member_at_once_are_five(
    assistant: Assistant, storage: Storage
) -> None:
    said = [say("打卡 党章", 0, number) for number in range(5)]
    every = told(assistant, *said)
    assert [("已打卡" in each) for each in every] == [True] * 3 + [False] * 2
    assert told(assistant, *said) == every
    assert len(notes(storage)) == 3


POISON = {
    "sqlite": (
        "CREATE TRIGGER poison BEFORE INSERT ON check_in WHEN NEW.note = '{note}'"
        " BEGIN SELECT RAISE(ABORT, 'poisoned'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION spit() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE integrity_constraint_violation; END $$",
        "CREATE TRIGGER poison BEFORE INSERT ON check_in FOR EACH ROW"
        " WHEN (NEW.note = '{note}') EXECUTE FUNCTION spit()",
    ),
}


@contextmanager
def poisoned(storage: Storage, note: str) -> Iterator[None]:
    """The database itself refuses one row."""
    kind = storage.engine.dialect.name
    with storage.exclusive() as connection:
        for statement in POISON[kind]:
            connection.exec_driver_sql(statement.format(note=note))
    yield
    with storage.exclusive() as connection:
        of = " ON check_in" if kind == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER poison{of}")


class Clumsy:
    """Commands that go wrong in every way, having written first."""

    def __init__(self) -> None:
        self.commands = Commands(
            command(name, phrases=Phrases.of((words,)), help="")(run)
            for name, words, run in (
                ("checkin", "打卡", self.check_in),
                ("help", "帮助", self.break_down),
                ("undo", "撤销", self.refuse),
            )
        )

    def note(self, ask: Ask) -> None:
        question = open_questions.Open("k", ask.text, {})
        open_questions.ask(ask.session, ask.message.thread, question, ask.now)

    def check_in(self, ask: Ask) -> str:
        self.note(ask)
        return "好"

    def break_down(self, ask: Ask) -> str:
        self.note(ask)
        raise ZeroDivisionError("a bug")

    def refuse(self, ask: Ask) -> str:
        self.note(ask)
        raise Refusal("不行")


def click(who: int, key: str) -> Message:
    return Message("wecom", WHO[who], f"{who}", "event", event="click", key=key)


def test_a_poisoned_one_among_others_fails_alone(
    assistant: Assistant, storage: Storage
) -> None:
    clumsy = replace(assistant, commands=Clumsy().commands)
    said = [
        click(0, "checkin"),
        click(1, "help"),
        click(2, "undo"),
        click(3, "checkin"),
    ]
    first = told(clumsy, *said)
    assert first[0] == first[3] == "好"
    assert "编号" in first[1]
    assert first[2] == "不行"
    assert told(clumsy, *said) == first
    with storage.read() as session:
        asked = session.scalars(select(open_questions.Question.thread))
        assert set(asked) == {f"wecom:{WHO[0]}", f"wecom:{WHO[3]}"}


def test_where_what_all_wrote_fails_each_is_answered_alone(
    assistant: Assistant, storage: Storage
) -> None:
    said = [say(f"打卡 第{n}章", n) for n in range(4)]
    with poisoned(storage, "第2章"):
        assert assistant.answer_soon(said) == [None] * 4
        assert notes(storage) == []
        assert count(storage) == 0
        every = told(assistant, *said)
    assert ["已打卡" in each for each in every] == [True, True, False, True]
    assert "编号" in every[2]
    assert notes(storage) == ["第0章", "第1章", "第3章"]
    assert told(assistant, *said) == every


def test_two_that_hear_the_same_messages_at_once(
    assistant: Assistant, config: Config, storage: Storage, clock: FakeClock
) -> None:
    """Two webs, to each of which the platform told the same, in another order."""
    said = [say(f"打卡 第{n}章", n % 6, n) for n in range(18)]
    other = build_assistant(
        assistant.config, storage=Storage(storage.location), clock=clock
    )

    def hear(who: Assistant, order: Sequence[Message]) -> dict[str, str]:
        answers: dict[str, str] = {}
        for start in range(0, len(order), 6):
            some = order[start : start + 6]
            answers |= zip((m.id for m in some), told(who, *some), strict=True)
        return answers

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(hear, assistant, said)
        two = pool.submit(hear, other, said[6:] + said[:6])
        assert one.result() == two.result()
    assert all("已打卡" in each for each in one.result().values())
    assert len(notes(storage)) == count(storage) == 18
    other.storage.close()


def test_a_locked_database_is_owned_up_to_at_once(
    assistant: Assistant, storage: Storage
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("BEGIN", None, Exception("database is locked"))

    event.listen(storage.engine, "engine_connect", refuse)
    try:
        every = read(assistant.answer_soon([say("打卡", 0), say("打卡", 1)]))
    finally:
        event.remove(storage.engine, "engine_connect", refuse)
    assert every == [BUSY, BUSY]
    assert count(storage) == 0


def test_who_was_removed_meanwhile_is_a_stranger(
    assistant: Assistant, storage: Storage
) -> None:
    with storage.write() as session:
        member = session.scalar(select(Member).where(Member.account == WHO[0]))
        assert member
        member.state = "left"
    gone, here = told(assistant, say("打卡 党章", 0), say("打卡 党史", 1))
    assert "还不认识您" in gone
    assert "已打卡" in here
