"""Pictures of figures, drawn on the server as SVG, with their table beside.

A picture is for the eye; whoever does not see it reads the table, which says the same.
Nobody is ranked: what is drawn are sums over days, months, kinds and bodies.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy.orm import Session

from bot.branch.meetings.frequency import Line
from bot.branch.notices import receipts
from bot.branch.notices.notices import Notice

WIDE, HIGH, LEFT, FOOT, HEAD = 640, 220, 40, 26, 12
MOST_LABELS, WIDEST = 12, 90


@dataclass(frozen=True)
class Bar:
    """A place in the picture, with what it says."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float
    labelled: bool


@dataclass(frozen=True)
class Chart:
    """title: of picture and table; heads: of the table's two columns.

    points: of a line, "x,y x,y"; "" for bars. top: the highest value.
    """

    title: str
    heads: tuple[str, str]
    bars: Sequence[Bar]
    points: str
    top: float

    wide, high, left, foot, head = WIDE, HIGH, LEFT, FOOT, HEAD

    @property
    def floor(self) -> int:
        return HIGH - FOOT


def draw(
    title: str,
    heads: tuple[str, str],
    rows: Sequence[tuple[str, float]],
    *,
    line: bool = False,
) -> Chart:
    """Place bars, or a line, of (label, value)."""
    top = max([value for _, value in rows], default=0) or 1
    room, floor = WIDE - LEFT, HIGH - FOOT
    step = min(room / max(1, len(rows)), WIDEST)
    every = max(1, -(-len(rows) // MOST_LABELS))
    bars = []
    for number, (label, value) in enumerate(rows):
        high = (floor - HEAD) * value / top
        bars.append(
            Bar(
                label,
                value,
                round(LEFT + number * step + step * 0.15, 1),
                round(floor - high, 1),
                round(step * 0.7, 1),
                round(high, 1),
                number % every == 0,
            )
        )
    points = " ".join(f"{each.x + each.width / 2:.1f},{each.y}" for each in bars)
    return Chart(title, heads, bars, points if line else "", top)


def receipts_chart(session: Session, notice: Notice, now: datetime) -> Chart | None:
    """Draw how many had answered, hour by hour or day by day; None for no answers."""
    hours = receipts.count_by_hour(session, notice.matter)
    if not hours:
        return None
    by_hour = hours[-1][0] - notice.goes_at <= timedelta(days=2)
    form = "%m-%d %H时" if by_hour else "%m-%d"
    counted: Counter[str] = Counter()
    for hour, number in hours:
        counted[f"{hour.astimezone(now.tzinfo):{form}}"] += number
    sums = accumulate(counted.values())
    rows = [(label, float(total)) for label, total in zip(counted, sums, strict=True)]
    return draw("回复的人数", ("到", "已回复"), rows, line=True)


def meter(lines: Sequence[Line]) -> Chart:
    """Draw how many meetings of each kind were held in a year."""
    rows = [(each.title, float(each.held)) for each in lines if each.applies]
    return draw("三会一课已开次数", ("种类", "已开"), rows)


def by_month(title: str, head: str, rows: Sequence[tuple[str, float]]) -> Chart:
    """Draw sums by month, in the order of time."""
    return draw(title, ("月份", head), rows)
