"""What recurs: 每天, 每个工作日, 每月, 每季度第一个月, 每年."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.calendar.recurrence.points import Point
from bot.calendar.recurrence.stretches import Unit
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.scopes import MONTH_OF_QUARTER, read_month_of
from bot.understanding.when.tokens import Rule


@dataclass(frozen=True)
class Every:
    """doubt: what to ask back, where the interval cannot be told for certain."""

    unit: Unit | Literal["workday"]
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    point: Point | None = None
    month_of: int | None = None
    doubt: str | None = None


_TOO_OFTEN = "提醒最密是每天一次，请说每天几点。"
_GAP = "“每隔几天”有两种算法，请说“每两天”“每三天”这样的间隔。"
_LAST = Point("day", (-1,))


def _days(found: re.Match[str]) -> object:
    if found["apart"]:
        count = read_number(found["apart"])
        return Every("day", 2) if count == 1 else Every("day", doubt=_GAP)
    return Every("day", read_number(found["count"]))


def _months(found: re.Match[str]) -> object:
    interval = 2 if found["gap"] else read_number(found["count"] or "1")
    return Every("month", interval, point=_LAST if found["end"] else None)


def _quarters(found: re.Match[str]) -> object:
    point = _LAST if found["end"] else None
    return Every("quarter", point=point, month_of=read_month_of(found))


RULES = (
    Rule(
        rf"每(?:隔)?(?:{NUMBER}|半)?个?(?:小时|钟头|分钟|刻钟)",
        lambda found: Every("day", doubt=_TOO_OFTEN),
    ),
    Rule(
        r"(?<![非数几个一二三四五六七八九十\d])(?:每一?个?|每周|每天|逢)?工作日(?![内前后])",
        lambda found: Every("workday"),
    ),
    Rule(
        rf"每(?:隔(?P<apart>{NUMBER})个?|(?P<count>{NUMBER})个?)[天日](?!后|前|内)",
        _days,
    ),
    Rule(r"隔[天日]", lambda found: Every("day", 2)),
    Rule(
        r"每一?[天日](?:都)?|天天|日日|每(?=[早晚晨夜上中下傍凌清])|每逢(?=[早晚])",
        lambda found: Every("day"),
    ),
    Rule(
        rf"(?:(?P<gap>隔|每隔一)|每(?P<count>{NUMBER})?)个?月(?!\d?[初中上下]旬?)"
        r"(?:月?(?P<end>[底末尾]))?",
        _months,
    ),
    Rule(rf"每一?个?季度?(?:的?{MONTH_OF_QUARTER})?(?P<end>[底末])?", _quarters),
    Rule(r"每一?年", lambda found: Every("year")),
    Rule(
        r"每半年|每半个?月|每两年|每学期|每隔.{0,3}(?:年|月|季度?)",
        lambda found: Every("year", doubt="请说具体是每年（每月）的哪一天、几点。"),
    ),
)
