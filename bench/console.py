"""The console of a branch of 10,000 with 100,000 records: each page, and one look."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bench.branch import BRANCH, fill, write_config
from bench.envelopes import userid
from bench.figures import Figure
from bot.branch.notices import notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import Audience
from bot.branch.people.members import Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.branch.records.tables import Organisation, Record, RecordPerson
from bot.config.load import load_config
from bot.outbox.letters import Recipient
from bot.storage.database import Storage
from server.setup.wiring import build_assistant
from server.web.rate_limit import add_gate
from tests.server.browser import with_pages
from tests.server.console.visitor import Visitor

PEOPLE, RECORDS, COMPANIES = 10_000, 100_000, 300
BAR, LOOK_BAR, SIZE_BAR = 200, 20, 100
TIMES = 5
PAGES = (
    *("", "notices/", "notices/1", "people/", "people/?words=党员0007", "people/77"),
    *("meetings/", "records/", "records/service/", "records/entry/1", "study/"),
    *("birthdays/", "reminders/", "knowledge/", "quiet/", "audit/", "settings/"),
    *("ballots/", "development/", "notices/templates", "records/talk/"),
    *("records/dues/", "records/pledge/", "records/mark/", "records/concern/new"),
)


def measure(folder: Path, now: datetime) -> list[Figure]:
    path = write_config(folder, "http://127.0.0.1:9")
    fill(path, now, PEOPLE)
    config = with_pages(load_config(path))
    storage = Storage(config.database.address)
    with storage.write() as session:
        _make_secretary(session)
        _send(session, now)
        _record(session, now)
    visitor = Visitor(build_assistant(config, storage=storage))
    steps = count()  # a second for each page: nobody is told to look more slowly
    add_gate(visitor.client.application, clock=lambda: float(next(steps)))
    assert visitor.sign_in(userid(0)).status_code == 303
    found = list(_look_at(visitor))
    storage.close()
    return found


def _make_secretary(session: Session) -> None:
    root = session.scalars(select(Branch).where(Branch.name == BRANCH)).one()
    first = session.scalars(select(Member).order_by(Member.id)).first()
    assert first
    session.add(Grant(member_id=first.id, branch_id=root.id, role=int(Role.SECRETARY)))
    session.flush()


def _send(session: Session, now: datetime) -> None:
    """Send a notice to all of them; it arrived."""
    root = session.scalars(select(Branch).where(Branch.name == BRANCH)).one()
    author = session.scalars(select(Member).order_by(Member.id)).first()
    assert author
    draft = Draft("周三下午开支部大会", Audience(root.id), choices=("能参加", "请假"))
    notices.publish(session, Desk(author, root), draft, now)
    session.flush()
    session.execute(update(Recipient).values(state="delivered", settled_at=now))


def _record(session: Session, now: datetime) -> None:
    root = session.scalars(select(Branch).where(Branch.name == BRANCH)).one()
    ids = session.scalars(select(Member.id).order_by(Member.id)).all()
    named = [{"branch_id": root.id, "name": f"第{n}公司"} for n in range(COMPANIES)]
    session.execute(insert(Organisation), named)
    rows = [
        {
            "kind": "service",
            "branch_id": root.id,
            "recorded_by": ids[at % PEOPLE],
            "recorded_at": now,
            "state": "told",
            "day": date(now.year, 1, 1) + timedelta(days=at % 300),
            "organisation_id": 1 + at % COMPANIES,
            "sort": "技术服务",
            "level": "无偿",
            "title": "调试",
            "amount": 4.0,
            "heads": 1,
            "total": 4.0,
            "fields": {"hours": 4.0, "what": "调试"},
        }
        for at in range(RECORDS)
    ]
    people = [
        {
            "record_id": at + 1,
            "member_id": ids[at % PEOPLE],
            "field": "people",
            "place": 1,
        }
        for at in range(RECORDS)
    ]
    session.execute(insert(Record), rows)
    session.execute(insert(RecordPerson), people)


def _look_at(visitor: Visitor) -> Iterator[Figure]:
    for page in PAGES:
        took, size = _open(visitor, f"/console/{page}")
        yield Figure(f"/console/{page}", took, "ms", BAR)
        if size > SIZE_BAR / 2:
            yield Figure(f"/console/{page}, its size", size, "KB", SIZE_BAR)
    took, _ = _open(visitor, "/console/notices/1/live")
    yield Figure("a look at a notice's live figures", took, "ms", LOOK_BAR)


def _open(visitor: Visitor, path: str) -> tuple[float, float]:
    """Open a page some times; return the median of milliseconds, and its KB."""
    took = []
    for _ in range(TIMES):
        began = perf_counter()
        response = visitor.get(path)
        took.append((perf_counter() - began) * 1000)
        assert response.status_code == 200, (path, response.status_code)
    return median(took), len(response.data) / 1024
