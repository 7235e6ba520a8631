"""The ledger as an xlsx file, read back by another library."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import ledgers, notices, reach, replies
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member, add_member, link
from bot.branch.people.tree import find_branch
from bot.files.xlsx import Sheet, write_book
from bot.message import Picture, unpack
from bot.outbox import Letter, Outcome
from bot.outbox.attachments import Attachment
from tests.conftest import LONG_AGO, ZONE
from tests.fakes.made import AtOnce
from tests.people import BRANCH, find_member

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)


def read(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [list(row) for row in book.get_sheet_by_index(0).to_python()]


@pytest.fixture
def notice(session: Session) -> Notice:
    """A notice that all have but 何雪, who has no account, and =1+1."""
    root = find_branch(session, BRANCH)
    assert root
    link(add_member(session, "=1+1", root, LONG_AGO), "sum")
    lost = find_member(session, "何雪")
    lost.userid = lost.account = None
    session.flush()
    draft = Draft("周五植树", Audience(root.id), choices=("能参加", "请假"))
    desk = Desk(find_member(session, "赵敏"), root)
    notice = notices.publish(session, desk, draft, NOW)
    claim = outbox.claim_batch(session, "wecom", "test", NOW)
    assert claim
    refused = {"sum": "不在应用的可见范围"}
    outbox.settle_batch(session, claim, Outcome("msg", refused), NOW)
    return notice


def answer(session: Session, notice: Notice, member: Member, choice: str) -> None:
    at = NOW + timedelta(hours=1)
    receipt = Receipt(
        notice_id=notice.id, member_id=member.id, at=at, how="text", choice=choice
    )
    replies.acknowledge(session, notice, receipt)


def test_everybody_has_a_row(session: Session, notice: Notice) -> None:
    answer(session, notice, find_member(session, "王芳"), "能参加")
    heads, *rows = read(ledgers.write_ledger(session, notice, NOW))
    assert heads == list(ledgers.HEADS)
    by_name = {str(row[0]): row[1:] for row in rows}
    assert len(rows) == reach.status(session, notice).tally.planned == 7
    assert by_name["王芳"] == [
        "wangfang",
        "已送达",
        "",
        NOW.replace(hour=11, tzinfo=None),
        "能参加",
        "",
    ]
    assert by_name["李伟"] == ["liwei", "已送达", "", "", "", ""]
    assert by_name["何雪"][:3] == ["", "未送达", outbox.ADDRESS_UNKNOWN]
    assert by_name["=1+1"][:3] == ["sum", "未送达", "不在应用的可见范围"]


def test_file_is_sent_once_each_time_it_is_asked_for(
    session: Session, notice: Notice
) -> None:
    to = find_member(session, "赵敏")
    name = ledgers.send_ledger(session, notice, to, AtOnce(), NOW)
    ledgers.send_ledger(session, notice, to, AtOnce(), NOW + timedelta(seconds=1))
    assert name == f"通知台账-{notice.id}-周五植树.xlsx"
    letters = session.scalars(select(Letter).where(Letter.kind == "export")).all()
    assert len(letters) == 2
    content = unpack(letters[0].body)
    assert isinstance(content, Picture)
    assert content.kind == "file"
    kept = session.get_one(Attachment, content.attachment)
    assert kept.content
    assert read(kept.content)[0] == list(ledgers.HEADS)


@pytest.mark.parametrize(
    "value", ["=1+1", "+86", "-1", "@sum", "00123", "3.0", "https://a.cn", "2026-03-02"]
)
def test_text_stays_text(value: str) -> None:
    assert read(write_book([Sheet("表", ("名",), [(value,)])])) == [["名"], [value]]


def test_nothing_is_an_empty_cell_and_long_titles_are_cut() -> None:
    assert read(write_book([Sheet("长" * 40, ("甲", "乙"), [(None, 1)])])) == [
        ["甲", "乙"],
        ["", 1.0],
    ]


@pytest.mark.parametrize(
    ("state", "kept_back", "out", "said"),
    [
        ("pending", False, False, "待发"),
        ("pending", False, True, ledgers.STATES["pending"]),
        ("pending", True, False, "等免打扰结束"),
        ("pending", True, True, "等免打扰结束"),
        ("refused", False, False, ledgers.STATES["refused"]),
        ("delivered", False, True, ledgers.STATES["delivered"]),
    ],
)
def test_how_far_it_is_with_a_person(
    state: str, said: str, *, kept_back: bool, out: bool
) -> None:
    nothing = (None,) * 4
    line = reach.Line(1, "wangfang", "王芳", state, *nothing, kept_back)
    assert ledgers.say_state(line, out=out) == said
