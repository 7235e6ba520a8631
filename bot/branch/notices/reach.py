"""Whom a notice has reached: the figures, the names, and the row of everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, not_, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.receipts import LOOK, Receipt
from bot.branch.people.members import Member
from bot.outbox import Letter, People, Recipient, Tally
from bot.outbox.routes import UNTIL_HEARD


@dataclass(frozen=True)
class Line:
    """One planned person in the ledger."""

    member_id: int | None
    userid: str | None
    name: str
    state: str
    reason: str | None
    acknowledged_at: datetime | None
    choice: str | None
    note: str | None
    kept_back: bool


STATES = ("delivered", "refused", "pending")
LINE = (
    Recipient.member_id,
    Recipient.user,
    func.coalesce(Member.called, Recipient.user),
    Recipient.state,
    Recipient.reason,
    case((Receipt.how != LOOK, Receipt.at)),
    Receipt.choice,
    Receipt.note,
    (Recipient.state == "pending") & (Recipient.held_until < UNTIL_HEARD),
)
"""What a `Line` is read from."""


@dataclass(frozen=True)
class Status:
    """What became of a notice.

    kept_back: for how many of the pending it waits until they want to hear again.
    opened: how many opened its page and have not answered.
    author_aside: its author is among the planned and has not answered, nor needs to.
    gone: how many it reached, or is to, who left the roster without an answer.
    """

    notice: Notice
    tally: Tally
    kept_back: int
    acknowledged: int
    opened: int
    choices: dict[str, int]
    author_aside: bool
    gone: int


@dataclass(frozen=True)
class Names:
    """How many, and the names of the first few; people: their ids, if in the roster."""

    number: int
    first: Sequence[str]
    people: Sequence[int] = ()

    def __str__(self) -> str:
        shown = "、".join(self.first)
        more = self.number > len(self.first)
        return f"{shown} 等 {self.number} 人" if more else shown


def status(session: Session, notice: Notice) -> Status:
    """Count what became of a notice, everybody planned looked at once."""
    told, look = counts(notice), Receipt.how == LOOK
    answers = notice.answers if notice.asking else ()
    owing = and_(Recipient.state != "refused", not_(func.coalesce(told, false())))
    asked = _asked(notice)
    kept_back = func.count().filter(Recipient.held_until < UNTIL_HEARD)
    rows = planned(
        session,
        notice,
        *(func.count().filter(Recipient.state == each).label(each) for each in STATES),
        kept_back.label("kept_back"),
        func.count().filter(told).label("acknowledged"),
        func.count().filter(look, asked).label("opened"),
        func.count().filter(owing, _wrote(notice)).label("author"),
        func.count().filter(owing, asked, ~_here()).label("gone"),
        *(func.count().filter(told, Receipt.choice == each) for each in answers),
    )
    found = session.execute(rows).one()
    chosen = zip(answers, found[len(found) - len(answers) :], strict=True)
    return Status(
        notice,
        Tally(
            outbox.count_planned(session, notice.topic),
            found.delivered,
            found.refused,
            found.pending,
        ),
        found.kept_back,
        found.acknowledged,
        found.opened,
        {each: number for each, number in chosen if number},
        found.author > 0,
        found.gone,
    )


def planned(
    session: Session,
    notice: Notice,
    *columns: Any,
    receipt: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """Select of everybody planned, with his or her receipt where there is one.

    receipt: which receipts; None for any, a mere look too. The letters are named: of
    a topic PostgreSQL cannot tell that its letters are few, and reads all there are.
    """
    return (
        select(*columns)
        .select_from(Recipient)
        .outerjoin(Member, Member.id == Recipient.member_id)
        .outerjoin(Receipt, _theirs(notice) if receipt is None else receipt)
        .where(Recipient.letter_id.in_(outbox.letters_of(session, notice.topic)))
    )


def _planned(session: Session, notice: Notice, *columns: Any) -> Select[Any]:
    """Select of everybody planned, with the receipt that counts where there is one."""
    return planned(session, notice, *columns, receipt=_answered(notice))


def _theirs(notice: Notice) -> ColumnElement[bool]:
    """Match the receipt of whoever is planned: an answer, or a look."""
    of_matter = Receipt.notice_id == notice.matter
    return of_matter & (Receipt.member_id == Recipient.member_id)


def who_chose(
    session: Session, notice: Notice, choice: str
) -> Sequence[tuple[str, str | None, int | None]]:
    """List who gave an answer, by name, with the reason, and who that is."""
    name = func.coalesce(Member.called, Recipient.user)
    rows = _planned(session, notice, name, Receipt.note, Recipient.member_id)
    found = session.execute(
        rows.where(Receipt.choice == choice).order_by(Receipt.at, Recipient.id)
    )
    return [(who, note, number) for who, note, number in found]


def ledger(session: Session, notice: Notice) -> list[Line]:
    """List every planned person with what became of the notice."""
    rows = session.execute(planned(session, notice, *LINE).order_by(Recipient.id))
    return [Line(*row) for row in rows]


def _answered(notice: Notice) -> ColumnElement[bool]:
    """Match somebody's receipt that counts."""
    return _theirs(notice) & counts(notice)


def counts(notice: Notice) -> ColumnElement[bool]:
    """Match the receipts that count: no look; where it asks, one of the choices."""
    told = Receipt.how != LOOK
    return told & Receipt.choice.in_(notice.answers) if notice.asking else told


def silent(session: Session, notice: Notice, few: int) -> Names:
    """Count who owes an answer and was not refused; name the first few."""
    rows = _unanswered(session, notice, _asked(notice), _here())
    number = session.scalars(rows.with_only_columns(func.count())).one()
    return _name_few(session, rows, number, few)


def _unanswered(
    session: Session, notice: Notice, *who: ColumnElement[bool]
) -> Select[str]:
    """Select who of some was not refused and has not answered."""
    name = func.coalesce(Member.called, Recipient.user)
    return _planned(session, notice, name).where(
        Recipient.state != "refused",
        Receipt.member_id.is_(None),
        *who,
    )


def owes(notice: Notice) -> ColumnElement[bool]:
    """Match who is asked for an answer, and neither was refused nor has left."""
    return (Recipient.state != "refused") & _asked(notice) & _here()


def _here() -> ColumnElement[bool]:
    """Match who has not left; an account that the roster does not know has not."""
    return func.coalesce(Member.state, "active") == "active"


def _wrote(notice: Notice) -> ColumnElement[bool]:
    return Recipient.member_id == notice.author_id


def _asked(notice: Notice) -> ColumnElement[bool]:
    """Match whom a notice asks.

    Nobody owes an answer to what he wrote himself, or to what leaves him out since.
    """
    gone = notice.audience.get("without_members", ())
    theirs = func.coalesce(Recipient.member_id, 0).not_in(gone)
    return Recipient.member_id.is_distinct_from(notice.author_id) & theirs


def silent_with(session: Session, notice: Notice, few: int) -> Names:
    """Count who got the notice and has not acknowledged it; name the first few."""
    rows = silent_people(notice).add_columns(func.min(Member.called))
    every = [name for *_, name in session.execute(rows)]
    return Names(len(every), every[:few])


def refused(session: Session, notice: Notice, few: int) -> dict[str, Names]:
    """Count whom the notice could not reach by reason; name the first few of each."""
    return _name_by(
        session, notice, Recipient.reason, few, Recipient.state == "refused"
    )


def awaiting(session: Session, notice: Notice, few: int) -> dict[str, Names]:
    """Count for whom it waits until they say a word, by why nothing reaches them."""
    waits = (Recipient.state == "pending", Recipient.held_until == UNTIL_HEARD)
    return _name_by(session, notice, Recipient.reason, few, *waits)


def detoured(session: Session, notice: Notice, few: int) -> dict[str, Names]:
    """Count whom it reached by another way than the first, by why not by that."""
    told = (Recipient.state == "delivered", Recipient.detour.is_not(None))
    return _name_by(session, notice, Recipient.detour, few, *told)


def _name_by(
    session: Session,
    notice: Notice,
    why: Any,
    few: int,
    *which: ColumnElement[bool],
) -> dict[str, Names]:
    rows = (
        select(func.coalesce(Member.called, Recipient.user))
        .select_from(Recipient)
        .outerjoin(Member, Member.id == Recipient.member_id)
        .where(
            Recipient.letter_id.in_(outbox.letters_of(session, notice.topic)), *which
        )
    )
    counts = session.execute(rows.with_only_columns(why, func.count()).group_by(why))
    return {
        reason or "": _name_few(session, rows.where(why == reason), number, few)
        for reason, number in counts.all()
    }


def _name_few(session: Session, rows: Select[str], number: int, few: int) -> Names:
    whose = rows.add_columns(Recipient.member_id).order_by(Recipient.id).limit(few)
    found = session.execute(whose).all()
    return Names(
        number,
        [name for name, _ in found],
        [member for _, member in found if member is not None],
    )


def lost_enclosures(session: Session, notice: Notice) -> list[str]:
    """List why pictures or files did not arrive where the text did."""
    reasons = (
        select(Recipient.reason)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Recipient.state == "refused", Recipient.reason.is_not(None))
        .distinct()
    )
    of_text = reasons.where(Letter.topic == notice.topic)
    lost = reasons.where(
        Letter.topic == notice.enclosed_topic, Recipient.reason.not_in(of_text)
    )
    return [reason for reason in session.scalars(lost) if reason]


def silent_people(notice: Notice) -> People:
    """Select whom a notice, or one of its matter, reached and who owes an answer."""
    of_matter = select(func.concat("notice:", Notice.id)).where(
        (Notice.id == notice.matter) | (Notice.corrects == notice.matter),
        Notice.state == State.SENT,
    )
    return (
        select(Recipient.member_id, Recipient.user)
        .join(Letter, Letter.id == Recipient.letter_id)
        .join(Member, Member.id == Recipient.member_id)
        .outerjoin(Receipt, _answered(notice))
        .where(
            Letter.topic.in_(of_matter) | (Letter.topic == notice.topic),
            Recipient.state == "delivered",
            Receipt.member_id.is_(None),
            Member.state == "active",
            _asked(notice),
        )
        .group_by(Recipient.member_id, Recipient.user)
        .order_by(func.min(Recipient.id))
    )
