"""A meeting of 5,000: called, signed into; the meters of 2,000 branches."""

from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.branch import BRANCH, write_config
from bench.envelopes import open_answers, seal_checkins, userid
from bench.figures import Figure
from bench.load import drive
from bench.processes import free_port, serving
from bot.branch.meetings import calls, frequency
from bot.branch.meetings.attendees import Attendee
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.plans import Plan
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Category, Member, add_member, ensure_root, link
from bot.branch.people.tree import Branch, plant
from bot.config.load import load_config
from bot.maintenance import upgrade
from bot.storage.database import Storage

CALLED = 5000
BRANCHES = 2000
LINES = 32


def measure(folder: Path, now: datetime) -> list[Figure]:
    config = write_config(folder, "http://127.0.0.1:9")
    storage = Storage(load_config(config).database.address)
    upgrade.upgrade(storage)
    with storage.write() as session:
        root = ensure_root(session, BRANCH)
        for number in range(CALLED):
            member = add_member(session, f"党员{number:04d}", root, now)
            link(member, userid(number))
            member.category = Category.FULL
    call = _call(storage, now)
    meters = _read_meters(storage, now)
    storage.close()
    return [call, *_sign_in(config, now), meters]


def _call(storage: Storage, now: datetime) -> Figure:
    """Call all of them to a meeting whose door is open by then."""
    with storage.write() as session:
        root = ensure_root(session, BRANCH)
        author = session.scalars(select(Member).order_by(Member.id)).first()
        assert author
        plan = Plan(
            Kind.GENERAL,
            root.id,
            starts_at=now + timedelta(minutes=20),
            place="大礼堂",
            agenda=("学习",),
        )
        began = perf_counter()
        calls.call(session, Desk(author, root), plan, now)
        session.flush()
        spent = perf_counter() - began
    return Figure(f"a call to {CALLED:,}, written down", spent, "s", 3)


def _sign_in(config: Path, now: datetime) -> list[Figure]:
    """Sign all of them in, by a word each, through one process."""
    port = free_port()
    requests = seal_checkins(0, CALLED, CALLED, now, ["签到"]).requests
    arguments = f"-m server serve --only web --port {port} --config {config}"
    with serving(arguments.split(), port, config.with_name("doors.log")):
        run = drive(port, requests, LINES)
    wrong = [each for each in open_answers(run.bodies) if "签到好了" not in each]
    if wrong:
        raise AssertionError(f"{len(wrong)} not signed in, the first: {wrong[0]}")
    return [
        Figure("sign-ins, c=32", run.rate, "/s", CALLED / 300, least=True),
        Figure("p99 of sign-ins, c=32", run.percentile(0.99), "ms", 500),
    ]


def _read_meters(storage: Storage, now: datetime) -> Figure:
    """Read the year's meter of every branch, each with a meeting a month."""
    with storage.write() as session:
        _fill_branches(session, now)
    with storage.read() as session:
        every = session.scalars(select(Branch.id).where(Branch.name.like("第%支部")))
        began = perf_counter()
        read = frequency.check_years(session, every.all(), now.year, now)
        spent = perf_counter() - began
    assert len(read) == BRANCHES
    return Figure(f"year's meters of {BRANCHES:,} branches", spent, "s", 2)


def _fill_branches(session: Session, now: datetime) -> None:
    root = ensure_root(session, BRANCH)
    someone = session.scalars(select(Member.id).order_by(Member.id)).first()
    branches = [plant(session, f"第{n}支部", root) for n in range(BRANCHES)]
    first = now.replace(month=1, day=10)
    held: list[dict[str, Any]] = [
        {
            "branch_id": branch.id,
            "kind": Kind.THEME_DAY,
            "title": "主题党日",
            "starts_at": first.replace(month=month),
            "place": "",
            "lecturer": "",
            "state": State.LOCKED,
            "called_by": someone,
            "guests": {},
            "door": "",
            "late_entry": False,
            "why": "",
            "at": now,
        }
        for branch in branches
        for month in range(1, now.month + 1)
    ]
    session.execute(insert(Meeting), held)
    there = [
        {
            "meeting_id": number,
            "member_id": someone,
            "expected": True,
            "votes": True,
            "full": True,
            "came_at": first,
            "how": "text",
            "said_before": "",
        }
        for number in session.scalars(
            select(Meeting.id).where(Meeting.kind == Kind.THEME_DAY)
        )
    ]
    session.execute(insert(Attendee), there)
