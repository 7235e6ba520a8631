"""What stands between marks: nothing is lost but the marks."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.text.parts import PAUSES, part_at, without

TEXTS = st.text(alphabet=f"{PAUSES}王芳李伟 a、", max_size=30)


@given(TEXTS)
def test_parts_are_what_stands_between_marks(text: str) -> None:
    parted = part_at(text, PAUSES)
    assert parted == [each for each in re.split(f"[{PAUSES}]", text) if each]
    assert "".join(parted) == without(text, PAUSES)
    assert all(parted)
