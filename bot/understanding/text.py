"""A text as it was typed → the same text as it is compared: one width, no gaps."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from bot.text.radicals import RADICALS
from bot.text.stickers import AS_OBJECTING, find_words
from bot.understanding.words.people import MARKED

TRADITIONAL = str.maketrans(
    "點籤簽請會議黨費學習資料歷週麼嗎開關註冊為應該說誰時間後個們無聽讀書寫總結訊問題給這裡還沒"
    "對錯發佈報導記錄員務願團隊頒獎譽與參觀節慶國憲訂閱單組織區勞動愛憑證過進種樣現場處辦幾歲預備"
    "轉歡謝數據匯導統計療級積極幫導撤銷幹嗎課聯繫親從東買賣車馬門長樂業電腦號碼毎",
    "点签签请会议党费学习资料历周么吗开关注册为应该说谁时间后个们无听读书写总结讯问题给这里还没"
    "对错发布报导记录员务愿团队颁奖誉与参观节庆国宪订阅单组织区劳动爱凭证过进种样现场处办几岁预备"
    "转欢谢数据汇导统计疗级积极帮导撤销干吗课联系亲从东买卖车马门长乐业电脑号码每",
)
MAY_BE_MARKED = re.compile("[0-9(]")
SAME = TRADITIONAL | str.maketrans("❓❔❗❕", "??!!") | AS_OBJECTING
PUZZLED = "[疑问]"
ASKED_IN_WU = re.compile("(?<=.)(?<![北讨征步杀砍采挞])伐(?=[?。!~…]*$)")
"""侬去伐 asks as 你去吗 does."""
UNSEEN = re.compile(r"[​-‏‪-‮⁠﻿️]")


@dataclass(frozen=True)
class Said:
    """A text in both forms.

    text: without white space, and without stickers at its ends. at: where each of its
    characters, and its end, stand in raw. gaps: the characters of text that follow
    white space.
    """

    raw: str
    text: str
    at: tuple[int, ...]
    gaps: frozenset[int]

    @cached_property
    def signs(self) -> frozenset[str]:
        """Each character of text, and each two that follow one another."""
        pairs = map("".join, pairwise(self.text))
        return frozenset(self.text).union(pairs)

    def part(self, start: int, end: int) -> str:
        """Give the typed form of text[start:end]."""
        return self.raw[self.at[start] : self.at[end]].strip()

    def own_words(self, start: int, end: int) -> str:
        """Give text[start:end] as it is kept: with the stickers at the text's ends."""
        first = self.at[start] if start else 0
        last = self.at[end] if end < len(self.text) else len(self.raw)
        return self.raw[first:last].strip()


class _Forms(dict[str, str]):
    """Each typed character → how it is compared: a gap, or none in it."""

    def __missing__(self, typed: str) -> str:
        seen = unicodedata.normalize("NFKC", typed).lower().translate(SAME)
        shown = "" if UNSEEN.match(typed) else seen
        form = self[typed] = "".join(shown.split()) or shown[:1]
        return form


_FORMS = _Forms()


@lru_cache(maxsize=256)  # one message's text is compared by several readers
def normalise(raw: str) -> Said:
    """Make full width half, traditional simplified, capitals small; drop gaps.

    Radicals become characters in both forms: no name is found by them. 王伟(大) and
    王伟2 are compared as 王伟. Stickers at the ends are no part of it; one that asks is
    a question mark.
    """
    text: list[str] = []
    at: list[int] = []
    gaps: set[int] = set()
    raw = raw.translate(RADICALS)
    first, last = find_words(raw)
    words = raw[first:last].removesuffix(PUZZLED)
    if len(words) < last - first:
        words += "?"
    for place, typed in enumerate(words, first):
        form = _FORMS[typed]
        if form.isspace():
            gaps.add(len(text))
            continue
        for char in form:
            text.append(char)
            at.append(place)
    asked = ASKED_IN_WU.sub("吗", "".join(text))
    said = Said(raw, asked, (*at, last), frozenset(gaps))
    if not MAY_BE_MARKED.search(said.text):
        return said
    marks = [hit.span("mark") for hit in MARKED.finditer(said.text)]
    return _without(said, marks) if marks else said


def _without(said: Said, spans: list[tuple[int, int]]) -> Said:
    """Leave pieces out of the text; one that follows a gap is no mark of a name."""
    gone = {
        place
        for start, end in spans
        if start not in said.gaps
        for place in range(start, end)
    }
    kept = [place for place in range(len(said.text)) if place not in gone]
    places = [*kept, len(said.text)]
    new = {place: number for number, place in enumerate(places)}
    gaps = (next(each for each in places if each >= gap) for gap in said.gaps)
    return Said(
        said.raw,
        "".join(said.text[place] for place in kept),
        tuple(said.at[place] for place in places),
        frozenset(new[gap] for gap in gaps),
    )
