"""What a full week kept back, as its secretary reads it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.duties import held_back
from bot.branch.duties.held_back import HeldBack, describe
from bot.branch.people.tree import find_branch
from bot.message import Text, unpack
from bot.outbox import MUTED, WEEK_FULL, Importance, Letter, Plan, Recipient, Window
from tests.conftest import ZONE
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

NAMES = ["甲", "乙", "丙", "丁", "戊", "己", "庚"]
UNTIL = datetime(2026, 3, 3, 17, 20, tzinfo=ZONE)
SINCE, SECOND = UNTIL - held_back.DAY, timedelta(seconds=1)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, "甲（"), (5, "甲、乙、丙、丁、戊（"), (6, "甲、乙、丙、丁、戊等 6 位（")],
)
def test_the_first_five_are_named(number: int, shown: str) -> None:
    assert f"：{shown}" in describe({"study": HeldBack(NAMES[:number])}, 7)


@pytest.mark.parametrize(
    ("waits", "fate"),
    [
        (0, "不再补发"),
        (2, "2 条等傍晚汇总里有位子时一起送，1 条不再补发"),
        (3, "等傍晚汇总里有位子时一起送"),
    ],
)
def test_what_waits_is_told_from_what_does_not_come(waits: int, fate: str) -> None:
    said = describe({"study": HeldBack(["甲", "乙", "甲"], waits)}, 7)
    assert f"· 学习提醒：甲、乙（{fate}）" in said


def keep_back(
    session: Session,
    name: str,
    kind: str,
    at: datetime,
    *,
    waits: bool = True,
    reason: str = WEEK_FULL,
    importance: Importance = Importance.ROUTINE,
) -> None:
    """Queue a letter of the night before and keep it from its reader at a moment."""
    member, night = find_member(session, name), SINCE - timedelta(hours=19)
    window = Window(night, UNTIL + timedelta(days=9))
    plan = Plan(f"{name}{kind}{at}{reason}", kind, Text("词"), window, importance)
    outbox.put_to(session, plan, member.userid, member.id, now=night)
    newest = select(Recipient).order_by(Recipient.id.desc())
    row = session.scalars(newest.limit(1)).one()
    row.reason = reason
    if waits:
        row.held_until = at
    else:
        row.state, row.settled_at = "refused", at
    session.flush()


def test_a_day_is_gathered_by_branch_and_kind(session: Session) -> None:
    """Not the day before or after, other reasons, or what spends nothing."""
    keep_back(session, "李伟", "study", SINCE)
    keep_back(session, "何雪", "study", UNTIL - SECOND, waits=False)
    keep_back(session, "李伟", "reminder", SINCE)
    keep_back(session, "王芳", "study", SINCE)
    keep_back(session, "孙丽", "reminder", SINCE, waits=False)
    keep_back(session, "陈静", "study", UNTIL)
    keep_back(session, "陈静", "study", SINCE - SECOND)
    keep_back(session, "陈静", "study", SINCE, reason=MUTED)
    keep_back(session, "陈静", "digest", SINCE)
    keep_back(session, "陈静", "study", SINCE + SECOND, importance=Importance.NOTICE)
    here, group, there = (
        branch.id
        for name in (BRANCH, GROUP, OTHER_BRANCH)
        if (branch := find_branch(session, name))
    )
    found = held_back.find(session, SINCE, UNTIL)
    assert found == {
        here: {
            "study": HeldBack(["李伟", "何雪"], 1),
            "reminder": HeldBack(["李伟"], 1),
        },
        group: {"study": HeldBack(["王芳"], 1)},
        there: {"reminder": HeldBack(["孙丽"], 0)},
    }
    held_back.tell(session, found, 7, UNTIL, UNTIL)
    held_back.tell(session, found, 7, UNTIL, UNTIL)
    told = session.execute(
        select(Recipient.user, Letter.body, Letter.not_before, Letter.not_after)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.kind == "report")
    )
    ((user, body, first, last),) = told.all()
    assert (user, last - first) == ("zhaomin", timedelta(hours=12))
    said = unpack(body)
    assert isinstance(said, Text)
    assert "· 学习提醒：李伟、何雪、王芳（2 条等" in said.text
    assert "· 设好的提醒：李伟（等傍晚" in said.text
