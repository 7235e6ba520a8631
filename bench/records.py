"""100,000 records of a kind: a list, a sum, a sum by company, person, month."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert, select

from bench.figures import Figure
from bot.branch.people.members import Member
from bot.branch.people.tree import find_branch
from bot.branch.records import search
from bot.branch.records.declared import find_kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Organisation, Record, RecordPerson
from bot.maintenance import upgrade
from bot.storage.database import Storage
from tests.conftest import LONG_AGO
from tests.people import BRANCH, enrol_everyone

MANY, COMPANIES, DAYS = 100_000, 300, 3650
BAR = 100
FIRST = date(2016, 1, 1)


def fill(storage: Storage) -> None:
    with storage.write() as session:
        enrol_everyone(session, LONG_AGO)
        branch = find_branch(session, BRANCH)
        assert branch
        ids = session.scalars(select(Member.id)).all()
        names = [
            {"branch_id": branch.id, "name": f"第{n}公司"} for n in range(COMPANIES)
        ]
        session.execute(insert(Organisation), names)
        rows, people = [], []
        for at in range(MANY):
            rows.append(
                {
                    "kind": "service",
                    "branch_id": branch.id,
                    "recorded_by": ids[at % len(ids)],
                    "recorded_at": LONG_AGO,
                    "state": "told",
                    "day": FIRST + timedelta(days=at % DAYS),
                    "organisation_id": 1 + at % COMPANIES,
                    "sort": "技术服务",
                    "level": "无偿" if at % 3 else "有偿",
                    "title": "调试",
                    "amount": 4.0,
                    "heads": 2,
                    "total": 8.0,
                    "fields": {"hours": 4.0, "what": "调试"},
                }
            )
            for place in (1, 2):
                who = ids[(at + place) % len(ids)]
                people.append(
                    {
                        "record_id": at + 1,
                        "member_id": who,
                        "field": "people",
                        "place": place,
                    }
                )
        session.execute(insert(Record), rows)
        session.execute(insert(RecordPerson), people)


def _took(name: str, run: Callable[[], object]) -> Figure:
    begun = perf_counter()
    run()
    return Figure(name, (perf_counter() - begun) * 1000, "ms", BAR)


def measure(folder: Path, now: datetime) -> list[Figure]:
    storage = Storage(f"sqlite:///{folder / 'records.db'}")
    upgrade.upgrade(storage)
    fill(storage)
    with storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        every = Query(find_kind("service"), branch)
        year = Query(every.kind, branch, date(2024, 1, 1), date(2024, 12, 31))
        one = Query(every.kind, branch, organisation="第7公司")
        mine = Query(every.kind, branch, member=1)
        tried: dict[str, Callable[[], object]] = {
            "sum of all": lambda: search.sum_up(session, every),
            "sum of a year": lambda: search.sum_up(session, year),
            "sum of a company": lambda: search.sum_up(session, one),
            "sum of a member": lambda: search.sum_up(session, mine),
            "list": lambda: search.find(session, every, 8),
            "list of a member": lambda: search.find(session, mine, 8),
            "by company": lambda: search.sum_by(session, every, "organisation", 24),
            "by person, a year": lambda: search.sum_by(session, year, "person", 24),
            "by month, a year": lambda: search.sum_by(session, year, "month", 24),
        }
        found = [_took(name, run) for name, run in tried.items()]
    storage.close()
    return found
