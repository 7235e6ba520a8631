"""Works and evidence in bulk: 10,000 rows imported, a year's pack of 2,000 files."""

import resource
from datetime import datetime
from os import urandom
from pathlib import Path
from time import perf_counter

from sqlalchemy.orm import Session

from bench.figures import Figure
from bot.branch.inspection.handover import write_handover
from bot.branch.inspection.items import Asked
from bot.branch.inspection.pack import write_pack
from bot.branch.people.tree import Branch, find_branch
from bot.branch.records import book, intake
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import add_evidence
from bot.config.load import make_config
from bot.files.xlsx import Sheet, write_book
from bot.maintenance import upgrade
from bot.outbox import attachments
from bot.storage.database import Storage
from tests.conftest import LONG_AGO
from tests.people import BRANCH, enrol_everyone

ROWS, IMPORT_BAR = 10_000, 30
FILES, EACH, PACK_BAR = 2_000, 200 * 1024, 60
GROWS = 200
"""Megabytes that a pack may need beside what is there: its largest file, not all."""
HEADS = ("日期", "服务对象", "人员", "时长", "类别", "内容")


def measure(folder: Path, now: datetime) -> list[Figure]:
    storage = Storage(f"sqlite:///{folder / 'works.db'}")
    upgrade.upgrade(storage)
    with storage.write() as session:
        enrol_everyone(session, LONG_AGO)
    found = [*_import(storage, now), *_pack(storage, folder, now)]
    storage.close()
    return found


def _import(storage: Storage, now: datetime) -> list[Figure]:
    rows = [
        (
            *(f"{now.year}-01-{1 + at % 28:02d}", f"第{at % 200}公司", "王芳", "4"),
            *("", f"调试{at}"),
        )
        for at in range(ROWS)
    ]
    content = write_book([Sheet("服务", HEADS, rows)])
    begun = perf_counter()
    with storage.write() as session:
        teller = Teller(None, _branch(session))
        kind = find_kind("service")
        made = intake.take_in(session, kind, content, "a.xlsx", teller, now)
    took = perf_counter() - begun
    assert len(made) == ROWS
    return [Figure("import of 10,000 rows of an xlsx", took, "s", IMPORT_BAR)]


def _pack(storage: Storage, folder: Path, now: datetime) -> list[Figure]:
    for at in range(FILES // 100):
        with storage.write() as session:
            _show(session, at, now)
    asked_of = {"branch": {"name": BRANCH}}
    config = make_config({"database": {"url": "sqlite:///x.db"}, **asked_of})
    before, begun = _peak(), perf_counter()
    with storage.read() as session, (folder / "pack.zip").open("wb") as out:
        asked = Asked(session, _branch(session), now.year, now, config)
        packed = write_pack(asked, out)
        count = sum(len(files) for _, _, files in packed.items)
    took, grown = perf_counter() - begun, _peak() - before
    assert count >= FILES
    begun = perf_counter()
    with storage.read() as session, (folder / "handover.zip").open("wb") as out:
        write_handover(Asked(session, _branch(session), now.year, now, config), out)
    handed = perf_counter() - begun
    return [
        Figure("pack of a year, 2,000 files of 200 KB", took, "s", PACK_BAR),
        Figure("memory that it adds to the import's peak", grown, "MB", GROWS),
        Figure("换届交接包 of the same", handed, "s", PACK_BAR),
    ]


def _show(session: Session, at: int, now: datetime) -> None:
    """Write a record down with a hundred files that show it."""
    teller = Teller(None, _branch(session))
    told = {"day": f"{now.year}-01-05", "outlet": "报", "title": f"报道{at}"}
    kind = find_kind("media")
    row = book.record(session, kind, kind.grant(told), teller, now)
    for number in range(100):
        name = f"{at}-{number}.jpg"
        kept = attachments.keep(session, name, "image/jpeg", urandom(EACH), now)
        add_evidence(session, row, kept, name, teller, now)


def _branch(session: Session) -> Branch:
    branch = find_branch(session, BRANCH)
    assert branch
    return branch


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
