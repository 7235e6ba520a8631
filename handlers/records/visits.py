"""实到: how many of those expected today have come."""

from pathlib import Path

from bot.branch.records import book, search
from bot.branch.records.kinds.visit import PERSONS, VISIT
from bot.branch.records.search import Query
from bot.branch.records.values import values_of
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.slots.measures import find_measure
from bot.understanding.slots.past_day import take_past_day
from handlers.records import preview, visit_steps
from handlers.records.reading import Reader
from handlers.records.view import where

HOW = "例：今天实到18个，讲解王芳。"


@command(
    "visit.arrived",
    help="来了多少人，例：实到 18人",
    phrases=read_beside(Path(VISIT.beside), "visit.arrived"),
    acts=True,
    previewed=True,
    shown=False,
)
def note_arrival(ask: Ask) -> Reply:
    """Write the real number down for the one visit that was expected that day."""
    day = take_past_day(ask.text, ask.now).day
    text = (ask.slots.get("n", "") and ask.text) or ask.words
    count = find_measure(text, PERSONS)
    if count is None:
        raise Refusal(f"实到多少人？{HOW}")
    expected = Query(VISIT, where(ask), day, day, states=("booked",))
    rows = search.find(ask.session, expected)
    if not rows:
        raise Refusal("那天没有约好的参观。没约就来的，例：今天接待了金华职院18人。")
    if len(rows) > 1:
        names = "、".join(
            f"{each.id}. {values_of(ask.session, each)['company']}" for each in rows
        )
        how = f"说“更正接待 {rows[0].id} 实到18人”这样。"
        raise Refusal(f"那天约了 {len(rows)} 批：{names}。{how}")
    row = rows[0]
    heard = Reader(ask, VISIT, ask.text).read(ask.text)
    told = {"real": count.number, "people": heard.values.get("people")}
    visit_steps.note_arrival(ask, row, told)
    line = preview.line(VISIT, row, values_of(ask.session, row), ask)
    undo = "数不对请找支部书记改。"
    if book.may_change(ask.session, row, ask.member, ask.standing):
        undo = f"不对就说“更正接待 {row.id} 实到18人”这样。"
    return Reply(f"记下了：{line}\n{undo}", changed=True)
