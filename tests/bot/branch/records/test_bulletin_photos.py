"""A bulletin's photos: only those about which somebody said that they may be shown."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from bot.branch.records import bulletin_photos, bulletins
from bot.branch.records.book import Teller
from bot.branch.records.evidence import add_evidence
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.errors import Refusal
from bot.outbox import attachments
from tests.bot.branch.records.test_lists import person, put
from tests.bot.branch.records.test_search import NOON, branch_of
from tests.people import find_member

DAY = NOON.date().isoformat()


def picture() -> bytes:
    content, exif = BytesIO(), Image.Exif()
    exif[0x0110] = "XiangyangCamera"
    Image.new("RGB", (40, 30), "red").save(content, "JPEG", exif=exif)
    return content.getvalue()


def shown(session: Session, row: Record, name: str, content: bytes) -> None:
    kept = attachments.keep(session, name, "image/jpeg", content, NOON)
    teller = Teller(find_member(session, "王芳"), branch_of(session))
    add_evidence(session, row, kept, name, teller, NOON)


@pytest.fixture
def bulletin(session: Session) -> Record:
    visit = put(session, "visit", day=DAY, company="金华职院", real=12.0)
    shown(session, visit, "a.jpg", picture())
    who = person(session, "赵敏")
    return put(
        session,
        "bulletin",
        title="来访",
        day=DAY,
        text="来访。",
        people=who,
        sources=f"接待 {visit.id}",
    )


def test_a_photo_without_consent_goes_nowhere(
    session: Session, bulletin: Record
) -> None:
    zhao = find_member(session, "赵敏")
    with pytest.raises(Refusal, match="同意了吗"):
        bulletin_photos.choose(session, bulletin, 1, "还没问", zhao, NOON)
    content, count = bulletin_photos.write_zip(session, bulletin)
    assert count == 0
    assert ZipFile(BytesIO(content)).namelist() == ["来访.docx"]


def test_what_may_be_shown_is_packed_without_what_a_camera_wrote(
    session: Session, bulletin: Record
) -> None:
    zhao = find_member(session, "赵敏")
    bulletin_photos.choose(session, bulletin, 1, "都同意了", zhao, NOON)
    content, count = bulletin_photos.write_zip(session, bulletin)
    packed = ZipFile(BytesIO(content))
    assert count == 1
    assert packed.namelist() == ["来访.docx", "图1（都同意了）.jpg"]
    assert b"XiangyangCamera" not in packed.read("图1（都同意了）.jpg")


def test_another_photo_has_the_reviews_given_anew(
    session: Session, bulletin: Record
) -> None:
    chen, zhao = find_member(session, "陈静"), find_member(session, "赵敏")
    bulletins.review(session, bulletin, chen, "", NOON)
    assert bulletin_photos.choose(session, bulletin, 1, "没有人像", zhao, NOON)
    assert bulletin.state == "draft"
    assert not values_of(session, bulletin).get("first")
    bulletin_photos.leave_out(session, bulletin, 1, zhao, NOON)
    with pytest.raises(Refusal, match="没有第 2 张"):
        bulletin_photos.choose(session, bulletin, 2, "没有人像", zhao, NOON)
