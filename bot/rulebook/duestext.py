"""What somebody says of an income → the dues of the month, in words."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.rulebook.dues import CENTS, Dues, Kind, Rounding, monthly_dues
from bot.rulebook.money import names_money, read_amount_of_money, replace_money

BASES = {
    Kind.WAGE: "相对固定的、经常性的收入（税后），补贴等是否计入",
    Kind.ANNUAL: "当月实际领取的薪酬，哪些计入",
    Kind.RETIRED: "每月的离退休费，哪些计入",
}
APPROVED = "以本单位组织部门核定为准。"
FORGOTTEN = "您说的收入只用来算这一次，没有保存。"
BEFORE_TAX = "党费按税后收入算，请告诉我税后每月多少，我再算。"
BY_THE_YEAR = "党费按月算：请告诉我每月税后多少；年薪制的，这个月实际领到多少。"
BY_THE_DAY = "不按月领的收入，党费按上季度的月平均算，请告诉我平均每月多少。"
UNSAID = "您说的是每月的收入，还是交的党费？要算党费，请说：工资8200。"
UNCLEAR = "差一点比例就可能不同，请只说一个准数，比如：工资8200。"

INCOME = re.compile(
    r"工资|薪|养老金|收入|税后|退休|离休|每月|一个月|月|到手|基数|拿|挣"
)
TOO_SMALL = 500
"""No income of a month, but often the dues themselves."""

TEACHER = re.compile(r"老师|教师|导师|辅导员|教授")
WHO = (
    (Kind.ANNUAL, re.compile(r"年薪")),
    (Kind.RETIRED, re.compile(r"退休|离休|养老金")),
    (Kind.STUDENT, re.compile(r"学生|研究生|博士生|硕士生|下岗|低保|抚恤|救济")),
    (Kind.FARMER, re.compile(r"农民|务农|种地")),
)
YEARLY = re.compile(
    r"(?:年薪|一年|每年|年收入|年工资|全年)[^¥月]{0,4}¥|¥[^交月]{0,2}(?:一年|每年|/年)"
)
DAILY = re.compile(r"日薪|时薪|周薪|每天|每小时|一天|一小时")
GROSS = re.compile(r"税前|扣税前|应发")
PAID = re.compile(r"[交缴](?:党费)?[了过纳]*(?:\d+(?:\.\d+)?)(?:元|块钱|块)?")
"""A sum that is said to be paid is no income."""


@dataclass(frozen=True)
class IncomeSaid:
    """What to say; settled unless it asks for the income once more."""

    text: str
    settled: bool


def kind_of(text: str) -> Kind:
    """Tell whose dues a text is about; a wage where it does not say."""
    for kind, said in WHO:
        taught = kind is Kind.STUDENT and TEACHER.search(text)
        if said.search(text) and not taught:
            return kind
    return Kind.WAGE


def tell_dues(text: str, kind: Kind, rounding: Rounding = CENTS) -> IncomeSaid | None:
    """Answer with the dues of the income named, or with what is still unclear.

    None if the text names no income. The answer never repeats the income.
    """
    text = PAID.sub("交", text)
    if not names_money(text):
        return None
    base = read_amount_of_money(text)
    if base is None:
        return IncomeSaid(UNCLEAR, settled=False)
    if trap := _trap(text, base):
        return IncomeSaid(trap, settled=False)
    return IncomeSaid(describe_dues(monthly_dues(base, kind, rounding)), settled=True)


def describe_dues(dues: Dues) -> str:
    """Say the sum, the rate, what the base is, and where it stands written."""
    if dues.percent is None:
        return f"{dues.rule.text}\n{dues.rule.citation}"
    return "\n".join(
        (
            f"每月交党费 {dues.amount:.2f} 元（按全部基数的 {dues.percent}% 计算）。",
            f"基数是{BASES[Kind(dues.rule.id)]}{APPROVED}",
            dues.rule.citation,
            FORGOTTEN,
        )
    )


def _trap(text: str, base: Decimal) -> str | None:
    """Name what keeps a sum from being a base: before tax, by the year or day."""
    if GROSS.search(text):
        return BEFORE_TAX
    if YEARLY.search(replace_money(text, "¥")):
        return BY_THE_YEAR
    if DAILY.search(text):
        return BY_THE_DAY
    return None if base >= TOO_SMALL or INCOME.search(text) else UNSAID
