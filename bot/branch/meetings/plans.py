"""A meeting before it is one: what was said of it, and the words of its call."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.branch.meetings.kinds import BY_KIND, TITLES, Kind, Matter, matter_of
from bot.calendar.say import say_whole_moment
from bot.errors import Refusal

LONGEST_PAST = timedelta(days=366)
MOMENTS = ("starts_at", "ends_at", "answers_by")
LISTS = ("agenda", "sits_in", "guests", "without", "only")


@dataclass(frozen=True)
class Plan:
    """A meeting before it is one. branch: whose it is; sits_in: who is asked beside.

    guests: names of who is asked beside and is not on the roster. without: who is left
    out; only: to whom alone the call goes, () for all whom its kind calls.
    answers_by: by when the caller wants answers, None for the usual time.
    late: it is over, and only recorded.
    """

    kind: Kind
    branch: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    name: str = ""
    agenda: tuple[str, ...] = ()
    lecturer: str = ""
    host: int | None = None
    recorder: int | None = None
    sits_in: tuple[int, ...] = ()
    guests: tuple[str, ...] = ()
    without: tuple[int, ...] = ()
    only: tuple[int, ...] = ()
    answers_by: datetime | None = None
    late: bool = False

    @property
    def title(self) -> str:
        return self.name or TITLES[self.kind]

    @property
    def matter(self) -> Matter:
        """Tell what of it the rules ask most of."""
        return gravest(self.agenda)

    def pack(self) -> dict[str, Any]:
        moments = {name: getattr(self, name) for name in MOMENTS}
        said = {name: at and at.isoformat() for name, at in moments.items()}
        return {**asdict(self), **said}

    @classmethod
    def unpack(cls, values: dict[str, Any]) -> "Plan":
        moments = {
            name: datetime.fromisoformat(at) if (at := values.get(name)) else None
            for name in MOMENTS
        }
        lists = {name: tuple(values.get(name, ())) for name in LISTS}
        return cls(**{**values, **moments, **lists, "kind": Kind(values["kind"])})


def gravest(items: Sequence[str]) -> Matter:
    """Tell of several items what the rules ask most of."""
    found = {matter_of(each) for each in items}
    for each in (Matter.ELECTION, Matter.ADMISSION):
        if each in found:
            return each
    return Matter.ORDINARY


def check_time(plan: Plan, now: datetime) -> datetime:
    """Return when it begins. Raises Refusal for none, or one on the wrong side of now.

    Raises Refusal too for what was so long ago that the year is doubtful.
    """
    if plan.starts_at is None:
        raise Refusal("几点开始？请连日期一起说，例：周三下午两点。")
    if plan.late:
        if plan.starts_at > now:
            raise Refusal("补录的要是已经开过的会。还没开的，直接说“安排会议 …”。")
        if now - plan.starts_at > LONGEST_PAST:
            raise Refusal("一年以前的会不在这里补录，请照档案原样保存。")
    elif plan.starts_at <= now:
        raise Refusal(
            "这个时间已经过去了。要开的会请换一个以后的时间；开过了要补记，"
            "说“补录 …”，例：补录 11月5日下午两点支委会。"
        )
    if plan.ends_at and plan.ends_at <= plan.starts_at:
        raise Refusal("结束时间在开始之前，请再说一次。")
    return plan.starts_at


def describe(plan: Plan, names: dict[int, str], head: str = "") -> str:
    """Write the call: what, when, where, about what, who leads it."""
    sort, at = BY_KIND[plan.kind], plan.starts_at
    lines = [head or f"{sort.hold}{plan.title}"]
    until = f"至{plan.ends_at:%H:%M}" if plan.ends_at else ""
    lines.append(f"时间：{say_whole_moment(at)}{until}" if at else "时间：还没说")
    if plan.place:
        lines.append(f"地点：{plan.place}")
    if len(plan.agenda) == 1:
        lines.append(f"议题：{plan.agenda[0]}")
    elif plan.agenda:
        items = "；".join(f"{n}. {each}" for n, each in enumerate(plan.agenda, 1))
        lines.append(f"议题：{items}")
    if plan.lecturer:
        lines.append(f"主讲：{plan.lecturer}")
    if plan.host in names:
        lines.append(f"主持：{names[plan.host]}")
    return "\n".join(lines)
