"""Orders parted as it was learnt: what is carried, for whom, without whom, when.

The bars are a little below what was reached, for orders that nothing was learnt from;
whoever reads a part counts it only where it is what it was taken for.
"""

from pathlib import Path

import pytest

from bench.parts import Marked, read_marked, read_parts
from bot.understanding.learnt.tags import (
    CONTENT,
    DEADLINE,
    NAMED_WITHIN,
    ORDER,
    SENDING,
    WHO,
    WITHOUT,
    Tagger,
    describe,
    write_weights,
)

NAMES = (
    *("赵敏", "陈静", "王芳", "刘洋", "吴强", "何雪"),
    *("李伟", "周涛", "孙丽", "郑洁", "冯晨", "端木蕊"),
)
MARKED = list(read_parts())


def _share_of_signs(name: str, kinds: tuple[str, ...]) -> float:
    tagger, right, all_of = Tagger(name), 0, 0
    for each in MARKED:
        if each.measured and each.kind in kinds:
            right += sum(map(str.__eq__, _tags(tagger, each), each.tags))
            all_of += len(each.text)
    return right / all_of


def _tags(tagger: Tagger, each: Marked) -> str:
    parted = tagger.part(each.text, NAMES)
    assert parted is not None
    assert "".join(part.words for part in parted.parts) == each.text
    return "".join(part.tag * len(part.words) for part in parted.parts)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "kinds", "least"),
    [
        ("notices", ("notice", "ask"), 0.84),
        ("reminders", ("remind", "remind_others"), 0.75),
        ("records", ("record",), 0.84),
        ("meetings", ("called",), 0.84),
    ],
)
def test_most_signs_of_unheard_orders_are_what_they_are_taken_for(
    name: str, kinds: tuple[str, ...], least: float
) -> None:
    assert _share_of_signs(name, kinds) >= least


def test_no_order_is_both_learnt_from_and_measured() -> None:
    learnt = {each.text for each in MARKED if not each.measured}
    assert not [x.text for x in MARKED if x.measured and x.text in learnt]


def test_parts_of_an_order_that_nobody_foresaw() -> None:
    parted = Tagger("notices").part(
        "明天上级来检查，大伙儿都把党徽戴上，这话你替我带给全支部", NAMES
    )
    assert parted is not None
    assert parted.content == "明天上级来检查，大伙儿都把党徽戴上"
    assert parted.all(WHO) == ["全支部"]


@pytest.mark.parametrize("text", ["", "长" * 201])
def test_what_is_empty_or_too_long_is_not_parted(text: str) -> None:
    assert Tagger("notices").part(text) is None


def test_marks_are_read_as_they_are_written() -> None:
    marked = "[C 请[W 各位组长]交表]，[N 李伟]别发，[A 明早]发，[B 周四]前回"
    text, tags = read_marked(marked)
    assert text == "请各位组长交表，李伟别发，明早发，周四前回"
    assert {WITHOUT, SENDING, DEADLINE, CONTENT, NAMED_WITHIN, ORDER} == set(tags)
    assert tags[text.index("各")] == NAMED_WITHIN
    with pytest.raises(ValueError, match="not closed"):
        read_marked("[C 交表")


def test_each_sign_is_described_once() -> None:
    for text in ("发", "，，，", "王芳 明天来", "a1[玫瑰]\n"):
        assert len(describe(text, NAMES).all()) == len(text)


def test_what_is_written_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.tags"
    write_weights("CO", {("C", "C"): 1.0, ("O", "O"): 1.0, ("O", "C"): 0.0}, {}, path)
    tagger = Tagger("notices")
    monkeypatch.setattr(tagger, "_path", path)
    parted = tagger.part("发吧")
    assert parted is not None
    assert [each.words for each in parted.parts] == ["发吧"]
