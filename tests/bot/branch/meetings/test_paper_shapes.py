"""Papers of a year of meetings as they must look: line by line, in `papers/`.

`pytest --update-conversations` writes what is expected anew: read the diff.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import frequency, meetings, papers, prints, sheets
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.tree import Branch, find_branch
from bot.config.settings import Config
from bot.files.print import must_have, print_pdf
from bot.files.xlsx import write_book
from bot.maintenance import upgrade
from bot.storage.database import Storage
from server.demo.meetings import hold_year
from server.demo.sample import Sample
from server.setup.wiring import build_assistant
from tests.bot.branch.meetings import shapes
from tests.conftest import ZONE
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 11, 30, 10, tzinfo=ZONE)
HERE = Path(__file__).with_name("papers")


@pytest.fixture
def year(tmp_path: Path, config: Config, clock: FakeClock) -> Iterator[Session]:
    """The demo's year, in a database of its own."""
    storage = Storage(f"sqlite:///{tmp_path / 'year.db'}")
    upgrade.upgrade(storage)
    clock.set(NOW - timedelta(days=14))
    Sample(NOW.date()).enrol(build_assistant(config, storage=storage, clock=clock))
    with storage.write() as session:
        hold_year(session, Sample.BRANCH, NOW.date(), ZONE)
    with storage.read() as session:
        yield session
    storage.close()


def the_branch(session: Session) -> Branch:
    branch = find_branch(session, Sample.BRANCH)
    assert branch
    return branch


def of_the_year(session: Session) -> list[Meeting]:
    first = NOW.replace(month=1, day=1)
    return list(meetings.within(session, the_branch(session), first, NOW))


def a_general(session: Session) -> Meeting:
    found = select(Meeting).where(Meeting.kind == Kind.GENERAL)
    return session.scalars(found.order_by(Meeting.starts_at)).all()[1]


def of_minutes(session: Session) -> Iterator[str]:
    return shapes.of_docx(papers.write_minutes(session, a_general(session), NOW))


def of_notice(session: Session) -> Iterator[str]:
    return shapes.of_docx(papers.write_notice(session, a_general(session), NOW))


def of_sheet_to_sign(session: Session) -> Iterator[str]:
    values = prints.print_sign_in(session, a_general(session), NOW)
    return shapes.of_pdf(must_have(print_pdf("sheet", values)))


def of_ledger(session: Session) -> Iterator[str]:
    sheet = sheets.ledger(session, of_the_year(session), NOW)
    rows = [sheet.heads, *list(sheet.rows)[:6]]
    yield from ("｜".join(str(cell) for cell in row) for row in rows)
    sheet = sheets.ledger(session, of_the_year(session), NOW)
    yield from shapes.of_xlsx(write_book([sheet]))


def of_leaves(session: Session) -> Iterator[str]:
    sheet = sheets.leave_sheet(session, of_the_year(session), NOW)
    yield from ("｜".join(str(cell) for cell in row) for row in list(sheet.rows)[:4])


def of_meter(session: Session) -> Iterator[str]:
    for each in frequency.check_year(session, the_branch(session), NOW.year, NOW):
        yield f"{each.title} 应 {each.due} 已 {each.held} 缺 {each.missing}"


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("会议记录", of_minutes),
        ("会议通知", of_notice),
        ("签到表", of_sheet_to_sign),
        ("会议台账", of_ledger),
        ("请假汇总", of_leaves),
        ("体检", of_meter),
    ],
)
def test_a_paper_looks_as_it_must(
    name: str,
    write: Callable[[Session], Iterator[str]],
    year: Session,
    pytestconfig: pytest.Config,
) -> None:
    shown, kept = "\n".join(write(year)) + "\n", HERE / f"{name}.txt"
    if pytestconfig.getoption("update_conversations"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(shown, "utf-8")
    assert shown == kept.read_text("utf-8")
