"""Who is said to have left: 孙丽调走了 · 孙丽调到机电支部了 · 孙丽转出组织关系了.

Only stated, only done, only of one person. Whoever asks, supposes, reports or jokes
tells of nobody's leaving; who moves to another group of the branch has not left it.
"""

import re
from dataclasses import dataclass

from bot.understanding.names import Call
from bot.understanding.openers import match_at, starts
from bot.understanding.speech import MARKS, NEGATOR
from bot.understanding.text import Said, normalise
from bot.understanding.words.masks import TIME

INTENT = "members.depart"
NO_NAME = (
    r"(?![大家您你咱自哪他她它谁这那有]|同[事志]|书记|领导|会议|时间|登记|通知|提醒|告[诉知]"
    r"|转告|打卡|恭喜|祝贺|欢送|感谢|谢谢|今[天年]|[昨明]天)"
)
ONE = rf"{NO_NAME}(?:[一-龥]{{2,4}}?(?![·])|[一-龥]{{1,8}}(?:·[一-龥]{{1,8}})+)"
WHO = (
    rf"(?:登记(?:一下)?|记一下|[:,])*(?P<who>我|本人|{ONE}(?:[、和跟与及]{ONE})*)"
    r"(?<![要想会得该能不没快才就将准被又再都把将])(?:同志|老师)?"
)
DONE = r"(?:[,已刚也]|已经|刚刚|今天|正式|从?(?:我们|咱们?|本)(?:党?支部|这里)|T)*"
WHERE = (
    r"(?P<where>(?!我|咱|本|党?支部)"
    r"(?:[一-龥a-z0-9]{1,16}?(?:支部|总支|党委|学院|大学|学校|公司|单位)|外[地校省市]))"
)
GONE = (
    rf"(?:调[走离]了?|转[走出]了?|[调转]出去了?|(?:调|转)(?:到|去|往|入|至){WHERE}去?"
    r"|(?:离开|[调转]出|调离)了?(?:我们|咱们?|本)?党?支部)"
)
RELATION = r"(?:党?组织)?关系"
NOTE = (
    r"(?:,?(?:请|麻烦|帮我|帮忙|要)*(?:把)?(?:他|她|人)?(?:在|从)?名册(?:里|中|上)?(?:也|给我)?"
    r"(?:去掉|删[掉除]|移[出除]|更新|改)(?:一下)?"
    r"|,?(?:请|麻烦|帮我|帮忙)*(?:更新|改|记|登记|记录)(?:一下|下)?(?:名册)?)?"
)
END = r"[了啦]?(?:请知悉)?"
FORMS = tuple(
    re.compile(form + END + NOTE + r"[了吧啊。!,]*$")
    for form in (
        rf"{WHO}的?{RELATION}{DONE}{GONE}",
        rf"{WHO}{DONE}[把将]{RELATION}{DONE}{GONE}",
        rf"{WHO}{DONE}{GONE}(?:{RELATION})?",
    )
)
FORBIDDEN = ("疑问", "假设", "转述", "没定", "评说", "玩笑", "忘记", "将来", "惯常")
TOLD_OF = re.compile("[调转离]")
LONGEST = 60


@dataclass(frozen=True)
class Departure:
    """who: as typed. where: where to, if that is said."""

    who: str
    where: str = ""


def read_departure(text: str) -> Departure | None:
    """Read who is told to have left; None for anything else."""
    said = normalise(text)
    found = _find(said)
    return _departure(said, found) if found else None


def find_departure(said: Said) -> Call | None:
    """Find that a text tells so, and nothing else."""
    if _find(said) is None:
        return None
    return Call(
        INTENT,
        "登记转出",
        0,
        len(said.text),
        "addressed",
        sure=True,
        words=said.raw.strip(),
    )


def _find(said: Said) -> re.Match[str] | None:
    text = said.text
    if len(text) > LONGEST or not TOLD_OF.search(text):
        return None
    places = starts(text)
    timed = TIME.sub(lambda hit: "T" * len(hit[0]), text)
    forms = (match_at(form, timed, places) for form in FORMS)
    found = next(filter(None, forms), None)
    if found is None or _is_doubtful(text, found):
        return None
    start, end = found.span("who")
    return None if any(start < gap < end for gap in said.gaps) else found


def _is_doubtful(text: str, found: re.Match[str]) -> bool:
    """Tell whether anything keeps it from being a plain fact.

    A name may have a character that would do so elsewhere: 李明, 何静, 莫言.
    """
    names = [found.span(name) for name in found.groupdict()]
    patterns = (*(MARKS[mark] for mark in FORBIDDEN), NEGATOR)
    hits = (hit for pattern in patterns for hit in pattern.finditer(text))
    return any(not _is_in_name(hit, names) for hit in hits)


def _is_in_name(hit: re.Match[str], names: list[tuple[int, int]]) -> bool:
    end = hit.start(1) if hit.re is NEGATOR else hit.end()  # it takes what follows too
    single = end - hit.start() == 1
    return single and any(first <= hit.start() < last for first, last in names)


def _departure(said: Said, found: re.Match[str]) -> Departure:
    where = found.groupdict().get("where")
    to = said.part(found.start("where"), found.end("where")) if where else ""
    return Departure(said.part(found.start("who"), found.end("who")), to)
