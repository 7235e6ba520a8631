"""党费: how much, and what was paid."""

from decimal import Decimal
from pathlib import Path

from bot.branch.knowledge import knowledge
from bot.branch.people import members
from bot.command import Answer, Ask, answering, command
from bot.inbox.open_questions import Open
from bot.next_steps import send_on
from bot.rulebook.answer import RATES, RuleAnswer, answer_question
from bot.rulebook.dues import Kind, monthly_dues
from bot.rulebook.duestext import describe_dues, kind_of, tell_dues
from bot.rulebook.money import replace_money
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.speech import is_question

ASK_INCOME = (
    "您每月相对固定的、经常性的收入（税后）是多少？直接回数字就行，例：8200。\n"
    "退休、年薪、学生、农民党员请说明。只用来算这一次，不保存；不算了就回“取消”。"
)
HOW_TO_PAY = (
    "党费交给谁、怎么交，由本支部定，{then}。\n"
    "要算每月该交多少，发“工资8200交多少党费”这样就行。"
)
NO = ("取消", "算了", "不算了", "不用了", "不用")
FIXED = (Kind.STUDENT, Kind.FARMER)
SURE = 0.75
# What a text about dues speaks of, beside an income.
PLACES = (
    *("交给谁", "哪里交", "哪儿交", "哪交", "交到哪里", "交到哪儿", "转给谁"),
    *("收款", "账户", "二维码"),
)
RECORDS = (
    *("交了", "交过", "交完", "已交", "已经交", "交没交", "交到", "交齐"),
    *("交党费了", "缴党费了", "收到", "收了", "收齐", "欠", "记录"),
)
OTHERS = ("谁", "哪些", "哪几", "还有人", "几个人", "多少人")
UNPAID = (
    "没交",
    "未交",
    "没有交",
    "没缴",
    "未缴",
    "没有缴",
    "交没",
    "缴没",
    "欠",
    "拖",
)
OWN = ("我", "帮", "算一下", "算算", "这个月", "本月", "几块")
BARE = ("党费", "交党费", "缴纳党费")
AROUND_AN_INCOME = Lexicon(Path(__file__), "around_an_income")
ENDS = " 。.！!？?"


@command(
    "dues",
    help="算每月党费，例：工资8200交多少党费",
    private=True,
)
def tell_my_dues(ask: Ask) -> Answer:
    """Compute from the income named, tell the rule asked for, or ask for the income."""
    text = ask.text or ask.words
    found = answer_question(text, ask.now.date())
    if _has(text, PLACES):
        return _quote(ask, text) or HOW_TO_PAY.format(then=_whom(ask))
    paid = _has(text, RECORDS) or _ends_with_sum(text)
    if _has(text, OTHERS) and (paid or _has(text, UNPAID)):
        return ask.commands.by_intent["dues.behind"].run(ask)
    if paid and not (found and _is_rule(found)):
        return _of_book(ask, text)
    if found and found.rule.id not in RATES:
        return found.text
    return _count(ask, text, found)


def _of_book(ask: Ask, text: str) -> Answer:
    """Answer from the book of what was paid, or have it put down there.

    What is only reported, supposed or asked is put down for nobody.
    """
    part = "dues.paid"
    if is_question(text) or _has(text, ("欠", "拖", "交到", "交没")):
        part = "dues.behind"
    elif _has(text, ("记录", "查")):
        part = "dues.book"
    elif not ask.meant:
        part = "dues.behind"
    return ask.commands.by_intent[part].run(ask)


def _count(ask: Ask, text: str, found: RuleAnswer | None) -> str:
    """Count on the income named; without one tell the rates, or ask for it."""
    kind = kind_of(text)
    if kind in FIXED:
        return describe_dues(monthly_dues(Decimal(0), kind))
    if told := tell_dues(text, kind):
        return told.text if told.settled else _ask_income(ask, kind, told.text)
    if found and text not in BARE and not _has(text, OWN):
        return found.text
    return _ask_income(ask, kind)


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(each in text for each in words)


def _ends_with_sum(text: str) -> bool:
    return text.endswith(("元", "块")) and text[:-1][-1:].isdigit()


@answering("dues.income", private=True)
def hear_income(ask: Ask, question: Open) -> str | None:
    """Take an income, or who one is; other texts are other commands."""
    said = ask.text.strip()
    if said in NO:
        ask.close_question()
        return "好的，不算了。"
    if not AROUND_AN_INCOME.is_all_of(replace_money(said, "").strip(ENDS)):
        return None
    kind = kind_of(said)
    if kind is Kind.WAGE:
        kind = Kind(question.details["whose"])
    if kind in FIXED:
        ask.close_question()
        return describe_dues(monthly_dues(Decimal(0), kind))
    told = tell_dues(f"每月{said}", kind)
    if told and told.settled:
        ask.close_question()
    return told.text if told else None


def _ask_income(ask: Ask, kind: Kind, words: str = ASK_INCOME) -> str:
    """Ask; what is kept is only whose dues they are, never an income."""
    ask.put_question("dues.income", "每月税后收入多少？", whose=kind.value)
    return words


def _quote(ask: Ask, text: str) -> str | None:
    """Tell what the branch itself has put down about paying."""
    home = members.party_branch(ask.session, ask.member)
    found = knowledge.search(ask.session, home, text)
    return found[0].cited(ask.now.tzinfo) if found else None


def _is_rule(found: RuleAnswer) -> bool:
    """Whether the rules answer, and it is not about what somebody paid."""
    return found.rule.id != "dues.wage" and found.score >= SURE


def _whom(ask: Ask) -> str:
    return send_on(ask, "请问支部书记或组织委员", "请问组织委员")
