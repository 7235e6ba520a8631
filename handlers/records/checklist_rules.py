"""五个一、七个一 as they are looked through: who has what, and who may confirm it."""

from collections.abc import Sequence

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import Role
from bot.branch.records import checklists
from bot.branch.records.checklists import Done
from bot.branch.records.tables import Record
from bot.calendar.say import say_short_day
from bot.command import Ask
from bot.errors import Denied
from handlers.records.special import Apart, Overview
from handlers.records.view import where

MOST_ROWS = 60


def moving(ask: Ask, row: Record, state: str) -> None:
    """Raise Denied for who confirms what she marked herself."""
    if ask.standing.role < Role.COMMITTEE or row.recorded_by == ask.member.id:
        raise Denied("要由支委确认，自己勾的由别的支委确认。")


def survey(ask: Ask) -> Sequence[Overview]:
    """Lay out each list of the year: its items across, the members down."""
    branch, today = where(ask), ask.now.date()
    every = name_people(ask.session, Audience(branch.id))
    found = []
    for name in checklists.lists(ask.session, branch, today):
        wanted = checklists.items(ask.session, branch, name, today)
        people = list(every)[:MOST_ROWS]
        done = checklists.of_all(ask.session, branch, wanted, people)
        rows = [[every[each], *map(_cell, done[each])] for each in people]
        heads = ["姓名", *(each.title for each in wanted)]
        notes = ["“报”是自报、等支委确认。只给书记和组织、纪检委员看，群里不发。"]
        if (more := len(every) - MOST_ROWS) > 0:
            notes.append(f"只列了前 {MOST_ROWS} 人，还有 {more} 人。")
        found.append(Overview(f"{today.year} 年{name}", heads, rows, notes, drawn=True))
    return found


def _cell(done: Done) -> str:
    if done.exempt:
        return "免"
    if not done.whole:
        return ""
    if done.confirmed < done.item.target:
        return "报"
    return say_short_day(done.days[-1])


APART = Apart(moving=moving, overview=survey)
