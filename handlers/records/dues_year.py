"""党费年度表: who owed and paid what, by months; and the receipt of a payment."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import Role, party_branch
from bot.branch.people.send_file import send_file
from bot.branch.people.tree import Branch
from bot.branch.records import dues_months
from bot.branch.records.kinds.dues import DUES
from bot.branch.records.tables import Record
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.errors import Denied, Refusal
from bot.files.print import PDF, Values, must_have, print_pdf
from bot.files.xlsx import XLSX, Sheet, write_book
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.slots.listed_number import number_ahead
from bot.understanding.slots.scope import Scope
from bot.understanding.when import find_period
from handlers.records.view import note_view, sees_all, where

FILE = Path(DUES.beside)
HEADS = (
    *("序号", "姓名", "每月应交（元）"),
    *(f"{month}月" for month in range(1, 13)),
    *("应交合计", "实交合计", "差额"),
)
BLANK = "________"
OTHERS = "别人的党费只有书记和组织委员看得到。您自己的问“我的党费交到几月”。"


@command(
    "dues.year",
    help="一年的党费按人按月的表，上报用",
    phrases=read_beside(FILE, "dues.year"),
    shown=False,
)
def send_year(ask: Ask) -> Reply:
    """Send the table of a year, with what it comes to, for whoever sees all of it."""
    if not sees_all(ask, DUES):
        raise Denied(
            "别人的党费只有书记和组织委员看得到。您自己的问“我的党费交到几月”。"
        )
    branch = where(ask)
    found = find_period(ask.text, ask.now, "past")
    year = found.start.year if found else ask.now.year
    if dues_months.find_begin(ask.session, branch) is None:
        raise Refusal(f"党费台账还没有记过。交了就说“{DUES.example}”。")
    every = name_people(ask.session, Audience(branch.id))
    sheet = year_sheet(ask, branch, year, every)
    name = f"党费年度表-{year}.xlsx"
    content = write_book([sheet])
    note_view(ask, DUES, every)
    send_file(ask.session, name, XLSX, content, ask.member, ask.now)
    said = "，".join(
        f"{head} {value:g} 元"
        for head, value in zip(HEADS[-3:], [*sheet.rows][-1][-3:], strict=True)
        if isinstance(value, int | float)
    )
    return Reply(
        f"发到您手机上了：{name}，{len(every)} 人；{said}。\n"
        "应交按各人报的数算，没报的空着；这里不收钱，转账上交请按上级的办法。",
        changed=True,
    )


def year_sheet(ask: Ask, branch: Branch, year: int, every: Mapping[int, str]) -> Sheet:
    """Write a year by people and months; what nobody told is an empty cell."""
    paid = dues_months.paid_by_months(ask.session, branch)
    told = dues_months.rates(ask.session, branch)
    today = ask.now.date()
    months = [date(year, month, 1) for month in range(1, 13)]
    rows: list[Sequence[object]] = []
    totals = [0.0, 0.0, 0.0]
    for number, name in every.items():
        cells, given = _cells(paid.get(number, {}), months)
        mine = told.get(number, ())
        over = [month for month in months if month <= today]
        owes = [dues_months.owed(mine, month) for month in over]
        due = sum(each for each in owes if each is not None) if any(owes) else None
        now_owed = dues_months.owed(mine, min(months[-1], today))
        left = None if due is None else round(due - given, 2)
        rows.append((len(rows) + 1, name, now_owed, *cells, due, round(given, 2), left))
        of_all = zip(totals, (due, given, left), strict=True)
        totals = [round(sum_ + (each or 0), 2) for sum_, each in of_all]
    last = ("", "合计", None, *[None] * 12, *totals)
    return Sheet(f"{year}年党费", list(HEADS), [*rows, last])


def _cells(
    paid: Mapping[date, Record], months: Sequence[date]
) -> tuple[list[float | None], float]:
    """Part each payment over the months that it is for; return also their sum."""
    cells: list[float | None] = []
    for month in months:
        row = paid.get(month)
        share = None
        if row is not None:
            count = len(list(dues_months.span(row.fields)))
            share = round((row.amount or 0) / count, 2)
        cells.append(share)
    return cells, sum(each or 0 for each in cells)


@command(
    "dues.receipt",
    help="党费收据，按台账里记的打印一张",
    phrases=read_beside(FILE, "dues.receipt"),
    shown=False,
)
def send_receipt(ask: Ask) -> Reply:
    """Send the receipt of a payment that is in the book; it is signed by hand."""
    branch = party_branch(ask.session, ask.member)
    scope = Scope(ask.session, branch)
    who = ask.member
    if (name := ask.slots.get("who", "").strip()) and name in scope.called:
        who = scope.find_member(name)
    if who.id != ask.member.id and ask.standing.role < Role.COMMITTEE:
        raise Denied("收据本人要，或者由书记、委员开。")
    paid = dues_months.paid_by_months(ask.session, branch, who.id).get(who.id, {})
    row = _meant(ask, paid)
    if row is None:
        raise Refusal(f"台账里没有{who.called}的这笔党费，开不出收据。先记，再开。")
    number = f"党费收据-{row.id:04d}"
    values = receipt(branch.name, who.called, row, ask.now)
    content = must_have(ask.made.get(number, partial(print_pdf, "sheet", values)))
    send_file(ask.session, f"{number}.pdf", PDF, content, ask.member, ask.now)
    return Reply(
        f"收据发到您手机上了：{number}.pdf，{row.amount:g} 元。请收款人签字盖章才算数，"
        "章不由我画。",
        changed=True,
    )


def _meant(ask: Ask, paid: Mapping[date, Record]) -> Record | None:
    """Find the payment that is meant: by number, by month, or the last one."""
    number = number_ahead(ask.slots.get("number", ""))
    if number is not None:
        return next((row for row in paid.values() if row.id == number), None)
    of = find_period(ask.slots.get("day", ""), ask.now, "past")
    if of is not None:
        first, last = of.start.date(), of.end.date()
        return next((paid[x] for x in paid if first <= x < last), None)
    return paid[max(paid)] if paid else None


def receipt(branch: str, name: str, row: Record, now: datetime) -> Values:
    """Fill a receipt with what the book has; who took it signs by hand."""
    months = list(dues_months.span(row.fields))
    of = f"{months[0].year}年{months[0].month}月"
    if len(months) > 1:
        of = f"{of}至{months[-1].year}年{months[-1].month}月"
    return {
        "title": "党费收据",
        "blocks": [
            {
                "kind": "lines",
                "lines": [
                    f"编号：{row.id:04d}　　开具日期：{say_date(now.date())}",
                    f"今收到 {branch} 党员 {name} 交来 {of} 党费，"
                    f"人民币 {row.amount:g} 元。",
                    f"收款人：{BLANK}　　交款人：{BLANK}　　（支部章）",
                ],
            }
        ],
    }
