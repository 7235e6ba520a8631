"""党费, as it is told: of a stretch one payment, and no month is paid twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import party_branch
from bot.branch.records import dues_months
from bot.command import Ask
from bot.errors import Refusal
from handlers.records.drafts import Draft
from handlers.records.special import Apart, Overview
from handlers.records.view import where


def settle(ask: Ask, draft: Draft) -> Draft:
    """Refuse months that the book has already, unless it is the same payment."""
    values = draft.values
    people = values.get("people") or []
    if draft.of is not None or draft.apart or not values.get("day") or not people:
        return draft
    branch = party_branch(ask.session, ask.member)
    number = people[0][0]
    if not values.get("amount") and (owed := _owed(ask, draft, number)):
        draft = replace(draft, values={**values, "amount": owed})
    paid = dues_months.paid_by_months(ask.session, branch, number).get(number, {})
    wanted = dues_months.span(values)
    there = [month for month in wanted if month in paid]
    if not there or date.fromisoformat(values["day"]) == paid[there[0]].day:
        return draft  # the same month is asked about as a twin
    said = "、".join(f"{month.year}年{month.month}月" for month in there)
    known = paid[there[0]].id
    raise Refusal(
        f"{people[0][1]}的 {said} 台账里已经有了（第 {known} 条），没有再记。"
        f"记错了说“更正党费 {known} …”。"
    )


def _owed(ask: Ask, draft: Draft, number: int) -> float:
    """Reckon what is owed for the months told; 0 where nobody told what it is."""
    branch = party_branch(ask.session, ask.member)
    told = dues_months.rates(ask.session, branch, number).get(number, ())
    each = [dues_months.owed(told, month) for month in dues_months.span(draft.values)]
    return sum(one or 0 for one in each) if all(each) else 0.0


MOST_ROWS = 60


def survey(ask: Ask) -> Sequence[Overview]:
    """Lay out which months of this year the book has, by member; nobody is ranked."""
    branch, today = where(ask), ask.now.date()
    begun = dues_months.find_begin(ask.session, branch)
    if begun is None:
        return []
    first = max(begun, today.replace(month=1, day=1))
    months = list(dues_months.months(first, today))
    paid = dues_months.paid_by_months(ask.session, branch)
    every = name_people(ask.session, Audience(branch.id))
    rows = [
        [name, *("有" if month in paid.get(number, {}) else "" for month in months)]
        for number, name in list(every.items())[:MOST_ROWS]
    ]
    notes = ["没记不等于没交，先单独问本人；不能替交、扣缴。"]
    if (more := len(every) - MOST_ROWS) > 0:
        notes.append(f"只列了前 {MOST_ROWS} 人，还有 {more} 人。")
    heads = ["姓名", *(f"{month.month}月" for month in months)]
    return [Overview(f"{today.year} 年党费台账", heads, rows, notes, drawn=True)]


APART = Apart(settle=settle, overview=survey)
