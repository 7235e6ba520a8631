"""Which kinds do something besides, and what: one line each."""

from collections.abc import Mapping

from bot.branch.records.kind import Kind
from handlers.records import (
    appointment_rules,
    bulletin_rules,
    checklist_rules,
    concern_rules,
    development_rules,
    dues_rules,
    honour_rules,
    pledge_rules,
    post_rules,
    talk_rules,
    visit_rules,
    work_rules,
)
from handlers.records.special import Apart

APARTS: Mapping[str, Apart] = {
    "appointment": appointment_rules.APART,
    "bulletin": bulletin_rules.APART,
    "call": work_rules.CALL_APART,
    "concern": concern_rules.APART,
    "development": development_rules.APART,
    "dues": dues_rules.APART,
    "honour": honour_rules.APART,
    "mark": checklist_rules.APART,
    "pledge": pledge_rules.APART,
    "post": post_rules.APART,
    "talk": talk_rules.APART,
    "visit": visit_rules.APART,
    "work": work_rules.WORK_APART,
}


def of(kind: Kind) -> Apart:
    return APARTS.get(kind.name, Apart())
