"""A change said to a preview in words that no grammar knows, said again as ours are.

算了就给二组吧，他们不住校 → 发给二组; 何雪也住校 把她捎上 → 还有何雪. What it is of was
learnt (tests/understanding/parts, `make learn`); whoever has the draft reads it as any
change, and shows what became of it.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bot.understanding.learnt.tags import (
    ADDED,
    BEGINS,
    CHANGE_TAGGER,
    CHOICE,
    CONTENT,
    DEADLINE,
    DROPPED,
    INSTEAD,
    ORDER,
    PLACE,
    PUT,
    SENDING,
    TAKEN_OFF,
    Part,
)
from bot.understanding.sentences.lexicon import Lexicon

AS_OURS = {
    INSTEAD: "发给{}",
    ADDED: "还有{}",
    TAKEN_OFF: "{}不用来",
    BEGINS: "改成{}",
    PLACE: "地点换成{}",
    SENDING: "{}发",
    DEADLINE: "改成{}",
    CHOICE: "加个选项 {}",
    CONTENT: "加一句 {}",
    DROPPED: "去掉{}",
}
"""How each part is said in our own words."""
PEOPLE = (INSTEAD, ADDED, TAKEN_OFF)
ADDS, WHOLE, HIM, ME = (
    Lexicon(Path(__file__), name) for name in ("adds", "whole", "him", "me")
)
LONGEST = 60  # characters; who says more writes the whole anew


def restate(said: str, names: Collection[str], speaker: str, only: str = "") -> str:
    """Say a change as our sentences do, its parts by commas; "" where none was heard.

    names: of people who are known; speaker: whom 我自己 means. only: the one kind of
    change that may be heard, "" for any.
    """
    parted = CHANGE_TAGGER.part(said, names) if len(said) <= LONGEST else None
    tags = {each.tag for each in parted.parts} - {ORDER} if parted else set()
    if parted is None or not tags or (only and tags != {only}):
        return ""
    if WHOLE.stands_in(said) or (CONTENT in tags and not ADDS.stands_in(said)):
        return ""  # what nothing asks to be written down is only talk
    if any(map(_is_of_somebody, parted.parts, parted.parts[1:])):
        return ""
    return "，".join(_say(parted.parts, names, speaker))


def _is_of_somebody(part: Part, following: Part) -> bool:
    """Whether a person is named for what is hers: 刘洋的材料不用发了."""
    return part.tag in PEOPLE and following.words.startswith("的")


def _say(parts: Sequence[Part], names: Collection[str], speaker: str) -> Iterator[str]:
    at = 0
    whole = "".join(each.words for each in parts)
    pending = ""
    for part in parts:
        words = part.words.strip(" ，,。！!的")
        if part.tag in PEOPLE:
            words = _person(words, whole[:at], names, speaker)
        at += len(part.words)
        if not words or part.tag == ORDER:
            continue
        if part.tag == DROPPED:
            pending = words
            continue
        if part.tag == PUT:
            yield f"{pending}改成{words}" if pending else f"改成{words}"
            pending = ""
            continue
        yield AS_OURS[part.tag].format(words)
    if pending:
        yield AS_OURS[DROPPED].format(pending)


def _person(words: str, before: str, names: Collection[str], speaker: str) -> str:
    """Name who is meant by a pronoun: whoever was named last before it."""
    if ME.is_one(words):
        return speaker
    if not HIM.is_one(words):
        return words
    said = [(before.rfind(name), name) for name in names if name in before]
    return max(said)[1] if said else words
