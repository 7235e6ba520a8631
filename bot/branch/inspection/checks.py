"""What does not agree in a year's minutes; shown, and never mended by itself.

What inspectors name: figures that contradict, absence without a reason, resolutions
without votes, no signature, minutes long after the meeting, texts copied from others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import combinations

from sqlalchemy.orm import Session

from bot.branch.meetings import meetings, resolutions, speeches, turnout
from bot.branch.meetings.meetings import Meeting, State
from bot.calendar.workdays import is_workday

SOON = timedelta(days=30)
ALIKE = 0.8
SHORTEST = 30
"""Characters; less is alike by chance."""


@dataclass(frozen=True)
class Doubt:
    """meeting: by its number; title: which one, in words; what: does not agree."""

    meeting: int
    title: str
    what: str


def find_doubts(
    session: Session, found: Sequence[Meeting], now: datetime
) -> list[Doubt]:
    """List what does not agree in these meetings."""
    doubts = [
        Doubt(each.id, meetings.say(each, now), what)
        for each in found
        if meetings.is_over(each, now)
        for what in _of_one(session, each, now)
    ]
    return [*doubts, *_at_once(session, found, now), *_copied(session, found, now)]


def _of_one(session: Session, meeting: Meeting, now: datetime) -> Iterator[str]:
    people = turnout.list_people(session, meeting, now)
    counted = turnout.count(people, len(meeting.observers))
    away = counted.leave + counted.absent
    if counted.present + away != counted.expected:
        told = f"实到 {counted.present}、请假缺席 {away}"
        yield f"应到 {counted.expected}，{told}，对不上"
    if silent := [each.name for each in people if each.leave and not each.sort]:
        yield f"请假没有写原因：{'、'.join(silent)}"
    host = next((each for each in people if each.member_id == meeting.host_id), None)
    if host and not host.came:
        yield f"主持人{host.name}没有到会记录"
    yield from _of_minutes(session, meeting)
    if not is_workday(meeting.starts_at.astimezone(now.tzinfo).date()):
        yield "开在休息日，请核对日期"


def _of_minutes(session: Session, meeting: Meeting) -> Iterator[str]:
    for each in resolutions.of_meeting(session, meeting):
        if not each.votes_for + each.against + each.abstain:
            yield f"决议“{each.text[:20]}”没有票数"
    if meeting.state != State.LOCKED:
        yield "记录还没有签字锁定"
    written = [note.at for _, note in speeches.list_of(session, meeting)]
    if written and max(written) - meeting.ends > SOON:
        yield "记录是会后三十天以后写的"


def _at_once(
    session: Session, found: Sequence[Meeting], now: datetime
) -> Iterator[Doubt]:
    """Find who is noted as having come to two meetings that were at the same time."""
    over = [each for each in found if meetings.is_over(each, now)]
    over.sort(key=lambda each: (each.starts_at, each.id))
    for one, other in combinations(over, 2):
        if other.starts_at >= one.ends:
            continue
        here = {
            each.name for each in turnout.list_people(session, one, now) if each.came
        }
        there = [
            each.name
            for each in turnout.list_people(session, other, now)
            if each.came and each.name in here
        ]
        if there:
            what = f"同时也在“{meetings.say(one, now)}”：{'、'.join(there)}"
            yield Doubt(other.id, meetings.say(other, now), what)


def _copied(
    session: Session, found: Sequence[Meeting], now: datetime
) -> Iterator[Doubt]:
    """Find minutes of which most stands in another's word for word."""
    texts = {
        each.id: "\n".join(note.text for _, note in speeches.list_of(session, each))
        for each in found
    }
    named = {each.id: each for each in found}
    long = [number for number, text in texts.items() if len(text) >= SHORTEST]
    for one, other in combinations(long, 2):
        if _is_alike(texts[one], texts[other]):
            what = f"发言记录和“{meetings.say(named[one], now)}”八成以上一样"
            yield Doubt(other, meetings.say(named[other], now), what)


def _is_alike(one: str, other: str) -> bool:
    """Tell whether texts are the same for the most part; the quick bounds first."""
    same = SequenceMatcher(None, one, other, autojunk=False)
    bounds = (same.real_quick_ratio, same.quick_ratio, same.ratio)
    return all(bound() >= ALIKE for bound in bounds)
