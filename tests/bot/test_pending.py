"""One open question a conversation, for half an hour."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import pending
from bot.pending import Open, Question
from tests.conftest import LONG_AGO as NOW

ASKED = Open("broadcast", "发不发？", {"text": "开会", "step": "confirm"})
OTHER = Open("checkin", "打卡？", {})


@pytest.mark.parametrize(("minutes", "open_"), [(0, True), (29.9, True), (30, False)])
def test_a_question_expires(session: Session, minutes: float, *, open_: bool) -> None:
    pending.ask(session, "wecom:a", ASKED, NOW)
    later = NOW + timedelta(minutes=minutes)
    assert pending.find(session, "wecom:a", later) == (ASKED if open_ else None)


def test_each_conversation_has_its_own(session: Session) -> None:
    pending.ask(session, "wecom:a", ASKED, NOW)
    pending.ask(session, "wecom:b", OTHER, NOW)
    assert pending.find(session, "wecom:a", NOW) == ASKED
    assert pending.find(session, "group:a", NOW) is None
    pending.close(session, "wecom:a")
    pending.close(session, "wecom:a")
    assert pending.find(session, "wecom:a", NOW) is None
    assert pending.find(session, "wecom:b", NOW) == OTHER


def test_a_new_question_replaces_the_old_and_its_time(session: Session) -> None:
    pending.ask(session, "wecom:a", ASKED, NOW)
    later = NOW + timedelta(minutes=20)
    pending.ask(session, "wecom:a", OTHER, later)
    assert pending.find(session, "wecom:a", later + timedelta(minutes=29)) == OTHER


def test_the_expired_are_forgotten(session: Session) -> None:
    pending.ask(session, "wecom:a", ASKED, NOW)
    pending.ask(session, "wecom:b", OTHER, NOW + timedelta(minutes=10))
    pending.forget_old(session, NOW + timedelta(minutes=30))
    assert session.scalar(select(func.count()).select_from(Question)) == 1
