"""Open questions: what the assistant asked and waits to hear.

One of a conversation is open, the last that was put. What another question comes over
is set aside beneath it, with its own time and office, and is taken up again after it.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    String,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from bot.inbox import focus
from bot.storage.database import Base, Id, put_row, take_turn
from bot.storage.in_list import among
from bot.storage.prepared import Prepared
from bot.storage.together import try_turns

LASTS = timedelta(minutes=30)
HELD_FOR = timedelta(hours=3)
"""How long what somebody wants to think about waits."""
MOST_BEFORE = 5
"""Earlier states of a draft that can be had back."""
BEFORE, UNCLEAR = "before", "unclear"
LAPSED = "lapsed"
REFUSED, NAMED, UNSEEN = 1, 2, 3
"""How stale a question is: the last reply refused what was said of it, only named it,
or was of another matter."""


class Question(Base):
    """stale: 0 or one of `REFUSED`, `NAMED`, `UNSEEN`. said: as what it was shown."""

    __tablename__ = "question"

    thread: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    asked: Mapped[str]
    details: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    role: Mapped[int] = mapped_column(default=1, server_default="1")
    branch_id: Mapped[int | None] = mapped_column(Id)
    passing: Mapped[bool] = mapped_column(default=False, server_default=false())
    stale: Mapped[int] = mapped_column(default=0, server_default="0")
    said: Mapped[str] = mapped_column(default="", server_default="")


class Aside(Base):
    """A question that another came over; the higher its number, the later."""

    __tablename__ = "question_aside"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    thread: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    asked: Mapped[str]
    details: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    role: Mapped[int]
    branch_id: Mapped[int | None] = mapped_column(Id)
    said: Mapped[str]


TABLE = Base.metadata.tables["question"]
_FIELDS = (
    TABLE.c.kind,
    TABLE.c.asked,
    TABLE.c.details,
    TABLE.c.role,
    TABLE.c.branch_id,
    TABLE.c.passing,
    TABLE.c.stale,
    TABLE.c.said,
)
"""In the order of Open's."""
WHAT = (*_FIELDS, TABLE.c.expires_at)
_NAMES = [each.name for each in WHAT]
_STALE, _SAID = WHAT.index(TABLE.c.stale), WHAT.index(TABLE.c.said)
OF_THREAD = TABLE.c.thread == bindparam("of_thread")
_FIND = Prepared(select(*WHAT).where(OF_THREAD))
_TOLD = (
    select(TABLE.c.thread)
    .where(
        among(func.lower(TABLE.c.thread, type_=String()), "threads"),
        TABLE.c.stale < NAMED,
    )
    .with_for_update(skip_locked=True)
)
_LETTER_CAME = Prepared(
    update(TABLE).where(TABLE.c.thread.in_(_TOLD)).values(stale=NAMED)
)


@dataclass
class _Taken:
    """The conversation that this work has to itself, and what was found open in it.

    It is asked several times while a message is answered, and changes only here.
    """

    thread: str
    found: list[tuple[Any, ...] | None] = field(default_factory=list)


@dataclass(frozen=True)
class Open:
    """A question that may still be answered. asked: the words that it was put in.

    role, branch_id: what whoever was asked held, and where; a plain member's question
    has no branch. Who holds less by the time of the answer is not heard. passing: it
    is forgotten as soon as something else comes up. stale: how far the last reply is
    from one that showed it (0), in the order of `REFUSED`, `NAMED`, `UNSEEN`; said:
    the reply that showed it.
    """

    kind: str
    asked: str
    details: dict[str, Any]
    role: int = 1
    branch_id: int | None = None
    passing: bool = field(default=False, compare=False)
    stale: int = field(default=0, compare=False)
    said: str = field(default="", compare=False)

    @property
    def kept(self) -> dict[str, Any]:
        """What was put with it, and nothing of what was said of it since."""
        beside = (BEFORE, UNCLEAR)
        return {each: self.details[each] for each in self.details if each not in beside}

    @property
    def is_draft(self) -> bool:
        """Tell whether it holds something that was written, not only a choice."""
        return BEFORE in self.details

    @property
    def office(self) -> tuple[int, int | None]:
        return self.role, self.branch_id


def ask(
    session: Session,
    thread: str,
    question: Open,
    now: datetime,
    *,
    lasts: timedelta = LASTS,
) -> None:
    """Put a question; it replaces the one that was open."""
    _put(session, thread, (*vars(question).values(), now + lasts))


def put(
    session: Session,
    thread: str,
    question: Open,
    now: datetime,
    *,
    answers: Open | None = None,
) -> None:
    """Put a question over the one that is open, which is set aside.

    answers: the question that this one goes on with, and takes the place of; of one
    kind, the states that a draft had are kept with it.
    """
    if answers is not None:
        if answers.kind == question.kind:
            question = _with_history(question, answers)
    else:
        set_aside(session, thread, now, over=question.kind)
    ask(session, thread, question, now)


def _put(session: Session, thread: str, row: tuple[Any, ...]) -> None:
    """Write the open question, a row of `WHAT`; it is what is found from now on."""
    values = dict(zip(_NAMES, row, strict=True))
    put_row(session, Question, {"thread": thread, **values})
    taken: _Taken | None = session.info.get(_Taken)
    if taken is not None and taken.thread == thread:
        values["details"] = json.loads(json.dumps(values["details"]))  # as it is kept
        taken.found[:] = [tuple(values.values())]


def _with_history(question: Open, last: Open) -> Open:
    if not question.is_draft:
        return question
    before = list(last.details.get(BEFORE, ()))
    if last.kept != json.loads(json.dumps(question.kept)):  # no tuples, as it is kept
        before = [*before, last.kept][-MOST_BEFORE:]
    return replace(question, details={**question.details, BEFORE: before})


def step_back(question: Open) -> Open | None:
    """Give a draft as it was before it was changed last; None if it never was."""
    before = list(question.details.get(BEFORE, ()))
    if not before:
        return None
    return replace(question, details={**before[-1], BEFORE: before[:-1]})


def set_aside(session: Session, thread: str, now: datetime, *, over: str = "") -> None:
    """Set the open question beneath what comes now.

    over: of which kind that is; a passing one, or one of that kind without a draft's
    states, is only passed over.
    """
    row = _find_row(session, thread)
    if row is None:
        return
    *what, expires_at = row
    question = Open(*what)
    close(session, thread)
    again = question.kind == over and not question.is_draft
    if question.passing or again or expires_at <= now:
        return
    kept = {each: getattr(question, each) for each in _KEPT}
    values = {"thread": thread, "expires_at": expires_at, **kept}
    session.execute(insert(Aside).values(values))


_KEPT = ("kind", "asked", "details", "role", "branch_id", "said")


def take_up(session: Session, thread: str, now: datetime) -> Open | None:
    """Open the question again that was set aside last, if it still may be answered."""
    newest = select(Aside).where(Aside.thread == thread).order_by(Aside.id.desc())
    for row in session.scalars(newest).all():
        kept = Open(**{each: getattr(row, each) for each in _KEPT}, stale=NAMED)
        left = row.expires_at - now
        session.delete(row)
        session.flush()
        if left > timedelta(0):
            ask(session, thread, kept, now, lasts=left)
            return kept
    return None


def peek_aside(session: Session, thread: str, now: datetime) -> Open | None:
    """Look at what was set aside last."""
    newest = select(Aside).where(Aside.thread == thread, Aside.expires_at > now)
    row = session.scalars(newest.order_by(Aside.id.desc()).limit(1)).first()
    if row is None:
        return None
    return Open(**{each: getattr(row, each) for each in _KEPT})


def take_thread(session: Session, thread: str) -> None:
    """Have whoever else speaks in a conversation wait until this work is over.

    Whoever would act on an open question does this first. Two answers that come
    together would both find it otherwise, and both would act.
    """
    take_turn(session, _line(thread))
    session.info[_Taken] = _Taken(thread)


def try_threads(
    session: Session, threads: Sequence[str]
) -> Callable[[], Collection[str] | None]:
    """Take conversations as `take_thread` does, but for those that others have.

    Return what tells which are ours; None of all, where one writes at a time.
    """
    lines = {_line(each): each for each in threads}
    found = try_turns(session, list(lines))

    def tell() -> Collection[str] | None:
        ours = found()
        return None if ours is None else {lines[each] for each in ours}

    return tell


def _line(thread: str) -> str:
    return f"thread:{thread}"


def note_found(session: Session, thread: str, row: Sequence[Any] | None) -> None:
    """Note the row of `WHAT` that was found in a conversation that was taken."""
    found = None if row is None else tuple(row)
    session.info[_Taken] = _Taken(thread, [found])


def _find_row(session: Session, thread: str) -> tuple[Any, ...] | None:
    taken: _Taken | None = session.info.get(_Taken)
    if taken is None or taken.thread != thread:
        return _FIND.first(session, of_thread=thread)
    if not taken.found:
        taken.found.append(_FIND.first(session, of_thread=thread))
    return taken.found[0]


def look_again(session: Session) -> None:
    """Forget what was found open: something of this work was undone, or changed it."""
    if taken := session.info.get(_Taken):
        taken.found.clear()


@contextmanager
def on_trial(session: Session) -> Iterator[SessionTransaction]:
    """Have something tried, of which nothing stays unless it is committed within."""
    tried = session.begin_nested()
    try:
        yield tried
    finally:
        if tried.is_active:
            tried.rollback()
            look_again(session)


def find(session: Session, thread: str, now: datetime) -> Open | None:
    row = _find_row(session, thread)
    if row is None:
        return None
    *what, expires_at = row
    return Open(*what) if now < expires_at else None


def note_reply(session: Session, thread: str, *, said: str = "", stale: int) -> None:
    """Note how far the last reply is from the open question, and how it was shown."""
    row = _find_row(session, thread)
    if row is not None:
        *what, expires_at = row
        new = replace(Open(*what), stale=stale, said=said or row[_SAID])
        _put(session, thread, (*vars(new).values(), expires_at))


def note_distance(session: Session, thread: str, *, stale: int) -> None:
    """Note that the last reply was at least so far from the open question."""
    row = _find_row(session, thread)
    if row is not None and row[_STALE] < stale:
        note_reply(session, thread, stale=stale)


def note_unclear(session: Session, thread: str, said: str) -> None:
    """Note what was said of the open question, and asked back: 改到三点.

    A yes is then to what was asked, and does nothing.
    """
    look_again(session)
    row = session.get(Question, thread, populate_existing=True)
    if row is not None:
        row.details = {**row.details, UNCLEAR: said}
        row.stale = UNSEEN
        session.flush()


def note_letter(session: Session, channel: str, users: Sequence[str]) -> None:
    """Note that people were told of something else meanwhile: a letter came.

    Whoever is answering just now is passed over: no conversation waits for a delivery.
    """
    threads = [f"{channel}:{user}".lower() for user in users]
    _LETTER_CAME.run(session, threads=threads)


def hold(session: Session, thread: str, now: datetime) -> None:
    """Let the open question wait longer: whoever was asked wants to think."""
    look_again(session)
    until = now + HELD_FOR
    mine = update(Question).where(Question.thread == thread)
    session.execute(mine.values(expires_at=until, stale=NAMED))


def find_where(
    session: Session, kind: str, path: tuple[str, ...], value: str, now: datetime
) -> tuple[str, Open] | None:
    """Find an open question by what its details hold; also in whose conversation.

    It is read anew each time: who waited for the conversation looks again.
    """
    found = select(Question.thread, *_FIELDS).where(
        Question.kind == kind,
        Question.expires_at > now,
        Question.details[path].as_string() == value,
    )
    row = session.execute(found).first()
    return (row[0], Open(*row[1:])) if row else None


def close(session: Session, thread: str, kind: str = "") -> None:
    """Close the open question; with a kind, all of that kind, also what waits."""
    look_again(session)
    mine = delete(Question).where(Question.thread == thread)
    session.execute(mine.where(Question.kind == kind) if kind else mine)
    if kind:
        of_kind = delete(Aside).where(Aside.thread == thread, Aside.kind == kind)
        session.execute(of_kind)


def close_all(session: Session, thread: str) -> None:
    """Close what is open in a conversation, in whatever case its account is written."""
    look_again(session)
    for table in (Question, Aside):
        session.execute(delete(table).where(func.lower(table.thread) == thread))


def find_lapsed(session: Session, thread: str, now: datetime) -> str:
    """Tell in which words a draft was asked for whose time is over; "" for none."""
    row = _find_row(session, thread)
    if row is not None and Open(*row[:-1]).is_draft:
        return Open(*row[:-1]).asked
    return str((focus.find(session, thread, LAPSED, now) or {}).get("asked", ""))


def forget_old(session: Session, now: datetime) -> None:
    """Forget what is over; of a draft it stays for a while which one that was."""
    look_again(session)
    over: list[Question | Aside] = [
        *session.scalars(select(Aside).where(Aside.expires_at <= now)),
        *session.scalars(select(Question).where(Question.expires_at <= now)),
    ]
    for each in over:
        if BEFORE in each.details:
            focus.note(session, each.thread, LAPSED, {"asked": each.asked}, now)
        session.delete(each)
    session.flush()
