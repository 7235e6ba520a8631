"""Words that are times and polite words only."""

import pytest

from bot.understanding.slots.run_of_times import LONGEST, is_run_of_times


@pytest.mark.parametrize(
    "text",
    [
        "每月5号",
        "从下周开始每周四上午",
        "请在明早九点",
        "12月3日前三天",
        "12月9号那天",
        "晚点",
        "放寒假之前每周一",
    ],
)
def test_times_and_polite_words(text: str) -> None:
    assert is_run_of_times(text)


@pytest.mark.parametrize(
    "text",
    [
        "昨天早上",
        "上周五",
        "王芳每月5号",
        "每周五那个",
        "明早的",
        "请",
        "支部每周一",
        "每周一" * LONGEST,
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_run_of_times(text)
