"""Named days: solar observances, lunar festivals and two of the solar terms."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

from lunar_python import Lunar, LunarMonth, Solar

FIRST_YEAR, LAST_YEAR = 1950, 2098
"""The lunar calendar is published and agreed on within these years."""

_SOLAR = {
    "元旦": (1, 1), "妇女节": (3, 8), "学雷锋纪念日": (3, 5), "植树节": (3, 12),
    "全民国家安全教育日": (4, 15), "劳动节": (5, 1), "青年节": (5, 4),
    "儿童节": (6, 1), "建党节": (7, 1), "建军节": (8, 1),
    "抗战胜利纪念日": (9, 3), "教师节": (9, 10), "烈士纪念日": (9, 30),
    "国庆节": (10, 1), "国家宪法日": (12, 4), "一二·九运动纪念日": (12, 9),
    "国家公祭日": (12, 13), "双十一": (11, 11), "双十二": (12, 12),
}  # fmt: skip
_LUNAR = {
    "春节": (1, 1), "元宵节": (1, 15), "端午节": (5, 5), "七夕": (7, 7),
    "中元节": (7, 15), "中秋节": (8, 15), "重阳节": (9, 9), "腊八节": (12, 8),
}  # fmt: skip
_SOLAR_TERMS = {"清明节": "清明", "冬至": "冬至"}
_EVE = "除夕"
_OF_THE_MOON = "农历"
_MONTHS = ("正", *"二三四五六七八九十", "冬", "腊")
_DAYS = (
    *(f"初{one}" for one in "一二三四五六七八九十"),
    *(f"十{one}" for one in "一二三四五六七八九"),
    *("二十", *(f"廿{one}" for one in "一二三四五六七八九"), "三十"),
)

NAMES = {
    "春节": "春节", "大年初一": "春节", "正月初一": "春节", "新春": "春节",
    "除夕": _EVE, "年三十": _EVE, "大年三十": _EVE, "大年夜": _EVE,
    "元宵": "元宵节", "元宵节": "元宵节", "端午": "端午节", "端午节": "端午节",
    "七夕": "七夕", "七夕节": "七夕", "中秋": "中秋节", "中秋节": "中秋节",
    "中元": "中元节", "中元节": "中元节", "七月半": "中元节",
    "重阳": "重阳节", "重阳节": "重阳节", "腊八": "腊八节", "腊八节": "腊八节",
    "清明": "清明节", "清明节": "清明节", "冬至": "冬至",
    "元旦": "元旦", "元旦节": "元旦", "三八": "妇女节", "三八节": "妇女节",
    "妇女节": "妇女节", "三八妇女节": "妇女节", "植树节": "植树节",
    "学雷锋日": "学雷锋纪念日", "学雷锋纪念日": "学雷锋纪念日",
    "国家安全教育日": "全民国家安全教育日",
    "全民国家安全教育日": "全民国家安全教育日",
    "五一": "劳动节", "五一节": "劳动节", "劳动节": "劳动节", "五一劳动节": "劳动节",
    "五四": "青年节", "五四青年节": "青年节", "青年节": "青年节",
    "六一": "儿童节", "儿童节": "儿童节", "六一儿童节": "儿童节",
    "七一": "建党节", "建党节": "建党节", "七一建党节": "建党节",
    "党的生日": "建党节", "建党纪念日": "建党节",
    "八一": "建军节", "建军节": "建军节", "八一建军节": "建军节",
    "抗战胜利纪念日": "抗战胜利纪念日", "抗日战争胜利纪念日": "抗战胜利纪念日",
    "教师节": "教师节", "烈士纪念日": "烈士纪念日",
    "十一": "国庆节", "国庆": "国庆节", "国庆节": "国庆节", "十一国庆": "国庆节",
    "十一国庆节": "国庆节", "宪法日": "国家宪法日", "国家宪法日": "国家宪法日",
    "一二九": "一二·九运动纪念日", "一二·九": "一二·九运动纪念日",
    "公祭日": "国家公祭日", "国家公祭日": "国家公祭日",
    "双十一": "双十一", "双11": "双十一", "双十二": "双十二", "双12": "双十二",
}  # fmt: skip


def lunar_key(month: int, day: int) -> str:
    """Name a day of the lunar year, as a festival is named: 农历8-15."""
    return f"{_OF_THE_MOON}{month}-{day}"


def say_festival(key: str) -> str:
    """Say a day as it is called: 农历八月十五."""
    if not key.startswith(_OF_THE_MOON):
        return key
    month, day = _month_and_day(key)
    return f"{_OF_THE_MOON}{_MONTHS[month - 1]}月{_DAYS[day - 1]}"


def is_solar(key: str) -> bool:
    """Whether it has the same date every year."""
    return key in _SOLAR


def festival_dates(key: str, year: int) -> tuple[date, ...]:
    """All its days in that solar year: mostly one, in some years none or two."""
    if key in _SOLAR:
        return (date(year, *_SOLAR[key]),)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    days = chain(_days_of_year(key, year - 1), _days_of_year(key, year))
    return tuple(day for day in days if day.year == year)


def _days_of_year(key: str, year: int) -> Iterator[date]:
    if key in _SOLAR_TERMS:
        yield _solar_term(_SOLAR_TERMS[key], year)
    elif key == _EVE:
        new_year = _lunar_day(year + 1, 1, 1)
        if new_year is not None:
            yield new_year - timedelta(days=1)
    else:
        found = _lunar_day(year, *_month_and_day(key))
        if found is not None:
            yield found


def _month_and_day(key: str) -> tuple[int, int]:
    if key in _LUNAR:
        return _LUNAR[key]
    month, _, day = key.removeprefix(_OF_THE_MOON).partition("-")
    return int(month), int(day)


@lru_cache(maxsize=1024)
def _lunar_day(year: int, month: int, day: int) -> date | None:
    """Find the solar date; None where that lunar month is one day too short."""
    if day > LunarMonth.fromYm(year, month).getDayCount():
        return None
    return _to_date(Lunar.fromYmd(year, month, day).getSolar())


@lru_cache(maxsize=1024)
def _solar_term(term: str, year: int) -> date:
    terms = Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()
    return _to_date(terms[term]) if term != "冬至" else _winter_solstice(year)


def _winter_solstice(year: int) -> date:
    terms = Solar.fromYmd(year, 12, 31).getLunar().getJieQiTable()
    days = (_to_date(terms[name]) for name in ("冬至", "DONG_ZHI"))
    return next(day for day in days if day.year == year)


def _to_date(solar: Solar) -> date:
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
