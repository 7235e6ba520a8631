"""Dues at every edge of the law's steps."""

from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rulebook.dues import Kind, Rounding, monthly_dues

steady = settings(deadline=None, max_examples=50)
sums = st.decimals(0, 1_000_000, places=2)


@pytest.mark.parametrize(
    ("base", "percent", "dues"),
    [
        ("0", "0.5", "0.00"),
        ("0.01", "0.5", "0.00"),
        ("1", "0.5", "0.01"),
        ("2999.99", "0.5", "15.00"),
        ("3000", "0.5", "15.00"),
        ("3000.01", "1", "30.00"),
        ("5000", "1", "50.00"),
        ("5000.01", "1.5", "75.00"),
        ("8000", "1.5", "120.00"),
        ("10000", "1.5", "150.00"),
        ("10000.01", "2", "200.00"),
        ("20000", "2", "400.00"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.WAGE, Kind.ANNUAL])
def test_a_wage_pays_its_step_on_the_whole(
    kind: Kind, base: str, percent: str, dues: str
) -> None:
    found = monthly_dues(Decimal(base), kind)
    assert (found.percent, found.amount) == (Decimal(percent), Decimal(dues))
    assert found.rule.id == kind.value


@pytest.mark.parametrize(
    ("base", "percent", "dues"),
    [
        ("3000.01", "0.5", "15.00"),
        ("5000", "0.5", "25.00"),
        ("5000.01", "1", "50.00"),
        ("20000", "1", "200.00"),
    ],
)
def test_a_pension_has_two_steps(base: str, percent: str, dues: str) -> None:
    found = monthly_dues(Decimal(base), Kind.RETIRED)
    assert (found.percent, found.amount) == (Decimal(percent), Decimal(dues))


@steady
@given(sums)
def test_fixed_sums_do_not_look_at_the_base(base: Decimal) -> None:
    farmer = monthly_dues(base, Kind.FARMER)
    student = monthly_dues(base, Kind.STUDENT)
    assert (farmer.amount, farmer.up_to) == (Decimal("0.2"), Decimal(1))
    assert (student.amount, student.up_to) == (Decimal("0.2"), Decimal("0.2"))
    assert student.percent is farmer.percent is None


@steady
@given(st.lists(sums, min_size=2), st.sampled_from([Kind.WAGE, Kind.RETIRED]))
def test_who_earns_more_never_pays_less(bases: list[Decimal], kind: Kind) -> None:
    paid = [monthly_dues(base, kind) for base in sorted(bases)]
    for less, more in pairwise(paid):
        assert less.amount <= more.amount
        assert less.percent is not None
        assert more.percent is not None
        assert less.percent <= more.percent


@steady
@given(sums)
def test_the_rate_is_one_of_the_law_and_counts_the_whole(base: Decimal) -> None:
    found = monthly_dues(base, Kind.WAGE)
    assert found.percent in {Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2)}
    assert abs(found.amount - base * found.percent / 100) <= Decimal("0.005")


def test_rounding_is_a_habit_of_the_branch() -> None:
    base = Decimal("8199.50")
    assert monthly_dues(base, Kind.WAGE).amount == Decimal("122.99")
    down = Rounding(Decimal("0.1"), ROUND_DOWN)
    assert monthly_dues(base, Kind.WAGE, down).amount == Decimal("122.9")
    whole = Rounding(Decimal(1))
    assert monthly_dues(base, Kind.WAGE, whole).amount == 123


@pytest.mark.parametrize("base", ["-0.01", "NaN", "Infinity"])
def test_a_base_is_a_sum(base: str) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        monthly_dues(Decimal(base), Kind.WAGE)
