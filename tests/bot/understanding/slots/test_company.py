"""Which company a text names: on file, by what it ends in, or where one must stand."""

import pytest

from bot.understanding.slots.company import find_asked, find_name, name_unknown


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("华兴帮忙", "华兴"),
        ("绿的现场", "绿的"),
        ("苏州", ""),
        ("工厂", ""),
        ("厂", ""),
    ],
)
def test_a_name_where_one_stands(said: str, name: str) -> None:
    assert find_name(said) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("去华兴精密几次", "华兴精密"),
        ("去企业几次", ""),
        ("今年给大家做了什么", ""),
        ("给恒通阀门服务过吗", "恒通阀门"),
    ],
)
def test_a_company_without_records_is_named(text: str, name: str) -> None:
    assert name_unknown(text) == name


def test_nobody_and_no_question_is_a_company() -> None:
    assert find_asked("王芳") == find_asked("哪家") == find_asked("大家") == ""
    assert find_asked("恒通") == "恒通"
