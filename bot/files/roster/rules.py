"""What cannot be true of one person's dates, and what is worth a second look.

The Party was founded in July 1921. A probation of one year, counted from the meeting
that 入党日期 names (党章第七条), binds those who joined since 1982-09-06; those who
joined from 1969-04-01 to 1977-08-11 had none. A candidate was an activist for a year or
more (《中国共产党发展党员工作细则》 article 13): less is worth a look.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from bot.files.roster.columns import Field
from bot.files.roster.entry import Entry

FOUNDED = date(1921, 7, 1)
PROBATION_FROM = date(1982, 9, 6)
NO_PROBATION = (date(1969, 4, 1), date(1977, 8, 11))
NOT_YET_JOINED = ("入党积极分子", "发展对象")

Remark = tuple[Field, str]


def impossible(entry: Entry, today: date) -> Iterator[Remark]:
    """Every contradiction, with the field to look at first."""
    yield from wrong_joined(entry, today)
    yield from wrong_full_member_since(entry, today)
    yield from wrong_order(entry, today)
    yield from wrong_way(entry, today)
    yield from wrong_term(entry, today)
    if entry.category in NOT_YET_JOINED and (entry.joined or entry.full_member_since):
        yield "category", f"{entry.category}还没有入党，不应有入党日期或转正日期。"


def wrong_joined(entry: Entry, today: date) -> Iterator[Remark]:
    if entry.joined is None:
        return
    if entry.joined < FOUNDED:
        yield "joined", "早于建党（1921 年 7 月）。"
    if entry.joined > today:
        yield "joined", f"晚于今天（{today}）。"


def wrong_full_member_since(entry: Entry, today: date) -> Iterator[Remark]:
    since = entry.full_member_since
    if since is None:
        return
    if since < FOUNDED:
        yield "full_member_since", "早于建党（1921 年 7 月）。"
    if since > today and entry.category != "预备党员":
        yield "full_member_since", f"晚于今天（{today}）。"
    if since <= today and entry.category == "预备党员":
        yield (
            "full_member_since",
            "人员类别是预备党员，转正日期却已经到了：两处有一处不对。",
        )


def wrong_order(entry: Entry, today: date) -> Iterator[Remark]:
    joined, since = entry.joined, entry.full_member_since
    if joined is None or since is None or joined > today:
        return
    if since < joined:
        yield "full_member_since", f"早于入党日期（{joined}）。"
    elif joined >= PROBATION_FROM and since < (earliest := one_year_after(joined)):
        yield (
            "full_member_since",
            f"预备期一年未满：{joined} 入党，最早 {earliest} 转正。",
        )


def wrong_way(entry: Entry, today: date) -> Iterator[Remark]:
    """Tell what cannot be on the way in: an activist first, then a candidate."""
    steps: tuple[tuple[Field, str, date | None], ...] = (
        ("activist_since", "列为积极分子日期", entry.activist_since),
        ("candidate_since", "列为发展对象日期", entry.candidate_since),
        ("joined", "入党日期", entry.joined),
    )
    told = [(field, name, day) for field, name, day in steps if day]
    for field, _, day in told:
        if field != "joined" and day < FOUNDED:
            yield field, "早于建党（1921 年 7 月）。"
        if field != "joined" and day > today:
            yield field, f"晚于今天（{today}）。"
    for (_, name, earlier), (field, _, day) in pairwise(told):
        if day < earlier:
            yield field, f"早于{name}（{earlier}）。"
    if entry.category == "入党积极分子" and entry.candidate_since:
        yield (
            "category",
            "人员类别是入党积极分子，却有列为发展对象日期：两处有一处不对。",
        )


def wrong_term(entry: Entry, today: date) -> Iterator[Remark]:
    begins = entry.term.begins if entry.term else None
    days: tuple[tuple[Field, date | None], ...] = (
        ("elected", entry.elected),
        ("term", begins),
    )
    for field, day in days:
        if day and day < FOUNDED:
            yield field, "早于建党（1921 年 7 月）。"
        if day and day > today:
            yield field, f"晚于今天（{today}）；这里要填上一次换届的日期。"
    if begins and entry.elected and begins != entry.elected:
        yield "term", f"任期从 {begins} 起，换届日期却是 {entry.elected}。"


def doubtful(entry: Entry, today: date) -> Iterator[Remark]:
    """Tell of what is let through but worth a look."""
    joined, since = entry.joined, entry.full_member_since
    activist, candidate = entry.activist_since, entry.candidate_since
    if activist and candidate and candidate < one_year_after(activist):
        yield "candidate_since", f"培养考察不满一年：{activist} 列为积极分子。"
    if entry.category in ("正式党员", "预备党员") and joined is None:
        yield "joined", "没有入党日期，算不出政治生日。"
    if (
        entry.category == "正式党员"
        and joined
        and since is None
        and had_probation(joined)
    ):
        yield "full_member_since", "是正式党员却没有转正日期，算不出党龄。"
    if since and since > today:
        yield "full_member_since", "转正日期还没有到，这次不记；转正后请再导入。"


def had_probation(joined: date) -> bool:
    first, last = NO_PROBATION
    return not first <= joined <= last


def one_year_after(day: date) -> date:
    """Go to the same day of the next year; 29 February gives 28 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
