"""A company says whether a service was so: by a page that one of its people opens."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book, open_pages
from bot.branch.records.open_pages import OpenPage
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.words import tell
from bot.calendar.say import say_date
from bot.errors import Refusal

OPEN_FOR = timedelta(days=30)
LONGEST_NAME, LONGEST_WORD = 20, 200
NOT_SO = "{who}说服务 {number} 和实际有出入：{said}。请核对后更正，再给对方确认。"
SO = "{company}（{who}）确认了服务 {number}。{said}"


def open_page(session: Session, row: Record, by: Member, now: datetime) -> OpenPage:
    """Open the page on which a company says it. Raises Refusal where it has."""
    if row.state != "told":
        raise Refusal(f"服务 {row.id} 已经确认过了，不用再确认。")
    return open_pages.give(
        session,
        "service",
        row.branch_id,
        by,
        now,
        record_id=row.id,
        goes_at=now + OPEN_FOR,
    )


def take_word(  # noqa: PLR0913  # who says what of which, and when
    session: Session, page: OpenPage, who: str, said: str, *, so: bool, now: datetime
) -> Record:
    """Take what a company says; the page is closed once it agrees.

    What is not so stays told, and whoever told it hears why. Raises Refusal.
    """
    row = session.get_one(Record, page.record_id)
    book.take_row(session, row)
    if row.state != "told":
        raise Refusal("这次服务已经确认过了，谢谢。")
    name, words = _read(who, said, so=so)
    values = values_of(session, row)
    company = str(values["company"])
    if so:
        word = f"{name}，{say_date(now.date())}，网页确认"
        values |= {"confirmed": word, "opinion": words or values.get("opinion")}
        book.correct(session, row, values, None, now)
        book.move(session, row, "confirmed", None, now)
        open_pages.close(session, "service", row.branch_id, now, record_id=row.id)
        text = SO.format(company=company, who=name, number=row.id, said=words)
    else:
        who = f"{company}（{name}）"
        text = NOT_SO.format(who=who, number=row.id, said=words)
    teller = session.get(Member, row.recorded_by) if row.recorded_by else None
    if teller is not None:
        tell(session, teller, f"service.said:{row.id}:{now.isoformat()}", text, now)
    return row


def _read(who: str, said: str, *, so: bool) -> tuple[str, str]:
    name, words = " ".join(who.split()), " ".join(said.split())
    if not 1 < len(name) <= LONGEST_NAME:
        raise Refusal("请写您的姓名（张工、李经理这样）。")
    if len(words) > LONGEST_WORD:
        raise Refusal(f"意见最多 {LONGEST_WORD} 字。")
    if not so and not words:
        raise Refusal("哪里有出入？请写一句。")
    return name, words
