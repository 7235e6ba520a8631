"""Ways of saying a time that leave open which is meant."""

from bot.understanding.when.days import DayWord, FestivalDay
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.phrase import Day, Phrase
from bot.understanding.when.scopes import PointDay


def refuse_open_limit(day: Day) -> None:
    """明天前 and 国庆节前 leave open whether that day still counts."""
    if isinstance(day, DayWord | FestivalDay):
        raise Doubt("那一天当天算不算？请说几月几日几点前，或说“最晚”哪天。")


def refuse_year_end(phrase: Phrase) -> None:
    """年底 is a day only as a limit: 年底前."""
    day = phrase.days[0] if phrase.days else None
    scope = day.scope if isinstance(day, PointDay) else None
    if scope is not None and scope.loose and not phrase.deadline:
        raise Doubt("年底是哪一天？请说具体的日期，例如“12月31日”。")


def check_moves(phrase: Phrase) -> None:
    if phrase.clock is None and any(move.distance.minutes for move in phrase.moves):
        raise Doubt("要提前几小时或几分钟，得先有钟点，请把钟点说全。")


def refuse_no_day_to_move(phrase: Phrase) -> None:
    """前一天晚上八点 and 第二天早上 are of a day that must be said."""
    if phrase.adrift and not phrase.days:
        raise Doubt(f"“{phrase.adrift}”是从哪一天算的？请说几月几日。")
