"""JSON from outside: read whole, and refused when it is nested without end."""

import gc
import json
import sys
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.json import MAX_DEPTH, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=VALUES, escaped=st.booleans())
def test_what_is_written_is_read(value: object, *, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    assert read_json(text) == value
    if escaped:
        assert read_json(text.encode()) == value


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"":', '[ "]" , ["\\"]" ,'])
def test_what_has_no_end_is_refused_before_it_is_entered(opening: str) -> None:
    for text in (opening * 100_000, (opening * 100_000).encode()):
        with pytest.raises(ValueError, match="too deep"):
            read_json(text)


@pytest.mark.parametrize("closed", [True, False])
def test_the_depth_is_of_brackets_alone(*, closed: bool) -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_json(deepest)
    with pytest.raises(ValueError, match="too deep"):
        read_json("[" + deepest + "]" * closed)


@pytest.mark.parametrize(
    "text",
    ['["' + "[" * 1000 + '"]', '["\\"' + "[{" * 1000 + '"]', "[" + "[]," * 999 + "[]]"],
)
def test_brackets_in_words_or_side_by_side_are_no_depth(text: str) -> None:
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize(
    "text", ['["' + '\\"' * 200_000, '"' + "[" * 200_000, '["\\' * 100_000, "{" * 65]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"deep|Unterminated|escape|Expecting"):
        read_json(text)


def test_no_collecting_falls_into_the_depth() -> None:
    """A weak reference's callback ran at the bottom of the stack, and failed there."""
    fallen: list[object] = []

    class Part:
        other: object

    def make_garbage() -> None:
        part = Part()
        part.other = part
        weakref.finalize(part, lambda: None)

    kept, sys.unraisablehook = sys.unraisablehook, fallen.append
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(200):
            make_garbage()
            with pytest.raises(ValueError, match="deep"):
                read_json("[" * 200_000)
    finally:
        gc.set_threshold(*before)
        sys.unraisablehook = kept
    assert not fallen
