"""How characters sound, without tones: a slip of the keyboard mostly sounds right."""

import os
from functools import lru_cache

# Of whole phrases pypinyin knows 50 MB that single characters do not need. It reads
# this name when it is imported; it is no setting of ours.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # noqa: TID251
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")  # noqa: TID251

from pypinyin import lazy_pinyin


@lru_cache(maxsize=8192)
def sound(char: str) -> str:
    """Spell one character in pinyin without a tone; others stay what they are."""
    return str(lazy_pinyin(char)[0]) if char else ""


def spell(text: str) -> str:
    return "".join(map(sound, text))
