"""What a secretary tells of somebody's way into the Party, or of the branch's year."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.branch.duties.milestones import Step
from bot.branch.duties.steps import FULL
from bot.understanding.when.numbers import read_number

STEPS: tuple[tuple[str, Step | str], ...] = (
    ("谈心谈话", Step.TALKS),
    ("组织生活会", Step.LIFE_MEETING),
    ("公示", Step.PUBLISHED),
    ("预审", Step.EXAMINED),
    ("接收", Step.RECEIVED),
    ("积极分子", Step.ACTIVIST),
    ("发展对象", Step.CANDIDATE),
    ("申请人谈话", Step.MET_APPLICANT),
    ("申请", Step.APPLIED),
    ("考察", Step.REVIEWED),
    ("谈", Step.MET_APPLICANT),
    ("大会", Step.VOTED),
    ("延", Step.EXTENDED),
    ("换届", Step.ELECTED),
    ("转", FULL),
    ("正式党员", FULL),
)
"""A word of what was done → the step; the first that is in it."""
LENGTHS = {"半年": 6, "一年": 12, "1年": 12}
YEARS = {"3": 3, "三": 3, "5": 5, "五": 5}


@dataclass(frozen=True)
class StepSaid:
    """step: a milestone's, or "full" for 转正. months: of an extension by length."""

    step: Step | str
    name: str = ""
    years: int | None = None
    months: int | None = None


def read_step(slots: Mapping[str, str]) -> StepSaid:
    """Read what happened from the slots of a sentence that tells it."""
    step = next(step for word, step in STEPS if word in slots["did"])
    months = LENGTHS.get(slots.get("length", ""))
    if "n" in slots and "半" not in slots["n"]:
        months = read_number(slots["n"])
    years = YEARS.get(slots.get("years", ""))
    return StepSaid(step, slots.get("name", ""), years, months)
