"""A meeting as `xiangyang meetings show --json` prints it."""

from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from bot.branch.meetings import attendees, meetings, resolutions, turnout
from bot.branch.meetings.frequency import Line
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.turnout import Person
from bot.branch.people.members import Member


def outline(session: Session, meeting: Meeting, now: datetime) -> dict[str, Any]:
    """Give all of a meeting; expected, present: everybody; voters: with a vote."""
    attendees.renew(session, meeting, now)
    people = turnout.list_people(session, meeting, now)
    figures = turnout.count(people, len(meeting.observers))
    sat_in = [each.userid or each.name for each in people if not each.expected]
    return {
        "id": meeting.id,
        "kind": str(meeting.kind),
        "title": meeting.title,
        "at": meeting.starts_at.astimezone(now.tzinfo).isoformat(),
        "place": meeting.place,
        "state": meetings.stage(meeting, now),
        "host": _userid(session, meeting.host_id),
        "recorder": _userid(session, meeting.recorder_id),
        "expected": figures.expected,
        "present": figures.present,
        "voters": figures.voters,
        "voters_present": figures.voters_present,
        "observers": [*sat_in, *meeting.observers],
        "people": [_person(each, now.tzinfo) for each in people if each.expected],
        "agenda": meetings.agenda(session, meeting),
        "resolutions": [
            {
                "text": each.text,
                "for": each.votes_for,
                "against": each.against,
                "abstain": each.abstain,
                "written_for": each.written_for,
                "passed": each.passed,
            }
            for each in resolutions.of_meeting(session, meeting)
        ],
        "late_entry": meeting.late_entry,
        "notice": meeting.notice_id,
    }


def outline_frequency(lines: list[Line]) -> list[dict[str, Any]]:
    """Give the meter of a year."""
    return [
        {
            "kind": str(each.kind),
            "rule": f"{each.rule.text}{each.rule.place}",
            "due": each.due,
            "held": each.held,
            "missing": list(each.missing),
            "applies": each.applies,
        }
        for each in lines
    ]


def _person(each: Person, zone: tzinfo | None) -> dict[str, Any]:
    """Give a line of the list; reason: for the one who may read it, the operator."""
    return {
        "userid": each.userid,
        "state": each.state,
        "reason": f"{each.sort}：{each.why}" if each.why else (each.sort or None),
        "at": each.at and each.at.astimezone(zone).isoformat(),
        "how": each.how or None,
        "name": each.name,
        "leave": each.leave or None,
        "votes": each.votes,
    }


def _userid(session: Session, number: int | None) -> str | None:
    if number is None:
        return None
    return session.get_one(Member, number).userid
