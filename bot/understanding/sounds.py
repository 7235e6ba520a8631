"""How characters sound, without tones: a slip of the keyboard mostly sounds right."""

from functools import lru_cache

from pypinyin import lazy_pinyin


@lru_cache(maxsize=8192)
def sound(char: str) -> str:
    """Spell one character in pinyin without a tone; others stay what they are."""
    return lazy_pinyin(char)[0]


def spell(text: str) -> str:
    return "".join(map(sound, text))
