"""What is past its time is dropped and counted; what nobody asks for is forgotten."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot import outbox
from bot.inbox import answered, open_questions
from bot.message import Message, Reply, Text
from bot.outbox import Plan, Tally, Window
from bot.outbox.settlement import STALE
from bot.storage import ticks
from bot.storage.ticks import Occasion
from tests.conftest import ZONE
from tests.scheduler.conftest import Tower

NOW = datetime(2026, 3, 14, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(("hours", "refused"), [(1, 1), (5, 0)])
def test_stale_letters_are_refused_with_the_reason(
    tower: Tower, hours: int, refused: int
) -> None:
    plan = Plan("k", "notice", Text("x"), Window(NOW, NOW + timedelta(hours=hours)))
    with tower.assistant.storage.write() as session:
        outbox.put_to(session, plan, "wangfang", None, now=NOW)
    tower.strike("2026-03-14 12:00")
    tower.strike("2026-03-14 12:05")
    with tower.assistant.storage.read() as session:
        assert outbox.tally(session, 1) == Tally(1, 0, refused, 1 - refused)
        reasons = session.scalars(select(outbox.Recipient.reason)).all()
    assert reasons == [STALE if refused else None]


def test_old_answers_questions_and_strokes_are_forgotten(tower: Tower) -> None:
    message = Message("wecom", "wangfang", "m1", text="打卡")
    question = open_questions.Open("choose", "哪一个？", {})
    tower.strike("2026-03-14 10:00")
    with tower.assistant.storage.write() as session:
        answered.remember(session, message, Reply("好"), NOW)
        open_questions.ask(session, message.thread, question, NOW)
    tower.strike("2026-06-14 03:30")
    with tower.assistant.storage.write() as session:
        assert answered.remember(session, message, None, NOW)
        assert session.scalar(select(func.count(open_questions.Question.thread))) == 0
        oldest = session.scalar(select(func.min(Occasion.due)))
        assert oldest
        assert oldest > NOW


def test_a_due_moment_is_remembered_for_sixty_days(tower: Tower) -> None:
    last = NOW - ticks.REMEMBERED_FOR
    with tower.assistant.storage.write() as session:
        for due in (last - timedelta(seconds=1), last, NOW):
            ticks.take(session, "work", due, due)
        ticks.forget_old(session, NOW)
        kept = session.scalars(select(Occasion.due).order_by(Occasion.due)).all()
    assert kept == [last, NOW]
