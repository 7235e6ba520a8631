"""Whether a text says what a passage says: nothing new, nothing turned, little lost.

Strict on purpose: who is refused here is shown the passage itself. What a text may do
is leave out a little, cut sentences anew and add little words that say nothing.
"""

import re
import unicodedata

from rapidfuzz.distance import LCSseq

COVERED = 0.7
"""The share of a clause's pairs of characters that the passage must hold."""
KEPT = 0.6
"""The share of the passage's characters that the text must still hold."""
LITTLE = frozenset("的了是就也个您请哦呀啦嘛啊咱们我这那")
"""What may be added: with these alone nothing is claimed, and nothing is asked."""

CLAUSE_ENDS = re.compile(r"[。！？!?；;，,、：:…\n]+")
HAN_DIGITS = {char: str(at) for at, char in enumerate("一二三四五六七八九十", 1)}
UNIT = (
    r"(?:季度|工作日|小时|学时|分钟|周年|万元|[年月日天周号人次届条款章节项元角分岁"
    r"%‰倍名期级票半])"
)
ONE_DIGIT = re.compile(
    rf"(?<![零一二三四五六七八九十百千万\d])[一二两三四五六七八九十](?=个?{UNIT})"
)
# Ways of writing one thing, and the one that they are compared in.
SAME = (
    ("应该", "应当"),
    ("不少于", "至少"),
    ("不低于", "至少"),
    ("不超过", "至多"),
    ("不多于", "至多"),
    ("最少", "至少"),
    ("最多", "至多"),
    ("每个", "每"),
)
# What must stand in the text as in the passage, all of it and in the same order:
FACT = re.compile(
    r"《[^》]*》|“[^”]*”|‘[^’]*’|「[^」]*」|\"[^\"]*\""  # names and quotations
    r"|\?"
    r"|[a-z][\w.@/:#?&=+-]*"  # addresses, words of another script
    rf"|第?[\d零〇一二两三四五六七八九十百千万]+(?:[.:/-]\d+)*个?{UNIT}?"
    rf"|[上中下]?半年|每(?:{UNIT}|学期)"
    r"|[不未无非没别勿莫免禁否缺除]|取消|停止|暂停|拒绝|撤销|反对"  # turns all
    r"|至少|至多|以上|以下|以内|以外|以前|以后|之前|之后|超过|达到|左右|前|后|内|起|止|满"
    r"|应当|应|必须|须|可以|可|能|要|得|需|允许|建议|一般|原则上"  # how much it binds
    r"|正式|预备|全体|全部|全国|半数|多数|少数|部分|只|仅|均|都|各|同意|赞成|或|上级|下级"
)


def find_fault(text: str, passage: str) -> str | None:
    """Name why a text may not stand for a passage; None if it may."""
    said, source = _fold(text), _fold(passage)
    if not said:
        return "nothing said"
    if len(text) > len(passage):
        return "longer"
    if _facts(said) != _facts(source):
        return "other facts"
    for clause in CLAUSE_ENDS.split(said):
        if coverage(clause, source) < COVERED:
            return "a clause from nowhere"
    if _added(said, source) - LITTLE:
        return "added words"
    if LCSseq.similarity(_plain(said), _plain(source)) < KEPT * len(_plain(source)):
        return "too much left out"
    return None


def coverage(clause: str, passage: str) -> float:
    """Tell which share of a clause's pairs of characters a passage holds (0 to 1).

    Little words between them part no pair.
    """
    whole = _share(clause, passage)
    return whole if whole == 1 else max(whole, _share(_bare(clause), _bare(passage)))


def _share(clause: str, passage: str) -> float:
    pairs = [clause[at : at + 2] for at in range(max(1, len(clause) - 1))]
    return sum(pair in passage for pair in pairs) / len(pairs)


def _bare(text: str) -> str:
    return "".join(char for char in text if char not in LITTLE)


def _facts(text: str) -> list[str]:
    return [found.replace("个", "") for found in FACT.findall(text)]


def _added(text: str, passage: str) -> set[str]:
    """Find the characters of a text that have no place in the passage's order."""
    text, passage = _plain(text), _plain(passage)
    return {
        char
        for step in LCSseq.opcodes(passage, text)
        if step.tag in ("insert", "replace")
        for char in text[step.dest_start : step.dest_end]
    }


def _plain(text: str) -> str:
    return CLAUSE_ENDS.sub("", text)


def _fold(text: str) -> str:
    """Fold widths, case, spaces and the ways of writing one thing."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = re.sub(r"[^\S\n]+", "", folded).strip()
    for many, one in SAME:
        folded = folded.replace(many, one)
    return ONE_DIGIT.sub(lambda hit: HAN_DIGITS.get(hit[0], "2"), folded)
