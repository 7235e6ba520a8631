"""Companies and other bodies in a text: on file by any name, or by what they end in."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.branch.records.organisations import SHORT, Register, is_place
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.taken import GAP
from bot.understanding.words.masks import TIME

HERE = Path(__file__)
HOW, ASKS, VAGUE, ANYBODY, SPOKEN = (
    Lexicon(HERE, name) for name in ("how", "asks", "vague", "anybody", "spoken")
)
PARTS = re.compile("[,，;；。!！?？、\n]")
LONGEST = 30  # characters of a name
BODIES = (
    "股份有限公司|有限责任公司|有限公司|公司|集团|厂|研究院|设计院|敬老院|福利院|养老院|学院"
    "|医院|大学|中学|小学|学校|社区|街道|村委会|中心|研究所|基地|工业园|机械|模具|精密|科技"
    "|电子|自动化|阀门|轴承|谐波|机电|重工|装备|传动|电器|汽车|支部|党委|教育厅|教育局|厅|局"
)


@dataclass(frozen=True)
class Company:
    """alias: what it was called, where that is not its name. start, end: where."""

    name: str
    start: int
    end: int
    alias: str = ""


def find_company(
    register: Register, text: str, bodies: tuple[str, ...] = (), said: str = ""
) -> Company | None:
    """Find the company that a text names, on file or not.

    bodies: what else its name may end in. said: what a sentence has in its place.
    """
    known = register.find(text)
    more = _named_by("|".join(bodies)).search(text) if bodies else None
    hit = more or _named_by(BODIES).search(text)
    if not hit and not known:
        own = find_name(said) if said in text else ""
        start = text.index(said) if own else 0
        return Company(own, start, start + len(said)) if own else None
    name = _without_times(hit["name"]) if hit else ""
    if hit and len(name) > 1 and not VAGUE.is_one(name):
        same = register.same(name)
        if same or not (known and known.name in name):
            end = hit.end("name")
            alias = name if same and name != same else ""
            return Company(same or name, end - len(name), end, alias)
    return Company(known.name, known.start, known.end) if known else None


@lru_cache
def _named_by(bodies: str) -> re.Pattern[str]:
    """Match a name by what it ends in, after what such a name follows."""
    return re.compile(
        rf"(?:^|[{GAP}\s,，:：。;；、]|去了?一?趟|到了?一?趟|跑了?一?趟|去了?|到了?|给|帮|在|为|往|赴|下|来自|是|来的|接待了?|被|上了?)"
        rf"(?P<name>(?:(?!公司|一?趟|去|到|给|帮|在|为|是|被|接待)[一-龥A-Za-z0-9（）()·]){{0,20}}?(?:{bodies})"
        rf"(?:[一-龥]{{0,10}}?(?:有限公司|公司|集团|厂))?)"
    )


def _without_times(name: str) -> str:
    while time := TIME.match(name):
        name = name[time.end() :]
    return name


def may_be_company(words: str) -> bool:
    """Tell whether an answer may be a name: no time, no clauses, nothing that is said.

    还有上周三帮老张办了医保 and 这能算志愿不 name nobody.
    """
    spoken = SPOKEN.stands_in(words) or ASKS.stands_in(words) or PARTS.search(words)
    return len(words) <= LONGEST and not (spoken or TIME.search(words))


def find_name(said: str) -> str:
    """Return what of some words names a company: 华兴 of 华兴帮忙; "" for a place."""
    name = HOW.cut_end(said)
    vague = VAGUE.is_one(name) or len(name) < SHORT or is_place(name)
    return "" if vague else name


def name_unknown(text: str, bodies: tuple[str, ...] = ()) -> str:
    """Return the name of a company that a question asks about, "" if it names none.

    bodies: what else its name may end in, with something before it: 光明日报. One sign
    says too little: 媒体报 is none in 媒体报道过几次.
    """
    more = "|".join(each for each in bodies if len(each) > 1)
    hit = _named_by(more).search(text) if more else None
    if hit is None or len(hit["name"]) < SHORT + 1:
        hit = _named_by(BODIES).search(text)
    name = hit["name"] if hit else ""
    return "" if VAGUE.is_one(name) or ASKS.stands_in(name) else name


def find_place(said: str) -> str:
    """Return the place that stands where a question names a company: 苏州."""
    bare = said.removesuffix("市").removesuffix("省")
    return bare if is_place(said) else ""


def find_asked(said: str) -> str:
    """Return what stands where a question names a company, "" if it names none.

    A company without records keeps its name: another's sum would answer for it.
    """
    other = VAGUE.stands_in(said) or ASKS.stands_in(said) or ANYBODY.is_one(said)
    return "" if other else find_name(said)
