"""What must hold of records, for `verify`."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.branch.records.kind import WITHDRAWN
from bot.branch.records.tables import Organisation, Record, RecordPerson
from bot.storage.invariants import proof


@proof("记录：人次与合计由它说的人和数得来")
def summed(session: Session) -> Iterator[str]:
    people = (
        select(RecordPerson.record_id, func.count().label("heads"))
        .group_by(RecordPerson.record_id)
        .subquery()
    )
    rows = (
        select(Record)
        .outerjoin(people, people.c.record_id == Record.id)
        .where(
            or_(
                func.coalesce(people.c.heads, 0) < Record.heads,
                Record.total < 0,
                (Record.withdrawn_at.is_not(None)) != (Record.state == WITHDRAWN),
            )
        )
    )
    for row in session.scalars(rows):
        yield f"第 {row.id} 条记录的人数、合计或状态对不上"


@proof("记录：企业是本支部的")
def own_organisation(session: Session) -> Iterator[str]:
    rows = (
        select(Record.id)
        .join(Organisation, Organisation.id == Record.organisation_id)
        .where(Organisation.branch_id != Record.branch_id)
    )
    for number in session.scalars(rows):
        yield f"第 {number} 条记录的企业是别的支部的"
