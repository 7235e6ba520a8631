"""Visits asked for by people outside, and two groups that would be in one room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.people.members import Member, secretaries
from bot.branch.people.tree import Branch
from bot.branch.records import book, open_pages, search, twins
from bot.branch.records.book import Teller
from bot.branch.records.fields import Choice, Value
from bot.branch.records.kinds.visit import VISIT
from bot.branch.records.open_pages import OpenPage
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import private_of, values_of, values_of_all
from bot.branch.records.words import tell
from bot.calendar.say import say_day
from bot.errors import Refusal
from bot.storage.encrypted import can_seal

AHEAD, FARTHEST = timedelta(days=1), timedelta(days=60)
OPEN_AFTER = timedelta(days=30)
"""How long after its day a visit's own page takes what the visitors thought."""
LONGEST_NAME, LONGEST_WORD, MOST_PEOPLE = 40, 200, 500
WHOLE_DAY = "全天"
TAKEN = "{place}{day}{part}已经约了{company}（接待 {number}），换个地点或者时段。"
ASKED = (
    "有人在网页上约参观：接待 {number}，{company}，{day}{part}，{count} 人{what}。\n"
    "能接说“同意接待 {number}，王芳讲解，地点：数控实训室”，"
    "不能接说“婉拒接待 {number} 那天有考试”。"
)


@dataclass(frozen=True)
class Asked:
    """What somebody outside wrote into the form."""

    company: str
    sort: str
    day: str
    part: str
    count: str
    what: str
    name: str
    phone: str


def ask_for(
    session: Session, page: OpenPage, told: Asked, now: datetime
) -> tuple[Record, OpenPage]:
    """Note what is asked for, and tell the secretaries; return it and its own page.

    Asked for twice it is one. Raises Refusal for what cannot be.
    """
    branch = session.get_one(Branch, page.branch_id)
    values = _read(told, now)
    given = session.get_one(Member, page.given_by)
    if twin := twins.find_twin(session, VISIT, values, branch):
        return twin, page_of(session, twin, given, now)
    contact = f"{told.name} {told.phone}".strip()
    values = {**values, "contact": contact}
    row = book.record(session, VISIT, values, Teller(None, branch), now)
    book.move(session, row, "asked", None, now)
    day = date.fromisoformat(values["day"])
    text = ASKED.format(
        number=row.id,
        company=values["company"],
        day=say_day(day, now.date()),
        part=values.get("part") or "",
        count=f"{values['booked']:g}",
        what=f"，{values['what']}" if values.get("what") else "",
    )
    for each in secretaries(session, branch):
        tell(session, each, f"visit.asked:{row.id}", text, now)
    return row, page_of(session, row, given, now)


def page_of(session: Session, row: Record, by: Member, now: datetime) -> OpenPage:
    """Return the page of one visit, for whoever asked for it."""
    day = row.day or now.date()
    last = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) + OPEN_AFTER
    return open_pages.give(
        session, "visit", row.branch_id, by, now, record_id=row.id, goes_at=last
    )


def _read(told: Asked, now: datetime) -> dict[str, Value]:
    company = " ".join(told.company.split())
    if not 2 <= len(company) <= LONGEST_NAME:
        raise Refusal("请写来访单位的全称。")
    try:
        day = date.fromisoformat(told.day)
    except ValueError:
        raise Refusal("请选来访的日期。") from None
    if not now.date() + AHEAD <= day <= now.date() + FARTHEST:
        raise Refusal(f"请提前 1 天以上、{FARTHEST.days} 天以内预约。")
    if not (told.count.isascii() and told.count.isdecimal() and len(told.count) <= 4):
        raise Refusal("请写来访的人数。")
    if not 0 < int(told.count) <= MOST_PEOPLE:
        raise Refusal(f"一次最多 {MOST_PEOPLE} 人，更多的请电话联系。")
    if not told.name.strip() or not 7 <= len(told.phone.strip()) <= 20:
        raise Refusal("请写联系人和联系电话，方便定下来时联系您。")
    if max(len(told.what), len(told.name)) > LONGEST_WORD:
        raise Refusal(f"每一项最多 {LONGEST_WORD} 字。")
    return {
        "company": company,
        "day": day.isoformat(),
        "sort": _choice("sort", told.sort),
        "part": _choice("part", told.part),
        "booked": float(told.count),
        "what": " ".join(told.what.split()) or None,
    }


def _choice(name: str, said: str) -> str | None:
    field = VISIT.by_name[name]
    assert isinstance(field, Choice)
    return said if said in field.values else field.default or None


def check_room(
    session: Session, branch: Branch, values: Mapping[str, Value], but: int | None
) -> None:
    """Raise Refusal where another group is in the same room at that time.

    but: the record that these values are of.
    """
    place, day = values.get("place"), values.get("day")
    if not (place and day):
        return
    at = date.fromisoformat(day)
    query = Query(VISIT, branch, at, at, states=("booked", "received"))
    rows = [each for each in search.find(session, query) if each.id != but]
    for row, other in zip(rows, values_of_all(session, rows), strict=True):
        if other.get("place") == place and _meet(values.get("part"), other.get("part")):
            raise Refusal(
                TAKEN.format(
                    place=place,
                    day=say_day(at),
                    part=other.get("part") or "",
                    company=other["company"],
                    number=row.id,
                )
            )


def _meet(one: str | None, other: str | None) -> bool:
    """Tell whether two parts of a day are certain to overlap."""
    return bool(one and other) and (one == other or WHOLE_DAY in (one, other))


def phone_of(session: Session, row: Record) -> str:
    """Return whom to call of a visit; "" where nothing is kept, or no more."""
    return private_of(session, row).get("contact", "") if can_seal(session) else ""


def note_opinion(session: Session, row: Record, said: str, now: datetime) -> None:
    """Keep what the visitors thought. Raises Refusal before they were here."""
    words = " ".join(said.split())
    if not words or len(words) > LONGEST_WORD:
        raise Refusal(f"请写下意见，最多 {LONGEST_WORD} 字。")
    if row.day is None or row.day > now.date() or row.state == "off":
        raise Refusal("参观以后再写意见。")
    values = {**values_of(session, row), "opinion": words}
    book.correct(session, row, values, None, now)
