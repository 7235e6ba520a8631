"""Kinds of meetings: what each is called, who comes, which rule tells how often."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    GENERAL = "general"
    COMMITTEE = "committee"
    GROUP = "group"
    LECTURE = "lecture"
    THEME_DAY = "theme_day"
    LIFE_MEETING = "life_meeting"
    APPRAISAL = "appraisal"
    OTHER = "other"


@dataclass(frozen=True)
class Sort:
    """All of a kind. called: words for it; hold: the verb before its name.

    rule: how often, in the rulebook; "" for none.
    """

    kind: Kind
    title: str
    called: re.Pattern[str]
    hold: str = "召开"
    rule: str = ""


SORTS = (
    Sort(
        Kind.LIFE_MEETING,
        "组织生活会",
        re.compile("组织生活会"),
        rule="life.meeting",
    ),
    Sort(
        Kind.APPRAISAL,
        "民主评议党员会",
        re.compile("民主评议(?:党员)?(?:大会|会议?)?|评议会"),
        rule="life.appraisal",
    ),
    Sort(
        Kind.COMMITTEE,
        "支部委员会会议",
        re.compile("支委(?:会议?|扩大会议?)|支部委员会(?:会议)?|委员会会议"),
        rule="meeting.committee",
    ),
    Sort(
        Kind.GROUP,
        "党小组会",
        re.compile("(?:党?小组|[一二三四五六七八九十0-9]组)(?:会议?|学习会)"),
        rule="meeting.group",
    ),
    Sort(Kind.LECTURE, "党课", re.compile("党课"), "上", "meeting.lecture"),
    Sort(
        Kind.THEME_DAY,
        "主题党日",
        re.compile("主题党日(?:活动)?|党日活动?"),
        "开展",
        "meeting.party_day",
    ),
    Sort(
        Kind.GENERAL,
        "支部党员大会",
        re.compile(
            "支部(?:全体)?(?:党员)?大会|党员大会|支部会(?!议室)|大会(?!议室|堂)"
        ),
        rule="meeting.assembly",
    ),
)
OTHER = Sort(Kind.OTHER, "会议", re.compile("会议|活动|会"))
BY_KIND = {each.kind: each for each in (*SORTS, OTHER)}
TITLES = {each.kind: each.title for each in (*SORTS, OTHER)}
# 三会一课 and what stands beside it: wanting quiet does not keep such a call away.
FORMAL = tuple(each.kind for each in SORTS)
ADMISSION = re.compile("接收.{0,8}(?:党员|入党)|吸收.{0,6}党员|转正|转为.{0,4}正式党员")
ELECTION = re.compile("选举|换届|改选|补选|差额选|等额选")


class Matter(StrEnum):
    """What is decided, as far as the rules ask more of it."""

    ORDINARY = "ordinary"
    ADMISSION = "admission"
    ELECTION = "election"


def find_kinds(text: str) -> list[tuple[Kind, tuple[int, int]]]:
    """Find which kinds a text names, in its order, and where."""
    found = [
        (each.kind, hit.span()) for each in SORTS if (hit := each.called.search(text))
    ]
    return sorted(found, key=lambda each: each[1])


def find_kind(text: str) -> tuple[Kind, tuple[int, int]] | None:
    """Find the kind that a text names first."""
    return next(iter(find_kinds(text)), None)


def matter_of(text: str) -> Matter:
    """Tell what a text, an item or a resolution, is about."""
    if ELECTION.search(text):
        return Matter.ELECTION
    return Matter.ADMISSION if ADMISSION.search(text) else Matter.ORDINARY
