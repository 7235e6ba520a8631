"""The branch's own knowledge: passages with their source, found by what they say.

Whoever belongs to a branch finds what it, and every branch above it, has put down.
The pieces a passage is found by are rows of a table: the same SQL on every database.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256

from sqlalchemy import ForeignKey, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import progress
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.files.documents import Passage
from bot.storage.database import Base, Id, hold, take
from bot.storage.invariants import proof
from bot.text.search_keys import grams_asked, grams_of

EVIDENCE = 0.55
"""The share of a question, by weight, that a passage must hold to answer it."""
UNKNOWN = 0.8
TITLE_LONGEST = 120
NOT_THERE = "没有第 {number} 条知识。发“支部知识”看编号。"


class Source(Base):
    """Where passages come from: a file, or what somebody with the right to told us."""

    __tablename__ = "knowledge"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    title: Mapped[str]
    is_file: Mapped[bool]
    digest: Mapped[str]
    added_by: Mapped[int | None] = mapped_column(Id)
    added_at: Mapped[datetime]


class Kept(Base):
    """One passage of a source."""

    __tablename__ = "passage"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge.id", ondelete="CASCADE"), index=True
    )
    place: Mapped[str]
    text: Mapped[str]


class Gram(Base):
    """That a passage holds a pair of characters, or a word."""

    __tablename__ = "passage_gram"

    gram: Mapped[str] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(
        ForeignKey("passage.id", ondelete="CASCADE"), primary_key=True, index=True
    )


@dataclass(frozen=True)
class Quote:
    """A passage that answers, and how much of the question it holds (0 to 1)."""

    text: str
    title: str
    place: str
    is_file: bool
    added_at: datetime
    score: float

    def cited(self, zone: tzinfo | None) -> str:
        """Quote it, with the line that tells where it stands and since when."""
        where = f"《{self.title}》" if self.is_file else "支部书记录入"
        place = f"“{self.place}”" if self.place else ""
        day = self.added_at.astimezone(zone)
        return f"{self.text}\n出处：{where}{place}（{say_date(day)}加入支部知识）"


@dataclass(frozen=True)
class Entry:
    """What is to be kept. title: a document's name, or the question answered."""

    title: str
    passages: Sequence[Passage]
    is_file: bool = False


def told(text: str, title: str = "") -> Entry:
    """Make an entry of what somebody said; without a title, under its first words."""
    return Entry(title or text, [Passage("", text.strip())])


def add(
    session: Session, branch: Branch, entry: Entry, by: Member | None, now: datetime
) -> Source | None:
    """Keep an entry; a document in place of an earlier one of its name.

    None if the branch has exactly this already. by: None for the operator.
    """
    hold(session, Branch, branch.id)
    title, digest = _title(entry.title), _digest(entry.passages)
    same = select(Source).where(
        Source.branch_id == branch.id,
        Source.title == title,
        Source.is_file == entry.is_file,
    )
    for old in session.scalars(same).all():
        if old.digest == digest:
            return None
        if entry.is_file:
            remove(session, old)
    source = Source(
        branch_id=branch.id,
        title=title,
        is_file=entry.is_file,
        digest=digest,
        added_by=by.id if by else None,
        added_at=now,
    )
    return _keep(session, source, entry.passages)


def change(
    session: Session, source: Source, text: str, by: Member, now: datetime
) -> Source:
    """Put another text in place of one that was told; its number stays."""
    if source.is_file:
        raise Refusal("这是文件，改好文件后重新导入即可；也可以删掉。")
    passages = [Passage("", text.strip())]
    if not take(session, source):
        raise Refusal(NOT_THERE.format(number=source.id))
    session.execute(delete(Kept).where(Kept.source_id == source.id))
    source.title, source.digest = _title(text), _digest(passages)
    source.added_by, source.added_at = by.id, now
    return _keep(session, source, passages)


def remove(session: Session, source: Source) -> None:
    session.delete(source)
    session.flush()


def find(session: Session, branch: Branch, number: int) -> Source:
    """Find a source of the branch or below it; raises Refusal."""
    found = session.scalar(
        select(Source)
        .join(Branch, Branch.id == Source.branch_id)
        .where(Source.id == number, Branch.path.startswith(branch.path))
    )
    if found is None:
        raise Refusal(NOT_THERE.format(number=number))
    return found


def every(session: Session, branch: Branch) -> Sequence[Source]:
    """List the sources of a branch and those below it, the latest first."""
    return session.scalars(
        select(Source)
        .join(Branch, Branch.id == Source.branch_id)
        .where(Branch.path.startswith(branch.path))
        .order_by(Source.added_at.desc(), Source.id.desc())
    ).all()


def text_of(session: Session, source: Source) -> str:
    texts = select(Kept.text).where(Kept.source_id == source.id).order_by(Kept.id)
    return "\n".join(session.scalars(texts))


def search(
    session: Session, branch: Branch, question: str, limit: int = 1
) -> list[Quote]:
    """List the passages that a member of the branch may read and that answer."""
    asked = grams_asked(question)
    holding = _holding(session, branch, asked)
    if not holding:
        return []
    held = Counter(gram for grams in holding.values() for gram in grams)
    weights = _weigh(_count(session, branch), asked, held)
    total = sum(weights.values())
    scores = {
        key: sum(weights[gram] for gram in grams) / total
        for key, grams in holding.items()
    }
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    sure = [key for key in best if scores[key] >= EVIDENCE]
    return [_quote(session, key, scores[key]) for key in sure]


def _holding(session: Session, branch: Branch, asked: set[str]) -> dict[int, set[str]]:
    """Find which pieces of a question each readable passage holds."""
    found: dict[int, set[str]] = {}
    rows = session.execute(
        select(Gram.passage_id, Gram.gram)
        .join(Kept, Kept.id == Gram.passage_id)
        .join(Source, Source.id == Kept.source_id)
        .where(Source.branch_id.in_(_above(branch)), Gram.gram.in_(asked))
    )
    for passage, gram in rows:
        found.setdefault(passage, set()).add(gram)
    return found


def _weigh(passages: int, asked: set[str], held: Counter[str]) -> dict[str, float]:
    """Weigh each piece by how few passages hold it; what none holds, a little less."""
    return {
        gram: math.log(1 + passages / (max(1, held[gram]) + 0.5))
        * (1 if held[gram] else UNKNOWN)
        for gram in asked
    }


def _count(session: Session, branch: Branch) -> int:
    counted = (
        select(func.count(Kept.id))
        .join(Source, Source.id == Kept.source_id)
        .where(Source.branch_id.in_(_above(branch)))
    )
    return session.scalar(counted) or 0


def _above(branch: Branch) -> list[int]:
    return [int(part) for part in branch.path.split("/") if part]


def _quote(session: Session, passage: int, score: float) -> Quote:
    kept = session.get_one(Kept, passage)
    source = session.get_one(Source, kept.source_id)
    return Quote(
        kept.text, source.title, kept.place, source.is_file, source.added_at, score
    )


def _keep(session: Session, source: Source, passages: Sequence[Passage]) -> Source:
    session.add(source)
    session.flush()
    for passage in progress.each("收知识", passages):
        kept = Kept(source_id=source.id, place=passage.place, text=passage.text)
        session.add(kept)
        session.flush()
        grams = _found_by(source, kept)
        rows = [{"gram": gram, "passage_id": kept.id} for gram in grams]
        if rows:
            session.execute(insert(Gram), rows)
    return source


def _found_by(source: Source, kept: Kept) -> set[str]:
    words = f"{kept.place}\n{kept.text}"
    return grams_of(words if source.is_file else f"{words}\n{source.title}")


def _title(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LONGEST else f"{line[: TITLE_LONGEST - 1]}…"


def _digest(passages: Iterable[Passage]) -> str:
    written = "\0".join(f"{each.place}\1{each.text}" for each in passages)
    return sha256(written.encode()).hexdigest()


@proof("支部知识：内容没有变样，每段话都查得到")
def findable(session: Session) -> Iterator[str]:
    """Cut every passage anew and compare: what was cut is all that it is found by."""
    for source in session.scalars(select(Source).order_by(Source.id)).all():
        kept = session.scalars(
            select(Kept).where(Kept.source_id == source.id).order_by(Kept.id)
        ).all()
        if _digest([Passage(each.place, each.text) for each in kept]) != source.digest:
            yield f"第 {source.id} 条知识的内容与登记时不同"
        for each in kept:
            grams = select(Gram.gram).where(Gram.passage_id == each.id)
            if set(session.scalars(grams)) != _found_by(source, each):
                yield f"第 {source.id} 条知识的第 {each.id} 段查不全"
        session.expunge_all()
