"""How records are kept: what is searched has columns of its own, the rest is JSON."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Id
from bot.storage.encrypted import Sealed


class Organisation(Base):
    """A company or school that a branch deals with: one, whatever it is called."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    name: Mapped[str]

    __table_args__ = (UniqueConstraint("branch_id", "name"),)


class OrganisationAlias(Base):
    """Another name that a branch has for one; a name is one's only."""

    __tablename__ = "organisation_alias"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    name: Mapped[str]

    __table_args__ = (UniqueConstraint("branch_id", "name"),)


class Record(Base):
    """One thing that was done or is. kind: of which sort; state: as its kind names it.

    day, amount, sort, level, title: of its first such fields. heads: how many people it
    counts; total: the amount of all of them. fields: the others, no name of a member
    in them. withdrawn_at: taken back; the row stays as the trace.
    """

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    recorded_at: Mapped[datetime]
    state: Mapped[str]
    day: Mapped[date | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sort: Mapped[str | None]
    level: Mapped[str | None]
    title: Mapped[str | None]
    amount: Mapped[float | None]
    heads: Mapped[int]
    total: Mapped[float]
    fields: Mapped[dict[str, Any]]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_record_list", "kind", "branch_id", "withdrawn_at", "day", "id"),
        Index("ix_record_organisation_id_day", "organisation_id", "day"),
        Index("ix_record_recorded_by_kind", "recorded_by", "kind"),
        Index(
            "ix_record_sums",
            *("kind", "branch_id", "withdrawn_at", "day", "sort", "level"),
            *("organisation_id", "heads", "total", "state", "amount"),
        ),
        Index(
            "ix_record_by_organisation",
            *("kind", "branch_id", "withdrawn_at", "organisation_id", "level", "sort"),
            *("state", "day", "heads", "total"),
        ),
    )


class RecordPerson(Base):
    """Somebody a record is about. name: of whom the roster does not know.

    field: as what; place: from 1. confirmed_at: says so herself.
    """

    __tablename__ = "record_person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str | None]
    field: Mapped[str]
    place: Mapped[int]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_record_person_member_id_record_id", "member_id", "record_id"),
        Index("ix_record_person_sums", "record_id", "field", "member_id", "name"),
    )


class RecordPrivate(Base):
    """What of a record is sealed, and goes on a day."""

    __tablename__ = "record_private"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[str]
    value: Mapped[str] = mapped_column(Sealed)
    goes_on: Mapped[date] = mapped_column(index=True)


class RecordChange(Base):
    """What became of a record: who did what, with what it said before."""

    __tablename__ = "record_change"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), index=True
    )
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    act: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class Evidence(Base):
    """A picture or paper that shows it. number: as papers cite it, 服-2026-0012-1."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), index=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
