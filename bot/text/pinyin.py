"""How characters sound, without tones: a slip of the keyboard mostly sounds right."""

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


def spell(text: str) -> str:
    return "".join(map(sound, text))


@cache
def _library() -> Any:
    """Load the dictionary where it is first asked for: not every process asks."""
    return import_module("pypinyin")
