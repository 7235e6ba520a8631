"""What members think of the robot's answers: a thumb, a reason, a word."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.message import Message
from bot.storage.database import Base, Id, insert_new

GOOD, BAD, TAKEN_BACK = 1, 2, 3
OPINIONS = {GOOD: "有用", BAD: "没用"}
REASONS = {1: "答非所问", 2: "不完整", 3: "有错误", 4: "数据不对"}
"""path/101027."""
KEPT_FOR = timedelta(days=180)
MOST_CHARS = 500


class AiBotFeedback(Base):
    """One opinion of one answer; whose it is is not kept.

    answer: the id of the message that was answered.
    """

    __tablename__ = "aibot_feedback"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    answer: Mapped[str] = mapped_column(unique=True)
    opinion: Mapped[int]
    reasons: Mapped[str]
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Opinions:
    good: int
    bad: int
    reasons: Mapping[str, int]


def keep(session: Session, message: Message, now: datetime) -> None:
    """Keep an opinion, in the place of an earlier one of the same answer."""
    told = _read(message)
    answer, opinion = str(told.get("id") or "")[:256], told.get("type")
    if not answer or opinion not in (*OPINIONS, TAKEN_BACK):
        return
    if opinion == TAKEN_BACK:
        session.execute(delete(AiBotFeedback).where(AiBotFeedback.answer == answer))
        return
    given = told.get("inaccurate_reason_list")
    reasons = [REASONS[each] for each in given or () if each in REASONS]
    row = {
        "answer": answer,
        "opinion": opinion,
        "reasons": "、".join(reasons),
        "words": str(told.get("content") or "")[:MOST_CHARS],
        "at": now,
    }
    if not insert_new(session, AiBotFeedback, row):
        same = AiBotFeedback.answer == answer
        session.execute(update(AiBotFeedback).where(same).values(row))


def count(session: Session, since: datetime) -> Opinions:
    rows = session.execute(
        select(AiBotFeedback.opinion, AiBotFeedback.reasons).where(
            AiBotFeedback.at >= since
        )
    ).all()
    opinions = Counter(row.opinion for row in rows)
    reasons = Counter(each for row in rows for each in row.reasons.split("、") if each)
    return Opinions(opinions[GOOD], opinions[BAD], dict(reasons.most_common()))


def list_words(session: Session, since: datetime) -> list[AiBotFeedback]:
    """List the opinions that say something in words, the newest first."""
    said = (AiBotFeedback.at >= since, AiBotFeedback.words != "")
    newest = AiBotFeedback.at.desc()
    return list(session.scalars(select(AiBotFeedback).where(*said).order_by(newest)))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(AiBotFeedback).where(AiBotFeedback.at < now - KEPT_FOR))


def _read(message: Message) -> Mapping[str, Any]:
    told = json.loads(message.fields.get("feedback", "{}"))
    return told if isinstance(told, dict) else {}
