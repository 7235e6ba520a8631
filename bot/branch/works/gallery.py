"""The works that are shown, as a page hangs them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.branch.people.members import Member, Role, Standing
from bot.branch.records.kinds.call import POPULAR
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, judging, showing


@dataclass(frozen=True)
class Hung:
    """One work on the wall. likes: how many like it."""

    work: Record
    mark: int
    by: str
    statement: str
    likes: int


def hang(session: Session, call: Record, *, outside: bool) -> Sequence[Hung]:
    works = showing.shown(session, call, outside=outside)
    likes = showing.likes_of(session, works)
    return [
        Hung(
            each,
            entries.mark_of(session, each) or 0,
            judging.named(session, each),
            str(each.fields.get("statement") or ""),
            likes.get(each.id, 0),
        )
        for each in works
    ]


def is_popular(session: Session, call: Record) -> bool:
    return values_of(session, call).get("popular") == POPULAR


def sees_all(member: Member, standing: Standing) -> bool:
    """Tell whether somebody sees every work of the branch: the secretary, 纪检委员."""
    post = member.position or ""
    office = standing.role >= Role.COMMITTEE
    return standing.role >= Role.SECRETARY or (
        office and any(each in post for each in WORK.seen_by)
    )
