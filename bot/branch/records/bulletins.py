"""简报: what is recorded of a day put into sentences, each with its source.

Nothing is written that nobody recorded: no quotation, no figure of one's own. What is
decided of admissions and elections is internal, and left out. Whoever wrote it reviews
nothing of it; a change after a review has all reviews given anew.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.meetings import meetings, resolutions, turnout
from bot.branch.meetings.kinds import BY_KIND, Matter
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.records import book, search
from bot.branch.records.declared import find_kind
from bot.branch.records.fields import Value
from bot.branch.records.kinds.bulletin import BULLETIN, REVIEWS
from bot.branch.records.parties import is_among
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of, values_of_all
from bot.calendar.say import say_date, say_day
from bot.errors import Refusal
from bot.files.word import Lines, write_paper

SOURCE = re.compile(r"（(?:会议|服务|接待) \d+）")
TOLD_OF = ("service", "visit")
"""Kinds of records that a bulletin may tell of."""
AT_REVIEW = {"draft": "first", "first": "second", "second": "third"}


@dataclass(frozen=True)
class Drafted:
    """A bulletin as the records give it. left_out: what is internal."""

    title: str
    lines: Sequence[str]
    sources: Sequence[str]
    left_out: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def draft(session: Session, branch: Branch, day: date, now: datetime) -> Drafted:
    """Put what is recorded of a day into words. Raises Refusal for a day of nothing."""
    zone = now.tzinfo
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    held = [
        each
        for each in meetings.within(session, branch, first, first + timedelta(days=1))
        if meetings.is_over(each, now)
    ]
    done = _records(session, branch, day)
    if not (held or done):
        told = say_day(day, now.date())
        raise Refusal(
            f"{told}没有记过会议、服务或接待，没有依据不写。先记下来再出简报。"
        )
    lines: list[str] = []
    left_out = 0
    for meeting in held:
        lines += _of_meeting(session, branch, meeting, now)
        left_out += sum(
            each.matter != Matter.ORDINARY
            for each in resolutions.of_meeting(session, meeting)
        )
    lines += [_of_record(row, values, day) for row, values in done]
    sources = [f"会议 {each.id}" for each in held]
    sources += [
        f"{find_kind(row.kind).word or find_kind(row.kind).title} {row.id}"
        for row, _ in done
    ]
    return Drafted(_title(branch, held, done), lines, sources, left_out)


def _records(
    session: Session, branch: Branch, day: date
) -> list[tuple[Record, Mapping[str, Value]]]:
    found: list[Record] = []
    for name in TOLD_OF:
        kind = find_kind(name)
        states = kind.counting
        query = Query(kind, branch, day, day, states=states)
        found += sorted(search.find(session, query), key=lambda row: row.id)
    return list(zip(found, values_of_all(session, found), strict=True))


def _title(
    branch: Branch,
    held: Sequence[Meeting],
    done: Sequence[tuple[Record, Mapping[str, Value]]],
) -> str:
    if held:
        sort = BY_KIND[held[0].kind]
        return f"{branch.name}{sort.hold}{held[0].title}"
    row, values = done[0]
    if row.kind == "visit":
        return f"{branch.name}接待{values['company']}来访"
    return f"{branch.name}党员到{values['company']}开展{values.get('sort', '服务')}"


def _of_meeting(
    session: Session, branch: Branch, meeting: Meeting, now: datetime
) -> Iterator[str]:
    source = f"（会议 {meeting.id}）"
    at = meeting.starts_at.astimezone(now.tzinfo)
    counted = turnout.figures(session, meeting, now)
    where = f"在{meeting.place}" if meeting.place else ""
    sort = BY_KIND[meeting.kind]
    host = session.get(Member, meeting.host_id) if meeting.host_id else None
    led = f"，{host.called}主持" if host else ""
    came = (
        f"，应到 {counted.expected} 人，实到 {counted.present} 人"
        if counted.present
        else ""
    )
    yield (
        f"{say_date(at.date())}，{branch.name}{where}{sort.hold}{meeting.title}"
        f"{led}{came}。{source}"
    )
    if items := meetings.agenda(session, meeting):
        yield f"议题：{'；'.join(items)}。{source}"
    for each in resolutions.of_meeting(session, meeting):
        if each.passed and each.matter == Matter.ORDINARY:
            votes = f"赞成 {each.votes_for}，反对 {each.against}，弃权 {each.abstain}"
            yield f"会议通过：{each.text}（{votes}）。{source}"


def _of_record(row: Record, values: Mapping[str, Value], day: date) -> str:
    kind = find_kind(row.kind)
    source = f"（{kind.short} {row.id}）"
    who = "、".join(name for _, name in values.get("people") or ())
    if row.kind == "visit":
        real = f"{values['real']:g} 人" if values.get("real") else ""
        led = f"，{who}讲解" if who else ""
        what = f"，{values['what']}" if values.get("what") else ""
        return f"{say_date(day)}，{values['company']}{real}来访{what}{led}。{source}"
    what = values.get("what") or values.get("sort") or "服务"
    hours = kind.by_name["hours"].say(values["hours"])
    return f"{say_date(day)}，{who}到{values['company']}{what}，{hours}。{source}"


def review(session: Session, row: Record, by: Member, named: str, now: datetime) -> str:
    """Note the next review; return its title. named: who gave it, if not the speaker.

    Raises Refusal for the writer, and for who has reviewed it already.
    """
    state = AT_REVIEW.get(row.state)
    if state is None:
        raise Refusal(
            f"简报 {row.id} 现在是“{BULLETIN.state_title(row.state)}”，不用再审。"
        )
    values = values_of(session, row)
    who = [None, named] if named else [by.id, by.name]
    if is_among(who, values["people"]):
        raise Refusal("撰稿人不能审自己写的，请别的支委或者领导来审。")
    earlier = [each for name in REVIEWS for each in values.get(name) or ()]
    if is_among(who, earlier):
        raise Refusal(f"{who[1]}已经审过一次了，下一审要换一位。")
    told = {**values, state: [who]}
    book.correct(session, row, told, by.id, now)
    book.move(session, row, state, by.id, now)
    return BULLETIN.by_name[state].title


def reviewers(session: Session, row: Record) -> set[int]:
    """List by number who may not review a bulletin any more: its writers included."""
    values = values_of(session, row)
    told = [each for name in ("people", *REVIEWS) for each in values.get(name) or ()]
    return {number for number, _ in told if number}


def edit(
    session: Session,
    row: Record,
    changed: Mapping[str, Value],
    by: Member,
    now: datetime,
) -> bool:
    """Change a bulletin before it is sent; True if reviews have to be given anew."""
    if row.state not in ("draft", *REVIEWS):
        raise Refusal(f"简报 {row.id} 已经报送了，不能再改。")
    again = row.state != "draft"
    values = {**values_of(session, row), **changed}
    if again:
        values |= dict.fromkeys(REVIEWS)
        book.move(session, row, "draft", by.id, now)
    book.correct(session, row, values, by.id, now)
    return again


def without_sources(text: str) -> str:
    """Give a bulletin as it is published: its sources are for whoever reviews it."""
    return SOURCE.sub("", text)


def write_bulletin(session: Session, row: Record) -> bytes:
    """Write it on paper, with the foot that schools use, and its sources."""
    values = values_of(session, row)
    branch = session.get_one(Branch, row.branch_id)

    def named(field: str) -> str:
        return "、".join(name for _, name in values.get(field) or ()) or "　　　"

    foot = "　".join(
        f"{BULLETIN.by_name[field].title}：{named(field)}"
        for field in ("people", *REVIEWS)
    )
    day = say_date(date.fromisoformat(values["day"]))
    lines = without_sources(values["text"]).split("\n")
    end = [
        "",
        f"（{foot}）",
        f"来源：{branch.name}　{day}",
        f"出处：{values.get('sources') or '　　　'}",
    ]
    return write_paper(values["title"], [Lines(lines), Lines(end, indent=False)])
