"""How long and how much: what people and platforms rely on, in one place.

Each figure here is one that somebody would miss if it changed by itself. Most tests
of a limit ask for it by its name and hold for any; here it is a number.
"""

from collections.abc import Mapping
from datetime import date, time, timedelta
from importlib import import_module
from typing import TypeAlias

import pytest

from bot.branch.duties.deadlines import Ahead
from bot.branch.meetings.kinds import Kind

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
Table: TypeAlias = Mapping[str, Mapping[str, object]]
# From here on a letter says nothing that is still worth hearing.
WORTH_HEARING: Table = {
    "bot.outbox.digests": {"GOOD_FOR": 4 * HOUR},
    "bot.outbox.lapses": {"GOOD_FOR": 3 * DAY},
    "bot.assistant.following": {"REST_GOOD_FOR": HOUR},
    "bot.branch.study.reminder": {"GOOD_FOR": 4 * HOUR, "PLAN_GOOD_FOR": 12 * HOUR},
    "bot.branch.notices.notices": {"GOOD_FOR": 3 * DAY, "WAIT_FOR_APPROVAL": 7 * DAY},
    "bot.branch.notices.chasing": {"GOOD_FOR": 4 * HOUR, "REPORT_WITHIN": 2 * DAY},
    "bot.branch.notices.burden": {"GOOD_FOR": 3 * DAY},
    "bot.branch.reminders.send": {
        "RARE_GOOD_FOR": 3 * DAY,
        "AT_LEAST_GOOD_FOR": 2 * HOUR,
        "TOLD_WITHIN": 7 * DAY,
    },
    "bot.branch.duties.held_back": {"GOOD_FOR": 12 * HOUR},
    "bot.branch.duties.warnings": {"GOOD_FOR": 5 * DAY},
    "bot.branch.duties.observances": {"WARNED_AHEAD": 7 * DAY, "NOON": time(12)},
    "bot.branch.birthdays.greetings": {"MADE_UP_FOR": 7 * DAY},
    "bot.branch.birthdays.weeks": {"GOOD_FOR": 2 * DAY, "AHEAD": 7 * DAY},
    "bot.branch.birthdays.collective_offers": {"GOOD_FOR": 5 * DAY},
    "bot.branch.meetings.letters": {"WAITS": 3 * DAY},
    "bot.branch.meetings.digest": {"GOOD_FOR": 3 * DAY},
    "bot.branch.meetings.life": {"GOOD_FOR": 3 * DAY, "BEFORE": DAY},
}
# How long something is held, remembered or waited for.
HELD: Table = {
    "bot.branch.console.links": {"LASTS": 10 * MINUTE},
    "bot.branch.console.sessions": {
        "IDLE": HOUR,
        "LASTS": 12 * HOUR,
        "TURNS": 30 * MINUTE,
    },
    "bot.branch.console.sendings": {"REMEMBERED_FOR": 2 * DAY},
    "bot.outbox.claims": {
        "CLAIM_LASTS": 3 * MINUTE,
        "RESEND_WITHIN": 177 * MINUTE,
        "RATION_PAUSE": 5 * SECOND,
    },
    "bot.outbox.line": {"LET_PASS": SECOND},
    "bot.outbox.settlement": {
        "BACKOFF": tuple(each * SECOND for each in (5, 15, 60, 300, 900, 1800))
    },
    "bot.outbox.pauses": {"LONGEST": HOUR},
    "bot.outbox.courtesy": {
        "DAYS_BEFORE": 6 * DAY,
        "DIGEST_AT": time(17, 30),
        "NO_END": 3660 * DAY,
    },
    "scheduler.runner": {"STROKE_SECONDS": 5, "SHORT_LOOK": MINUTE},
    "bot.inbox.open_questions": {"LASTS": 30 * MINUTE, "HELD_FOR": 3 * HOUR},
    "bot.inbox.answered": {"REMEMBERED_FOR": 7 * DAY, "PRIVATE_FOR": 10 * MINUTE},
    "bot.inbox.focus": {"LASTS": 12 * HOUR},
    "bot.inbox.callers": {"NOTED_EVERY": HOUR, "FORGOTTEN_AFTER": 30 * DAY},
    "bot.branch.people.binding": {
        "LIVES": 10 * MINUTE,
        "TRIES_LAST": HOUR,
        "TRIES": 5,
        "TRIES_OF_ALL": 100,
    },
    "bot.outbox.awaited": {"GOOD_FOR": 2 * DAY, "ALONE": 3},
    "bot.channels.official": {"WINDOW": 48 * HOUR, "SLACK": HOUR},
    "bot.channels.official.once": {"FRESH": 10 * MINUTE},
    "bot.assistant.past_drafts": {"DONE_FOR": 5 * MINUTE},
    "bot.storage.ticks": {
        "RUN_LASTS": 10 * MINUTE,
        "TRY_AGAIN": 2 * MINUTE,
        "REMEMBERED_FOR": 60 * DAY,
    },
    "bot.channels.tokens": {
        "RENEW_BEFORE": 5 * MINUTE,
        "CLAIM_LASTS": 20 * SECOND,
        "WAIT_STEPS": 400,
    },
    "bot.channels.wecom.write": {"REMEMBER": 4 * 3600, "SPREAD": 3600},
    "bot.channels.robot": {"FETCHED_AFTER": 10 * SECOND},
    "bot.branch.notices.replies": {"ASKED_FOR": 14 * DAY, "TOLD_WITHIN": HOUR},
    "bot.branch.notices.withdrawal": {"RECALLABLE": 24 * HOUR},
    "bot.branch.ballots.voting": {"LONGEST_OPEN": 31 * DAY},
    "bot.branch.records.concerns": {"FIRST": 1, "WHOLE": 5, "KEPT_FOR": 183 * DAY},
    "bot.branch.records.kinds.visit": {"HALF_A_YEAR": 183},
    "bot.branch.records.book": {"FARTHEST": 732 * DAY},
    "bot.branch.records.appointments": {"LASTS": HOUR},
}
# When before or after something else.
APART: Table = {
    "bot.branch.notices.chasing": {
        "OPEN_FOR": 3 * DAY,
        "CHASE_BEFORE": 3 * HOUR,
        "CHASE_AFTER": 2 * HOUR,
        "LEAST_LEFT": HOUR,
        "EVENING": HOUR,
        "LONGEST_LEAD": DAY,
    },
    "bot.branch.duties.deadlines": {
        "AHEAD": {
            "talk": (Ahead(days=14), Ahead(days=3)),
            "review": (Ahead(days=14), Ahead()),
            "cultivation": (Ahead(),),
            "publicity": (Ahead(),),
            "assembly": (Ahead(days=14), Ahead(days=3)),
            "admission": (Ahead(months=1), Ahead(days=7)),
            "probation": (Ahead(months=1), Ahead(), Ahead(days=-14)),
            "approval": (Ahead(months=1), Ahead(days=7)),
            "term": (Ahead(months=6), Ahead(months=3), Ahead(months=1)),
            "life_meeting": (Ahead(months=3), Ahead(months=1)),
            "talks": (Ahead(months=2), Ahead(days=14)),
            "honour": (Ahead(months=2),),
        },
    },
    "bot.branch.reminders.send": {"LATE": 15 * MINUTE, "SOON": 2 * DAY},
    "bot.branch.birthdays.collectives": {
        "CALLED_BEFORE": 15 * MINUTE,
        "OPEN_FOR": 3 * HOUR,
    },
    "bot.branch.meetings.calls": {
        "ANSWER_WITHIN": 12 * HOUR,
        "LEAST": 2 * HOUR,
        "BEFORE": HOUR,
    },
    "bot.branch.meetings.doors": {"OPENS": 30 * MINUTE, "LATE_AFTER": 5 * MINUTE},
    "bot.branch.meetings.leave_letters": {"STILL": 15 * MINUTE},
    "bot.branch.meetings.letters": {
        "DOOR_OPENS": 15 * MINUTE,
        "EVENING": (18, 30),
        "CALLED_LONG": 20 * HOUR,
    },
    "bot.branch.meetings.meetings": {"LASTS": 3 * HOUR},
    "bot.branch.meetings.plans": {"LONGEST_PAST": 366 * DAY},
    "bot.branch.meetings.frequency": {
        "DUE": {
            Kind.GENERAL: (3, 6, 9, 12),
            Kind.LECTURE: (),
            **dict.fromkeys((Kind.LIFE_MEETING, Kind.APPRAISAL), (12,)),
            **dict.fromkeys(
                (Kind.COMMITTEE, Kind.GROUP, Kind.THEME_DAY), tuple(range(1, 13))
            ),
        },
    },
    "bot.branch.meetings.proposing": {
        "LIKELY_OFF": ((5, 1, 5), (10, 1, 7)),
        "WEEK": {
            Kind.COMMITTEE: 0,
            Kind.THEME_DAY: 1,
            Kind.GROUP: 2,
            Kind.GENERAL: 3,
            **dict.fromkeys((Kind.LIFE_MEETING, Kind.APPRAISAL), 4),
        },
    },
    "bot.branch.meetings.school": {"SAME_TERM": 90 * DAY},
    "bot.calendar.recurrence.stretches": {"LATEST_YEAR": 2199},
    "bot.calendar.recurrence.festivals": {"FIRST_YEAR": 1950, "LAST_YEAR": 2098},
    "bot.branch.meetings.digest": {"NINETY_DAYS": 3},
}
# The most, and the fewest.
HOW_MANY: Table = {
    "bot.outbox.claims": {"MOST_LOOKS": 10},
    "bot.outbox.line": {"SINGLES_AT_ONCE": 50},
    "bot.outbox.limits": {"TEXT_BYTES": 2048, "TITLE_CHARS": 36, "TEXT_CHARS": 160},
    "bot.outbox.digests": {"LEAVES": 0},
    "bot.inbox.open_questions": {"MOST_BEFORE": 5},
    "bot.inbox.callers": {"NAME_CHARS": 20},
    "bot.channels.robot": {"PICTURE_BYTES": 2 << 20},
    "bot.channels.wecom.write": {
        "MOST_LINES": 6,
        "LONGEST_ADDRESS": 1024,
        "SHOWN_ADDRESS": 30,
    },
    "bot.branch.study.checkins": {"MAX_NOTE": 500},
    "bot.branch.study.reminder": {"KEY_CHARS": 80, "GREETING_LEAVES": 2},
    "bot.branch.study.hours": {"MAX_TITLE": 60, "FEWEST": 3},
    "bot.branch.study.plans": {"MAX_TEXT": 200},
    "bot.branch.notices.notices": {
        "MAX_TEXT": 4000,
        "TITLE_CHARS": 18,
        "LEAST_TITLE": 4,
        "RECENT": 20,
    },
    "bot.branch.notices.chasing": {"NAMES_SHOWN": 30},
    "bot.branch.notices.burden": {
        "WEEKS": 4,
        "GROWN": 1.5,
        "MANY_NOTICES": 4,
        "MANY_MUTED": 0.2,
    },
    "bot.branch.reminders.reminders": {"LONGEST": 500, "MOST_OF_ONE": 50},
    "bot.branch.reminders.send": {"MOST_TOLD": 8},
    "bot.branch.duties.held_back": {"FEW": 5},
    "bot.branch.duties.deadlines": {"LONG_TERM_YEARS": 5},
    "bot.branch.duties.observances": {"MAX_NAME": 30, "MAX_OWN": 50},
    "bot.branch.duties.warnings": {"MOST_SHOWN": 6},
    "bot.branch.birthdays.plans": {"LONGEST_WORDS": 120},
    "bot.branch.birthdays.weeks": {"MOST_SHOWN": 10},
    "bot.branch.birthdays.notes": {"LONGEST_NOTE": 40},
    "bot.branch.birthdays.collective_offers": {"FEWEST": 2, "QUARTER": 3},
    "bot.branch.people.offices": {"MOST_NAMES": 5},
    "bot.branch.ballots.appraisals": {"MOST": 100},
    "bot.branch.ballots.letters": {"MOST_BUTTONS": 6},
    "bot.branch.ballots.polls": {"LEAST": 5},
    "bot.branch.ballots.voting": {
        "MOST_CHOICES": 20,
        "MOST_POINTS": 100,
        "LONGEST": 40,
    },
    "bot.branch.meetings.attendees": {"LONGEST_NOTE": 2000},
    "bot.branch.meetings.codes": {"DIGITS": 4},
    "bot.branch.meetings.digest": {"MOST": 8},
    "bot.branch.meetings.letters": {"SHOWN": 200},
    "bot.branch.meetings.life": {"LONGEST": 1000},
    "bot.branch.meetings.plan_intake": {"HEADER_DEPTH": 10},
    "bot.branch.meetings.school": {"LONGEST_DAYS": 120, "LONGEST_NAME": 20},
    "bot.branch.meetings.speeches": {"LONGEST": 4000},
    "bot.branch.meetings.turnout": {"NAMES": 30},
    "bot.branch.meetings.year_plan": {"LONGEST": 60},
    "bot.branch.records.book": {"EARLIEST": date(1950, 1, 1)},
    "bot.branch.records.fields": {"LONGEST": 200},
    "bot.branch.records.intake": {"HEADER_DEPTH": 10},
    "bot.branch.records.organisations": {"SHORT": 2},
    "bot.calendar.party_age": {"HONOUR_YEARS": 50},
    "bot.calendar.recurrence.rule": {"EMPTY_STRETCHES": 400},
    "bot.rulebook.money": {"MOST": 100_000_000, "LEAST": 100},
    "bot.assistant.drafts": {"NEAR": 16},
}
TOLD = [
    (module, name, value)
    for table in (WORTH_HEARING, HELD, APART, HOW_MANY)
    for module, values in table.items()
    for name, value in values.items()
]


@pytest.mark.parametrize("module", sorted({module for module, *_ in TOLD}))
def test_how_long_and_how_much(module: str) -> None:
    told = {name: value for where, name, value in TOLD if where == module}
    known = vars(import_module(module))
    assert {name: known[name] for name in told} == told


def test_what_a_platform_takes() -> None:
    known = import_module("bot.outbox.limits")
    assert known.limits_of("wecom") == known.Limits(
        1000, notices_repeats=True, rations=((MINUTE, 30), (HOUR, 1000))
    )
    assert known.limits_of("robot") == known.Limits(rations=((MINUTE, 20),))
    assert known.limits_of("another") == known.Limits(1)
