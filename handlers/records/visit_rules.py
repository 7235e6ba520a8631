"""参观接待, as it is told: who is only expected is not counted among who came."""

from dataclasses import replace
from datetime import date

from bot.branch.records import book, search
from bot.branch.records.kinds.visit import VISIT
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.visits import check_room
from bot.calendar.say import say_day
from bot.command import Ask
from bot.storage.encrypted import can_seal
from bot.understanding.slots.written import find_phone
from handlers.records.drafts import Draft
from handlers.records.special import Apart
from handlers.records.view import where
from handlers.records.visit_steps import STEPS


def settle(ask: Ask, draft: Draft) -> Draft:
    """Take the number of who is still to come as a booking."""
    values = dict(draft.values)
    day = values.get("day")
    if day and date.fromisoformat(day) > ask.now.date() and values.get("real"):
        values["booked"] = values.pop("real")
    check_room(ask.session, where(ask), values, draft.of)
    return replace(draft, values=values)


def recorded(ask: Ask, row: Record) -> str:
    """Say who else comes that day, and that a number to call goes by itself."""
    told = []
    values = values_of(ask.session, row)
    if values.get("real"):
        book.move(ask.session, row, "received", ask.member.id, ask.now)
    elif row.day:
        there = Query(VISIT, where(ask), row.day, row.day, states=("booked",))
        others = [each for each in search.find(ask.session, there) if each.id != row.id]
        names = [values_of(ask.session, each)["company"] for each in others]
        if names:
            told.append(f"{say_day(row.day)}还约了：{'、'.join(names)}，请错开时间。")
        told.append(f"来了以后说“实到 18人”，{VISIT.title}才算进人次。")
    if can_seal(ask.session):
        told.append("联系电话只留半年，到期自动清除。")
    elif find_phone(ask.message.text):
        told.append("联系电话没有留：还没有设加密的密钥。")
    return "".join(f"\n{each}" for each in told)


def corrected(ask: Ask, row: Record) -> str:
    """Take whose number is told now as having come."""
    if row.state == "booked" and values_of(ask.session, row).get("real"):
        book.move(ask.session, row, "received", ask.member.id, ask.now)
    return ""


APART = Apart(settle=settle, recorded=recorded, corrected=corrected, steps=STEPS)
