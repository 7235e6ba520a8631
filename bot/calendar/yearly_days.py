"""A day that returns every year, or comes once: when next, and how many years on."""

from dataclasses import dataclass
from datetime import date

from bot.calendar.party_age import anniversary
from bot.calendar.say import say_day


@dataclass(frozen=True)
class YearlyDay:
    """key: unlike any other's. called: the words by which people mean it.

    since: the year of what it remembers, if that is counted. once: the one year in
    which it comes; None if it returns. deed: what one does on it, for a draft. own: the
    number under which a branch keeps it; None for what the whole country has.
    """

    key: str
    month: int
    day: int
    name: str
    called: tuple[str, ...]
    since: int | None = None
    once: int | None = None
    deed: str = ""
    own: int | None = None

    def next_from(self, today: date) -> date | None:
        """Tell when it comes next, today included; None if it never does again."""
        if self.once:
            day = self._in(self.once)
            return day if day >= today else None
        day = self._in(today.year)
        return day if day >= today else self._in(today.year + 1)

    def between(self, first: date, last: date) -> date | None:
        """Tell when it comes first in a stretch, ends included."""
        day = self.next_from(first)
        return day if day and day <= last else None

    def in_year(self, year: int) -> date | None:
        return self._in(year) if self.once in (None, year) else None

    def years(self, on: date) -> int | None:
        """Count the years since, where that says something."""
        passed = on.year - self.since if self.since else 0
        return passed if passed > 0 else None

    def title(self, on: date) -> str:
        years = self.years(on)
        return f"{self.name}（{years} 周年）" if years else self.name

    def _in(self, year: int) -> date:
        return anniversary(date(2000, self.month, self.day), year)


def draft(day: YearlyDay, on: date) -> str:
    """Write the words that a secretary may start from."""
    deed = day.deed or "具体安排另行通知。"
    return f"{say_day(on)}是{day.title(on)}。{deed}"
