"""Answers in people's own words, and which of those offered they mean."""

import pytest

from bot.understanding.slots.choice import find_choices

COMING, WHERE = ("能参加", "请假"), ("线上参加", "线下参加", "请假")
DONE = ("已交", "还没交", "有困难")
EARLY, YES_NO = ("能交", "要晚几天"), ("参加", "不参加")


@pytest.mark.parametrize(
    ("offered", "said", "meant"),
    [
        *(
            (COMING, said, ("请假",))
            for said in ("来不了", "我去不了", "那天去不成", "我得请假")
        ),
        *((COMING, said, ("请假",)) for said in ("不能参加", "周三我没法去", "请个假")),
        *(
            (COMING, said, ("能参加",))
            for said in ("能来", "我又能去了", "不请假了", "准时到")
        ),
        *(
            (COMING, said, ("能参加",))
            for said in ("请假改成能参加", "那天我能到", "参加")
        ),
        *(
            (WHERE, said, ("线上参加",))
            for said in ("线上", "我选线上", "线上吧", "线上参加")
        ),
        *((WHERE, said, WHERE[:2]) for said in ("能来", "我参加")),
        *((EARLY, said, ("能交",)) for said in ("能交", "我能交")),
        *(
            (EARLY, said, ("要晚几天",))
            for said in ("要晚几天", "我要晚几天", "晚几天")
        ),
        *((YES_NO, said, ("不参加",)) for said in ("不参加", "来不了", "我不参加了")),
        *((DONE, said, ("已交",)) for said in ("交了", "我已经交了", "交过了")),
        *((DONE, said, ("还没交",)) for said in ("没交", "我还没有交呢")),
        *((DONE, said, ()) for said in ("没困难", "交不了")),
        *((YES_NO, said, ("参加",)) for said in ("参加", "我参加", "能来")),
    ],
)
def test_what_is_said_is_meant(
    offered: tuple[str, ...], said: str, meant: tuple[str, ...]
) -> None:
    assert tuple(find_choices(offered, said)) == meant


@pytest.mark.parametrize(
    "said",
    [
        "王芳来不了",
        "可能来不了",
        "听说能来",
        "不一定能去",
        "能来多少人",
        "我爱人来不了",
    ],
)
def test_what_says_more_means_none(said: str) -> None:
    assert not find_choices(COMING, said)


@pytest.mark.parametrize("offered", [COMING, WHERE, YES_NO])
def test_the_opposite_is_never_meant(offered: tuple[str, ...]) -> None:
    staying = {each for each in offered if "请假" in each or "不" in each}
    for said in ("来不了", "去不了", "不能来", "请假"):
        assert set(find_choices(offered, said)) <= staying
    for said in ("能来", "我去", "不请假", "能参加了"):
        assert not staying & set(find_choices(offered, said))
