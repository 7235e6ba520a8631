"""What a secretary tells of somebody's way into the Party, or of the branch's year."""

import re
from dataclasses import dataclass

from bot.branch.duties.milestones import Step
from bot.branch.duties.steps import FULL

ASKS = re.compile(
    r"[吗么呢?？]|谁|哪|几|多少|什么时候|何时|怎么|如何|是否|是不是|有没有|该|应该|快"
    r"|没有?|不|未|别|如果|要是|假如|能|可以|准备|打算|会不会|听说|据说"
)
FORMS: tuple[tuple[Step | str, re.Pattern[str]], ...] = (
    (Step.EXTENDED, re.compile(r"预备期.{0,4}(?:延长|延期)|延长.{0,6}预备期")),
    (
        Step.VOTED,
        re.compile(r"转正.{0,4}大会.{0,6}通过|大会.{0,8}通过.{0,6}转正|通过.{0,8}转正"),
    ),
    (FULL, re.compile(r"转正了|已转正|转为正式党员|按期转正|批准.{0,4}转正|转正日期")),
    (Step.CANDIDATE, re.compile(r"(?:列|确定|登记|定|成).{0,8}为?.{0,2}发展对象")),
    (
        Step.ACTIVIST,
        re.compile(r"(?:列|确定|登记|定|成).{0,16}积极分子"),
    ),
    (
        Step.APPLIED,
        re.compile(r"(?:递交|提交|交|写|收到).{0,6}入?党?申请书?|登记入党申请"),
    ),
    (
        Step.REVIEWED,
        re.compile(
            r"(?:半年)?考察.{0,6}(?:完成|完了|做了|谈了|过了|了)|考察谈话.{0,4}(?:完成|了)"
        ),
    ),
    (
        Step.MET_APPLICANT,
        re.compile(r"申请人谈话|[和跟同与].{2,10}谈[过了完].{0,2}话?"),
    ),
    (
        Step.LIFE_MEETING,
        re.compile(
            r"组织生活会.{0,6}(?:开过|开了|开完|召开了|完成)|开[过了]组织生活会"
        ),
    ),
    (
        Step.TALKS,
        re.compile(r"谈心谈话.{0,6}(?:完成|做完|谈完|做了|都谈)"),
    ),
    (
        Step.ELECTED,
        re.compile(r"换届(?:选举|大会)?.{0,4}(?:日期|时间|完成|了|是|在|开)|登记换届"),
    ),
)
LENGTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
TERM = re.compile(r"(?:任期|每届)\s*([35三五])\s*年")
NAME = re.compile(
    r"(?:登记|把|确定|收到|和|跟|同|与|将|申请人)?\s*([一-龥·]{2,6}?)"
    r"(?=同志|确定|列|为|是|成|递|提|交|写|考察|预备|转正|谈|的|，|,|\s|$)"
)
EXTENSION = re.compile(
    r"延长\s*了?\s*(半年|[一1]年|[\d一二两三四五六七八九十]{1,2}个月)"
)


@dataclass(frozen=True)
class StepSaid:
    """step: a milestone's, or "full" for 转正. months: of an extension by length."""

    step: Step | str
    years: int | None = None
    months: int | None = None


def read_step(text: str) -> StepSaid | None:
    """Read what happened; None for a question, a wish, a denial, or something else."""
    if ASKS.search(text):
        return None
    for step, form in FORMS:
        if form.search(text):
            term = TERM.search(text)
            years = {"5": 5, "五": 5}.get(term[1], 3) if term else None
            return StepSaid(step, years, _months(text))
    return None


def read_new_name(text: str) -> str | None:
    """Read the name of somebody who is not in the roster yet."""
    words = re.sub(
        r"登记|入党申请[人书]?|申请人|入党|积极分子|收到|一份|谈[过完了]?话[过完了]*",
        " ",
        text,
    )
    hit = NAME.search(words.strip())
    return hit[1] if hit else None


def _months(text: str) -> int | None:
    hit = EXTENSION.search(text)
    if hit is None:
        return None
    if hit[1].endswith("年"):
        return 6 if hit[1] == "半年" else 12
    number = hit[1].removesuffix("个月").replace("两", "二")
    if number.isdecimal() and number.isascii():
        return int(number)
    return LENGTHS.index(number) + 1 if number in LENGTHS else None
