"""三年一次还是五年一次: a question between two figures is asked openly."""

import pytest

from bot.rulebook.either import ask_openly


@pytest.mark.parametrize(
    ("asked", "openly"),
    [
        ("换届选举是三年一次还是五年一次", "换届选举几年一次"),
        ("预备期是一年还是两年", "预备期几年"),
        ("发展对象公示是五天还是七天呢", "发展对象公示几天呢"),
        ("入党介绍人要一个还是两个", "入党介绍人几个"),
        ("支部大会多久一次", ""),
        ("周三开还是周四开", ""),
    ],
)
def test_it_is_put_as_one_for_the_figure(asked: str, openly: str) -> None:
    assert ask_openly(asked) == openly
