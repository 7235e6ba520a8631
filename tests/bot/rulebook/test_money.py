"""Sums of money as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rulebook.money import names_money, read_amount_of_money, replace_money

SUMS = {
    "工资8000交多少党费": "8000",
    "税后八千二": "8200",
    "1.2万": "12000",
    "一万二": "12000",
    "8千2": "8200",
    "8千10": "8010",
    "8千11": "8011",
    "三百10": "310",
    "8千9": "8900",
    "8,000元": "8000",
    "12,345.60": "12345.60",
    "8k": "8000",
    "1w2": "12000",
    "一万二千五": "12500",
    "一万二千五百": "12500",
    "三千零五十": "3050",
    "三千零一": "3001",
    "一万零八": "10008",
    "一万零二百": "10200",
    "3000.01": "3000.01",
    "3000块零一分": "3000.01",
    "15元5角": "15.5",
    "八百块": "800",
    "十二块": "12",
    "十万": "100000",
    "二十万": "200000",
    "1万2000": "12000",
    "５０００": "5000",
    "５ ０００元": "5000",
    "两千": "2000",
    "俩千": "2000",
    "一百二": "120",
    "八千一个月": "8000",
    "八千一": "8100",
    "8千一共": "8000",
    "8000每月": "8000",
    "8000，真的8000": "8000",
    "2026年5月工资8000": "8000",
    "2026-05-01 工资6200": "6200",
    "9:30问的，工资6200": "6200",
    "我2月29日入党，工资6200": "6200",
    "大概8000左右": "8000",
    "工资是5000.01元": "5000.01",
    "六千六百六十六": "6666",
    "1千5百": "1500",
}
NO_SUM = [
    "",
    "(",
    "党费怎么交",
    "想问一下",
    "十分感谢",
    "千万别",
    "三会一课",
    "万一呢",
    "第8000条",
    "读了8000字",
    "2026年",
    "党龄50年",
    "八千多",
    "8000多",
    "不到8000",
    "近一万",
    "几千",
    "八千几",
    "3000到5000",
    "6000-8000",
    "从6000涨到8000",
    "-8000",
    "负8000",
    "0元",
    "13812345678",
    "八百千",
    "5000万万",
    "a8000",
    "8000abc",
    "三千元半",
    "两百多块",
]


@pytest.mark.parametrize(("text", "amount"), SUMS.items())
def test_a_sum_is_read(text: str, amount: str) -> None:
    assert read_amount_of_money(text) == Decimal(amount)


@pytest.mark.parametrize("text", NO_SUM)
def test_no_sum_is_guessed(text: str) -> None:
    assert read_amount_of_money(text) is None


def test_a_vague_sum_is_a_sum_all_the_same() -> None:
    assert names_money("八千多")
    assert not names_money("党费怎么交")


def test_sums_can_be_taken_out() -> None:
    assert replace_money("工资8千2，退休金3000元", "¥") == "工资¥,退休金¥"
    assert replace_money("2月29日", "") == "2月29日"


@settings(deadline=None, max_examples=50)
@given(st.decimals("100", "99999999.99", places=2))
def test_digits_are_read_as_they_stand(amount: Decimal) -> None:
    assert read_amount_of_money(f"工资{amount}元") == amount
    assert read_amount_of_money(f"工资{amount:,}，交多少") == amount


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_chinese_and_mixed_numbers_agree(first: int, second: int, third: int) -> None:
    numerals = "零一二三四五六七八九"
    a, b, c = (numerals[each] for each in (first, second, third))
    whole = Decimal(first * 1000 + second * 100)
    assert read_amount_of_money(f"{a}千{b}") == whole
    assert read_amount_of_money(f"{first}千{second}") == whole
    assert read_amount_of_money(f"{a}千{b}百") == whole
    assert read_amount_of_money(f"{a}万{b}千{c}") == whole * 10 + third * 100


@settings(deadline=None, max_examples=50)
@given(
    st.text(
        alphabet="零一二两十百千万kw0123456789.,元块角分半多年月 年薪²①", max_size=14
    )
)
def test_no_text_raises(text: str) -> None:
    amount = read_amount_of_money(text)
    assert amount is None or amount > 0
