"""What was said of one time: a day, its hour, and how it is meant."""

from dataclasses import dataclass, field

from bot.understanding.when.clock_times import Clock, Part
from bot.understanding.when.days import DayWord, FestivalDay, WorkdayAhead
from bot.understanding.when.distances import After, Move
from bot.understanding.when.every import Every
from bot.understanding.when.scopes import PointDay, Scope
from bot.understanding.when.weekdays import WeekdayDay

Day = DayWord | FestivalDay | WorkdayAhead | PointDay | WeekdayDay | After

NOT_READ = "这个时间我没完全看懂，请换个说法，例如“下周三下午2点”。"


@dataclass
class Phrase:
    """start and end are places in the cleaned text, reach that of its last word."""

    start: int
    end: int
    reach: int
    days: list[Day] = field(default_factory=list)
    day_range_end: Day | None = None
    scope: Scope | None = None
    scope_range_end: Scope | None = None
    every: Every | None = None
    part: Part | None = None
    clock: Clock | None = None
    end_part: Part | None = None
    end_clock: Clock | None = None
    moves: list[Move] = field(default_factory=list)
    moved_clock: bool = False
    deadline: bool = False
    within: bool = False
    before: bool = False
    since: bool = False
    until: bool = False
    first: "Phrase | None" = None
    last: "Phrase | None" = None
    to: bool = False
    doubt: str | None = None
    doubt_ahead: str | None = None
    adrift: str = ""
    """Words for a day before or after one that is not said: 前一天晚上八点."""

    def places_time(self) -> bool:
        """Whether it holds more than a word like 前 or 左右 that stands alone."""
        parts = (self.days, self.scope, self.every, self.part, self.clock)
        return any(parts) or self.doubt is not None

    def is_empty(self) -> bool:
        return self.start == self.reach
