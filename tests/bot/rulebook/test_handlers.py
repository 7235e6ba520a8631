"""The two commands over the rules: what they say, ask, send on, and never keep."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.branch.people.members import Grant, Role, Speaker, standing
from bot.command import Answer, Ask
from bot.config.load import make_config
from bot.inbox import answered, open_questions
from bot.message import Message, Reply
from bot.outbox import Letter, Recipient
from bot.storage.database import Storage
from handlers.rules.ask import UNKNOWN, answer_rule, forward_question
from handlers.rules.dues import HOW_TO_PAY, hear_income, tell_my_dues
from server.setup.wiring import build_commands
from tests.conftest import ZONE
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, find_member

COMMANDS = build_commands()
TO_OFFICE = "请问支部书记或组织委员"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
CONFIG = make_config({"branch": {"name": BRANCH, "secretaries": ["zhaomin"]}})


class Talk:
    """One member's words to the commands under test, without the understanding."""

    def __init__(self, session: Session, name: str = "王芳") -> None:
        self.session, self.name, self.config, self.now = session, name, CONFIG, NOON
        self.count = 0

    def ask(self, text: str) -> Ask:
        self.count += 1
        member = find_member(self.session, self.name)
        return Ask(
            speaker=Speaker(member.id, member.name),
            standing=standing(self.session, member),
            message=Message("wecom", member.userid or "", str(self.count), text=text),
            words=text,
            now=self.now,
            session=self.session,
            commands=COMMANDS,
            config=self.config,
        )

    def rules(self, text: str) -> str:
        return _text(answer_rule.run(self.ask(text)))

    def dues(self, text: str) -> str:
        return _text(tell_my_dues.run(self.ask(text)))

    def answer(self, text: str) -> Answer | None:
        """Answer the open question; None if this is no answer to it."""
        ask, question = self.ask(text), self.open()
        assert question is not None
        kinds = {each.kind: each for each in (forward_question, hear_income)}
        return kinds[question.kind].run(replace(ask, answers=question), question)

    def open(self) -> open_questions.Open | None:
        userid = find_member(self.session, self.name).userid
        return open_questions.find(self.session, f"wecom:{userid}", self.now)


def _text(answer: Answer) -> str:
    return answer.text if isinstance(answer, Reply) else answer


@pytest.fixture
def talk(session: Session) -> Talk:
    return Talk(session)


def letters(session: Session) -> list[tuple[str | None, str]]:
    rows = session.execute(
        select(Recipient.user, Letter.body).join(
            Letter, Letter.id == Recipient.letter_id
        )
    )
    return [(user, body["text"]) for user, body in rows]


def test_a_rule_is_told_with_its_source(talk: Talk) -> None:
    assert "第十一条" in talk.rules("支部大会多久开一次")
    assert talk.open() is None
    assert "想问什么" in talk.rules("")


def test_an_unknown_question_goes_to_the_secretary_when_she_says_so(
    talk: Talk,
) -> None:
    said = talk.rules("党员有哪些权利")
    assert said.startswith(UNKNOWN)
    assert "“党员有哪些权利”" in said
    assert letters(talk.session) == []
    assert talk.answer("打卡") is None
    assert talk.answer("好的。") == Reply(
        "已转给支部书记，答复了我就发给您。", changed=True
    )
    ((user, text),) = letters(talk.session)
    assert user == "zhaomin"
    assert text.startswith("王芳问（第 1 问）：党员有哪些权利")
    assert talk.open() is None


def test_an_unknown_question_may_stay_with_us(talk: Talk) -> None:
    talk.rules("党员有哪些权利")
    assert talk.answer("不用") == "好的，没有转。"
    assert talk.open() is None
    assert letters(talk.session) == []


def test_a_question_at_night_waits_for_the_morning(talk: Talk) -> None:
    talk.now = NOON.replace(hour=23)
    talk.rules("党员有哪些权利")
    talk.answer("好")
    (letter,) = talk.session.scalars(select(Letter))
    assert letter.not_before == datetime(2026, 11, 24, 7, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("name", "instead"), [("赵敏", "也可以请示上级党组织。"), ("孙丽", "")]
)
def test_nobody_is_sent_her_own_or_another_branch_s_question(
    session: Session, name: str, instead: str
) -> None:
    talk = Talk(session, name)
    assert talk.rules("党员有哪些权利") == f"{UNKNOWN}{instead}"
    assert talk.open() is None


def test_without_a_secretary_nothing_is_offered(talk: Talk) -> None:
    talk.session.execute(delete(Grant).where(Grant.role == int(Role.SECRETARY)))
    assert talk.rules("党员有哪些权利") == UNKNOWN


def test_a_question_with_an_income_is_never_sent_on(talk: Talk) -> None:
    assert talk.rules("我工资8123元，能买房吗") == f"{UNKNOWN}也可以问支部书记。"
    assert talk.open() is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("工资8000交多少党费", "120.00 元"),
        ("算一下党费 工资7200", "108.00 元"),
        ("党费计算 8800", "132.00 元"),
        ("退休金4500交多少党费", "22.50 元"),
        ("月收入一万五，党费要交多少钱", "300.00 元"),
        ("学生党员每个月交多少党费", "0.2 元"),
        ("我是学生，交多少党费", "0.2 元"),
        ("党费的标准是什么", "3000元及以下 0.5%"),
        ("半年不交党费会怎么处理", "自行脱党"),
        ("多久不交党费算脱党，欠党费会怎样", "自行脱党"),
        ("补交多久", "6 个月"),
        ("我的党费是多少", "收入（税后）是多少"),
        ("党费", "收入（税后）是多少"),
        ("帮我算党费", "收入（税后）是多少"),
        ("看看我的党费", "收入（税后）是多少"),
    ],
)
def test_dues_are_told_or_the_income_asked_for(
    talk: Talk, text: str, said: str
) -> None:
    assert said in talk.dues(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我交党费了", "月份：2026年11月\n党员：王芳\n还差：交了多少元？"),
        ("这个月的党费交了42元", "月份：2026年11月\n党员：王芳\n金额：42 元"),
        ("交党费 42元", "月份：2026年11月\n党员：王芳\n金额：42 元"),
        ("党费交没交", "还没有记过，不知道谁交没交"),
        ("我欠党费吗", "还没有记过，不知道谁交没交"),
        ("我的党费交到几月份了", "还没有记过，不知道谁交没交"),
        ("查一下我的党费缴纳记录", "党费（您）：还没有记过"),
        ("补交了上个月的党费", "月份：2026年10月\n党员：王芳\n还差：交了多少元？"),
        ("十月份党费我交过了", "月份：2026年10月\n党员：王芳\n还差：交了多少元？"),
    ],
)
def test_what_was_paid_is_a_matter_of_its_book(
    talk: Talk, text: str, said: str
) -> None:
    assert said in talk.dues(text)


@pytest.mark.parametrize("text", ["党费交给谁", "党费在哪里交"])
def test_where_to_pay_is_the_branch_s_own(talk: Talk, text: str) -> None:
    assert talk.dues(text) == HOW_TO_PAY.format(then=TO_OFFICE)


@pytest.mark.parametrize(
    ("first", "answer", "said"),
    [
        ("党费", "8000", "120.00 元"),
        ("党费", "税后八千二", "123.00 元"),
        ("党费", "300", "1.50 元"),
        ("党费", "退休了，5200", "52.00 元"),
        ("党费", "我是学生", "0.2 元"),
        ("退休了我的党费是多少", "5200", "52.00 元"),
        ("年薪20万交多少党费", "这个月领了2万", "400.00 元"),
    ],
)
def test_the_income_may_follow(talk: Talk, first: str, answer: str, said: str) -> None:
    talk.dues(first)
    assert said in str(talk.answer(answer))
    assert talk.open() is None


def test_an_unclear_income_is_asked_for_again(talk: Talk) -> None:
    talk.dues("党费")
    assert "准数" in str(talk.answer("八千多"))
    assert talk.open() is not None
    assert "税后" in str(talk.answer("税前8000"))
    assert "120.00 元" in str(talk.answer("8000"))


@pytest.mark.parametrize(
    "text", ["打卡 读了8000字", "党费怎么交", "周五开会", "好的", ""]
)
def test_another_command_is_no_income(talk: Talk, text: str) -> None:
    talk.dues("党费")
    assert talk.answer(text) is None
    assert talk.open() is not None


def test_one_may_leave(talk: Talk) -> None:
    talk.dues("党费")
    assert talk.answer("取消") == "好的，不算了。"
    assert talk.open() is None


def test_an_answer_leaves_another_open_question_alone(talk: Talk) -> None:
    other = open_questions.Open("event", "哪天开？", {})
    open_questions.ask(talk.session, "wecom:wangfang", other, NOON)
    talk.dues("工资8000交多少党费")
    assert talk.open() == other


@pytest.mark.files
def test_an_income_is_kept_nowhere(
    assistant: Assistant, storage: Storage, tmp_path: Path
) -> None:
    for at, text in enumerate(("党费", "8123", "工资8123交多少党费", "问 我工资8123")):
        message = Message("wecom", "wangfang", f"m{at}", text=text)
        assert assistant.answer(message).reply
    storage.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("branch.db*"))
    assert b"wangfang" in kept
    assert b"8123" not in kept
    assert b"121.85" not in kept


def test_a_retry_hears_the_dues_again_for_some_minutes_only(
    assistant: Assistant, clock: FakeClock
) -> None:
    asked = Message("wecom", "wangfang", "d1", text="党费")
    told = Message("wecom", "wangfang", "d2", text="8123")
    assistant.answer(asked)
    first = assistant.answer(told).reply
    assert first
    assert "121.85" in first.text
    assert assistant.answer(told).reply == first
    assert assistant.answer(replace(told, text="9000")).reply is None
    clock.set(clock.now() + timedelta(minutes=11))
    with assistant.storage.write() as session:
        answered.forget_private(session, clock.now())
    assert assistant.answer(told).reply is None
