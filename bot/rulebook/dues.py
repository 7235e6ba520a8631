"""Membership dues: the law's steps over a base; nothing here keeps or logs a salary."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from bot.rulebook.load import load_shipped
from bot.rulebook.rule import Rule, Step


class Kind(StrEnum):
    """Whose dues; the value is the id of the rule."""

    WAGE = "dues.wage"
    RETIRED = "dues.retired"
    FARMER = "dues.farmer"
    STUDENT = "dues.student"
    ANNUAL = "dues.annual"


@dataclass(frozen=True)
class Rounding:
    """To what, and how, a sum is rounded: the branch's own habit. decimal's modes."""

    to: Decimal = Decimal("0.01")
    mode: str = ROUND_HALF_UP

    def apply(self, sum_: Decimal) -> Decimal:
        return (sum_ / self.to).quantize(Decimal(1), self.mode) * self.to


CENTS = Rounding()


@dataclass(frozen=True)
class Dues:
    """Dues of one month in yuan. percent: of the whole base; None for a fixed sum.

    amount to up_to is a span for farmers; for all others the two are equal.
    """

    amount: Decimal
    up_to: Decimal
    percent: Decimal | None
    rule: Rule


def monthly_dues(base: Decimal, kind: Kind, rounding: Rounding = CENTS) -> Dues:
    """Count the dues of a month on a base in yuan (confidence A).

    base: the regular income of the month after tax; for 年薪制 what was paid out in it.
    Students and farmers pay fixed sums whatever the base. ValueError if the base is
    negative or no number.
    """
    if not base.is_finite() or base < 0:
        raise ValueError("the base must be a sum of zero or more")
    rule = _rule(kind)
    if kind is Kind.FARMER:
        return Dues(rule.decimal("low"), rule.decimal("high"), None, rule)
    if kind is Kind.STUDENT:
        return Dues(rule.decimal("amount"), rule.decimal("amount"), None, rule)
    table = _rule(Kind.WAGE) if kind is Kind.ANNUAL else rule
    percent = _percent(base, table.steps, table.decimal("above"))
    amount = rounding.apply(base * percent / 100)
    return Dues(amount, amount, percent, rule)


def _percent(base: Decimal, steps: tuple[Step, ...], above: Decimal) -> Decimal:
    """Find the rate of the step that the whole base falls in, upper bounds included."""
    return next((rate for upper, rate in steps if base <= upper), above)


def _rule(kind: Kind) -> Rule:
    return next(rule for rule in load_shipped() if rule.id == kind.value)
