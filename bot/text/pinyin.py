"""How characters sound: a slip of the keyboard mostly sounds right, but for tones."""

import os
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

# Of whole phrases pypinyin knows 50 MB that single characters do not need. It reads
# these names when it is imported; they are no settings of ours.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # noqa: TID251
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")  # noqa: TID251


@lru_cache(maxsize=8192)
def sound(char: str) -> str:
    """Spell one character in pinyin without a tone; others stay what they are."""
    return str(_library().lazy_pinyin(char)[0]) if char else ""


def sound_with_tone(char: str) -> str:
    """Spell one character in pinyin with its tone; what is not known stays itself."""
    return str(_library().pinyin(char)[0][0]) if char else ""


def spell(text: str) -> str:
    return "".join(map(sound, text))


@cache
def _library() -> Any:
    """Load the dictionary where it is first asked for: not every process asks."""
    return import_module("pypinyin")
