"""Two people of one name in a text: told by their marks, or asked back.

The assistant says 王伟（大）; a person says 王伟大 or 王伟2 as well. Said so, without
brackets, the mark may belong to what follows (王伟大后天来, 王伟2点开会): then the name
alone was said, and it is asked who is meant.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Refusal
from bot.files.roster.marks import write_marked
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.words.people import COUNTED

NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
LAST_OF_ACCOUNT = 4
# 大会, 大后天, 大前天, 大多数, 大可不必 begin with what may be a mark.
WORD_GOES_ON = tuple("会后前多可能")
NEXT_WORD = Lexicon(Path(__file__), "next_word")


@dataclass(frozen=True)
class Namesake:
    """One of those who have a name. account: as typed; where: the branch or group."""

    name: str
    mark: str
    account: str
    where: str

    @property
    def marked(self) -> str:
        return write_marked(self.name, self.mark)


class SeveralCalled(Refusal):
    """Two people have the name. people: those who can be picked, as they are listed."""

    def __init__(self, name: str, found: Sequence[Namesake]) -> None:
        self.name = name
        reached = [each for each in found if each.account]
        self.people = sorted(reached, key=lambda each: _order(each.mark))
        lost = [each for each in found if not each.account]
        signs = (
            [f"{at}. " for at in range(1, len(reached) + 1)]
            if is_numbered([each.mark for each in self.people])
            else ["· "] * len(reached)
        )
        lines = [f"有 {len(found)} 位“{name}”，是哪一位？"]
        lines += map("".join, zip(signs, _tell_apart(self.people), strict=True))
        if lost:
            marked = "、".join(each.marked for each in lost if each.mark)
            who = f"：{marked}" if marked else ""
            lines.append(f"（另 {len(lost)} 位还没关联企业微信，收不到消息{who}）")
        self.asked = "\n".join(lines)
        super().__init__("\n".join([self.asked, _say_how(found)]).strip())


def forms_of(name: str, mark: str) -> tuple[str, ...]:
    """List how a marked name is said: 王伟（大）, 王伟(大), 王伟大."""
    return (f"{name}（{mark}）", f"{name}({mark})", name + mark) if mark else ()


def is_whole(name: str, mark: str, text: str, end: int) -> bool:
    """Tell whether a marked name that ends there ends there indeed."""
    said = text[:end]
    if not mark or not said.endswith(name + mark):
        return True
    rest = unicodedata.normalize("NFKC", text[end : end + 4])
    if mark.isdecimal():
        return re.match(COUNTED, rest) is None
    return not rest.startswith(WORD_GOES_ON) and NEXT_WORD.stands_first(rest)


def is_numbered(marks: Sequence[str]) -> bool:
    """Tell whether "2" can mean the second: not where another one's mark is 2."""
    places = [str(at) for at in range(1, len(marks) + 1)]
    return all(
        mark == place or mark not in places
        for mark, place in zip(marks, places, strict=True)
    )


def pick(people: Sequence[Namesake], said: str) -> Namesake | None:
    """Hear who is meant: by the place in the list, the mark, or the account."""
    word = unicodedata.normalize("NFKC", said).strip(" 。.!")
    for each in people:
        forms = (*forms_of(each.name, each.mark), each.mark)
        if word.casefold() == each.account.casefold() or (each.mark and word in forms):
            return each
    word = word.removeprefix("第").rstrip("个位号").translate(NUMERALS)
    numbered = is_numbered([each.mark for each in people])
    if numbered and word.isdecimal() and 0 < int(word) <= len(people):
        return people[int(word) - 1]
    return None


def _order(mark: str) -> tuple[bool, int]:
    """Put whom a number marks behind the others, by the number."""
    return mark.isdecimal(), int(mark) if mark.isdecimal() else 0


def _say_how(found: Sequence[Namesake]) -> str:
    marked = [each.marked for each in found if each.mark]
    if marked:
        return f"请连标记一起再说一次，例：{marked[0]}。"
    accounts = [each.account for each in found if each.account]
    return f"请用账号代替姓名再说一次，例：{accounts[0]}。" if accounts else ""


def _tell_apart(people: Sequence[Namesake]) -> list[str]:
    """Say of each the mark, the group, and where that is not enough the account."""
    marked = any(each.mark for each in people)
    said = [f"{each.marked}，{each.where}" if marked else each.where for each in people]
    same = Counter(said)
    return [
        f"{words}，账号尾号 {each.account[-LAST_OF_ACCOUNT:]}"
        if same[words] > 1
        else words
        for words, each in zip(said, people, strict=True)
    ]
