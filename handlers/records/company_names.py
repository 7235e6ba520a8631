"""Names of companies and other bodies in a sentence, by what they end in."""

import re

from bot.branch.records.organisations import SHORT, is_place
from bot.understanding.words.people import PERSON, SOMEBODY

GAP = "\x1f"
BODIES = (
    "股份有限公司|有限责任公司|有限公司|公司|集团|厂|研究院|设计院|敬老院|福利院|养老院|学院"
    "|医院|大学|中学|小学|学校|社区|街道|村委会|中心|研究所|基地|工业园|机械|模具|精密|科技"
    "|电子|自动化|阀门|轴承|机电|重工|装备|传动|电器|汽车|支部|党委|教育厅|教育局|厅|局"
)


def named_by(bodies: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Match a name by what it ends in, after what such a name follows."""
    ends = "|".join(bodies) or BODIES
    return re.compile(
        rf"(?:^|[{GAP}\s,，:：。;；、]|去了?一?趟|到了?一?趟|去了?|到了?|给|帮|在|为|往|赴|下|来自|是|来的|接待了?|被|上了?)"
        rf"(?P<name>(?:(?!公司|一?趟|去|到|给|帮|在|为|是|被|接待)[一-龥A-Za-z0-9（）()·]){{0,20}}?(?:{ends})"
        rf"(?:[一-龥]{{0,10}}?(?:有限公司|公司|集团|厂))?)"
    )


NAMED = named_by()
VAGUE = {
    "工厂",
    "企业",
    "车间",
    "公司",
    "社区",
    "学校",
    "大学",
    "机械",
    "中心",
    "某公司",
}
HOW = re.compile(r"(?:那边|那里|那儿|现场|里|帮忙|帮着|义务|免费|上门)+$")
"""What may stand between a name and what is done there."""
ASKING = re.compile(r"[几哪谁]|多少|什么|今年|去年|上半年|记录|按")


def find_name(said: str) -> str:
    """Return what of some words names a company: 华兴 of 华兴帮忙; "" for a place."""
    name = HOW.sub("", said)
    vague = name in VAGUE or len(name) < SHORT or is_place(name)
    return "" if vague else name


def names_unknown(text: str) -> str:
    """Return the name of a company that a question asks about, "" if it names none."""
    hit = NAMED.search(text)
    name = hit["name"] if hit else ""
    return "" if name in VAGUE or ASKING.search(name) else name


def find_place(said: str) -> str:
    """Return the place that stands where a question names a company: 苏州."""
    bare = said.removesuffix("市").removesuffix("省")
    return bare if is_place(said) else ""


def find_asked(said: str) -> str:
    """Return what stands where a question names a company, "" if it names none.

    A company without records keeps its name: another's sum would answer for it.
    """
    vague = any(each in said for each in VAGUE) or ASKING.search(said)
    vague = vague or re.fullmatch(rf"{SOMEBODY}|{PERSON.pattern}", said)
    return "" if vague else find_name(said)
