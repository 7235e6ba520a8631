"""Whether a text says what a passage says: nothing new, nothing turned, nothing lost.

Strict on purpose: who is refused here is shown the passage itself. What a text may do
is say plainly what is put stiffly (交纳 is 交, 之日 is 的日), cut sentences anew, and
add or leave out little words that say nothing.
"""

import re
import unicodedata

from rapidfuzz.distance import LCSseq

COVERED = 0.7
"""The share of a clause's pairs of characters that the passage must hold."""
LITTLE = frozenset("的了是就也个您请哦呀啦嘛啊咱们我这那")
"""What may be added: with these alone nothing is claimed, and nothing is asked."""
SPARED = LITTLE | frozenset("但而则所→-")
"""What may be left out."""

CLAUSE_ENDS = re.compile(r"[。！？!?；;，,、：:…\n]+")
HAN_DIGITS = {char: str(at) for at, char in enumerate("一二三四五六七八九十", 1)}
UNIT = (
    r"(?:季度|工作日|小时|学时|分钟|周年|万元|[年月日天周号人次届条款章节项元角分岁"
    r"%‰倍名期级票半点])"
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
    ("召开", "开"),
    ("举行", "开"),
    ("缴纳", "交"),
    ("交纳", "交"),
    ("办理", "办"),
    ("进行", ""),
    ("予以", ""),
    ("以及", "和"),
    ("及", "和"),
    ("与", "和"),
    ("并且", "并"),
    ("如果", "如"),
    ("若", "如"),
    ("按照", "按"),
    ("依照", "按"),
    ("需要", "需"),
    ("没有", "没"),
    ("方可", "才能"),
    ("方能", "才能"),
    ("均", "都"),
    ("本人", "自己"),
    ("其", ""),
    ("之", "的"),
    ("亦", "也"),
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
    if _without_place(said, source) - LITTLE:
        return "added words"
    if _without_place(source, said) - SPARED:
        return "words left out"
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
    """List what weighs; a month is not 个月, else 个 makes no difference."""
    return [re.sub("个(?!月)", "", found) for found in FACT.findall(text)]


def _without_place(text: str, other: str) -> set[str]:
    """Find the characters of a text that have no place in the other's order."""
    text, other = _plain(text), _plain(other)
    return {
        char
        for step in LCSseq.opcodes(other, text)
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
