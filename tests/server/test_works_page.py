"""The pages of works: originals come in, a jury sees no name, authors take it back."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete, func, select
from werkzeug.datastructures import FileStorage

from bot.assistant.answering import Assistant
from bot.branch.notices import enclosures
from bot.branch.people.members import party_branch
from bot.branch.records import book, open_pages
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, files, judging, prizes, proofs, showing
from bot.branch.works.files import WorkFile
from bot.branch.works.judging import Marks
from bot.config.settings import Config
from bot.outbox.attachment_parts import AttachmentPart, keep_parts
from bot.outbox.attachments import Attachment
from server.twin.world import World
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.browser import Phone, with_pages

CAMERA = "XiangyangCamera"


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "wangfang")


@dataclass
class Call:
    assistant: Assistant
    number: int
    work: int
    clock: FakeClock

    def move(self, name: str = "赵敏") -> None:
        """Have the one work judged, and its call announced."""
        with self.assistant.storage.write() as session:
            call = session.get_one(Record, self.number)
            work = session.get_one(Record, self.work)
            by, now = find_member(session, name), self.now
            entries.move(session, work, "checked", by.id, now)
            judging.begin(session, call, by, now)

    @property
    def now(self) -> Any:
        return self.clock.now().astimezone(self.assistant.config.timezone)

    def open_outside(self) -> str:
        with self.assistant.storage.write() as session:
            by = find_member(session, "赵敏")
            row = session.get_one(Record, self.number)
            page = open_pages.give(
                session, "gallery", row.branch_id, by, self.now, record_id=row.id
            )
            return f"/m/show/{page.door}"

    def finish(self) -> None:
        with self.assistant.storage.write() as session:
            call = session.get_one(Record, self.number)
            work = session.get_one(Record, self.work)
            by = find_member(session, "赵敏")
            juror = judging.find_juror(session, call, find_member(session, "李伟"))
            marks = Marks(38, 28, 27)
            judging.score(session, call, work, juror, marks, by, self.now)
            found = prizes.propose(session, call)
            prizes.publish(session, call, found, self.now.date(), by, self.now)
            self.clock.wait(hours=24)
            prizes.announce(session, call, by, self.now)
            showing.show_all(session, call, by, self.now)


@pytest.fixture
def call(assistant: Assistant, clock: FakeClock) -> Call:
    with assistant.storage.write() as session:
        zhao, wang = find_member(session, "赵敏"), find_member(session, "王芳")
        li = find_member(session, "李伟")
        branch = party_branch(session, zhao)
        now = clock.now().astimezone(assistant.config.timezone)
        told = {
            "title": "廉洁文化周",
            "sorts": "摄影、征文",
            "day": now.date().isoformat(),
            "jury": [[li.id, li.name]],
            "prizes": "一等奖1",
            "popular": "投人气",
        }
        kind = find_kind("call")
        row = book.record(session, kind, kind.grant(told), Teller(zhao, branch), now)
        mine = {
            "title": "清风",
            "sort": "摄影",
            "show": "网上也可以",
            "portrait": "没有人像",
            "people": [[wang.id, wang.name]],
        }
        kind = find_kind("work")
        work = book.record(session, kind, kind.grant(mine), Teller(wang, branch), now)
        entries.enter(session, work, row)
        return Call(assistant, row.id, work.id, clock)


def photo(side: int = 2400) -> bytes:
    picture, content = Image.new("RGB", (side, 1600), "#b3140f"), BytesIO()
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    picture.save(content, "JPEG", exif=exif)
    return content.getvalue()


def sent(name: str, content: bytes) -> FileStorage:
    return FileStorage(BytesIO(content), name)


def upload(phone: Phone, call: Call, name: str, content: bytes) -> Any:
    phone.open(f"/m/works/{call.work}")
    return phone.post(f"/m/works/{call.work}", file=sent(name, content))


def test_an_original_is_kept_as_it_came(phone: Phone, call: Call) -> None:
    content = photo()
    assert upload(phone, call, "清风 王芳.jpg", content).status_code == 303
    with call.assistant.storage.read() as session:
        (row,) = files.files_of(session, session.get_one(Record, call.work))
        kept = session.get_one(Attachment, row.attachment_id)
        shown = files.open_shown(session, row)
        assert kept.bytes_kept == content
        assert CAMERA.encode() in content
        assert shown
        assert shown.bytes_kept
        assert CAMERA.encode() not in shown.bytes_kept
        assert (row.width, row.height) == (2400, 1600)
    page = phone.open(f"/m/works/{call.work}").text
    assert "2400×1600 像素" in page
    assert "清风 王芳.jpg" in page


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jpg", b"MZ not a picture at all", "里面不是JPG"),
        ("a.heic", b"1234567890", "HEIC"),
        ("a.exe", b"1234567890", "摄影收"),
        ("a.png", b"\x89PNG\r\n\x1a\n cut off", "里面不是PNG"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(
    phone: Phone, call: Call, name: str, content: bytes, told: str
) -> None:
    refused = upload(phone, call, name, content)
    assert refused.status_code == 400
    assert told in refused.text


def test_the_secretary_looks_through_every_work(
    assistant: Assistant, world: World, phone: Phone, call: Call
) -> None:
    upload(phone, call, "a.jpg", photo())
    secretary = Phone(assistant, world, "zhaomin")
    page = secretary.open(f"/m/works/{call.work}").text
    assert secretary.get(page.partition('src="')[2].partition('"')[0]).data


def test_an_original_that_is_lost_is_noticed(
    assistant: Assistant, phone: Phone, call: Call
) -> None:
    upload(phone, call, "a.jpg", photo())
    with assistant.storage.write() as session:
        assert list(proofs.whole.find(session)) == []
        (row,) = files.files_of(session, session.get_one(Record, call.work))
        session.get_one(Attachment, row.attachment_id).content = b"cut"
        session.flush()
        assert len(list(proofs.whole.find(session))) == 1
        assert list(proofs.impartial.find(session)) == []
        files.unname(session, find_member(session, "王芳"))
        assert row.name == f"{row.id}.jpg"


def test_the_same_photo_comes_once(phone: Phone, call: Call) -> None:
    upload(phone, call, "a.jpg", photo())
    again = upload(phone, call, "b.jpg", photo())
    assert again.status_code == 400
    assert "已经交过了" in again.text


def test_what_is_let_go_is_gone(phone: Phone, call: Call) -> None:
    upload(phone, call, "a.jpg", photo())
    phone.open(f"/m/works/{call.work}")
    assert phone.post(f"/m/works/{call.work}?drop=1", place="1").status_code == 303
    with call.assistant.storage.read() as session:
        assert session.query(WorkFile).count() == 0
        assert session.query(Attachment).count() == 0


def test_nothing_comes_in_after_the_day(phone: Phone, call: Call) -> None:
    call.clock.wait(hours=15, minutes=50)
    phone.open(f"/m/works/{call.work}")
    call.clock.wait(minutes=20)
    late = phone.post(f"/m/works/{call.work}", file=sent("a.jpg", photo()))
    assert late.status_code == 400
    assert "已经截止" in late.text


def test_anybody_elses_work_stays_shut(
    assistant: Assistant, world: World, call: Call
) -> None:
    other = Phone(assistant, world, "chenjing")
    assert other.open(f"/m/works/{call.work}").status_code == 403
    elsewhere = Phone(assistant, world, "sunli")
    assert elsewhere.open(f"/m/works/{call.work}").status_code == 404


def test_a_jury_sees_numbers_and_no_name(
    assistant: Assistant, world: World, phone: Phone, call: Call
) -> None:
    upload(phone, call, "清风 王芳.jpg", photo())
    call.clock.wait(hours=24)
    call.move()
    juror = Phone(assistant, world, "liwei")
    page = juror.open(f"/m/jury/{call.number}").text
    assert "1 号" in page
    assert "王芳" not in page
    picture = juror.get(page.partition('src="')[2].partition('"')[0])
    assert picture.mimetype == "image/jpeg"
    assert CAMERA.encode() not in picture.data
    assert phone.open(f"/m/jury/{call.number}").status_code == 403
    told = {"mark": "1", "theme": "39", "art": "25", "fresh": "28"}
    too_much = juror.post(f"/m/jury/{call.number}", **{**told, "art": "31"})
    assert "艺术分最多 30" in too_much.text
    assert juror.post(f"/m/jury/{call.number}", **told).status_code == 303
    assert "都打完了" in juror.open(f"/m/jury/{call.number}").text


def test_consent_taken_back_after_the_show_shuts_the_page(
    assistant: Assistant, world: World, phone: Phone, call: Call
) -> None:
    upload(phone, call, "a.jpg", photo())
    call.clock.wait(hours=24)
    call.move()
    call.finish()
    outside = call.open_outside()
    inside = f"/m/gallery/{call.number}"
    stranger = Phone(assistant, world, "stranger")
    shown = stranger.get(outside)
    assert "《清风》" in shown.text
    picture = shown.text.partition('src="')[2].partition('"')[0]
    assert stranger.get(picture).status_code == 200
    assert "点赞（0）" in phone.open(inside).text
    phone.post(inside, mark="1")
    phone.post(inside, mark="1")
    assert "点赞（1）" in phone.open(inside).text
    with assistant.storage.write() as session:
        work = session.get_one(Record, call.work)
        wang = find_member(session, "王芳")
        assert showing.set_consent(session, work, "不展示", wang, call.now)
    assert stranger.get(picture).status_code == 404
    assert "现在没有在展的作品" in stranger.get(outside).text
    assert "现在没有在展的作品" in phone.open(inside).text


def test_inside_is_not_outside(
    assistant: Assistant, world: World, phone: Phone, call: Call
) -> None:
    upload(phone, call, "a.jpg", photo())
    call.clock.wait(hours=24)
    call.move()
    call.finish()
    with assistant.storage.write() as session:
        work = session.get_one(Record, call.work)
        showing.set_consent(
            session, work, "只在校内", find_member(session, "王芳"), call.now
        )
        row = session.get_one(Record, call.number)
        assert showing.shown(session, row, outside=False) == [work]
        assert showing.shown(session, row, outside=True) == []
        assert values_of(session, work)["award"] == "一等奖"


def test_an_address_that_nobody_gave_is_none(
    assistant: Assistant, world: World, call: Call
) -> None:
    stranger = Phone(assistant, world, "stranger")
    assert stranger.get("/m/show/abc").status_code == 404
    assert stranger.get(f"/m/show/{call.number}").status_code == 404


class TestFilms:
    """Larger than what is held in memory, so they lie in parts."""

    @pytest.fixture(autouse=True)
    def film_call(self, assistant: Assistant, call: Call) -> None:
        with assistant.storage.write() as session:
            work = session.get_one(Record, call.work)
            work.sort, work.fields = "微视频", {**work.fields, "sort": "微视频"}

    @pytest.fixture
    def film(self) -> bytes:
        return b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4 * 1024 * 21

    def test_a_film_is_kept_and_given_back_as_it_came(
        self, phone: Phone, call: Call, film: bytes
    ) -> None:
        assert upload(phone, call, "王芳 片.mp4", film).status_code == 303
        with call.assistant.storage.read() as session:
            (row,) = files.files_of(session, session.get_one(Record, call.work))
            assert (row.size, row.digest) == (len(film), sha256(film).hexdigest())
            assert session.get_one(Attachment, row.attachment_id).bytes_kept is None
            assert list(proofs.whole.find(session)) == []
            path = f"/m/works/files/{row.id}"
        sent = phone.get(path)
        assert sent.data == film
        assert "王芳" not in sent.headers["Content-Disposition"]
        assert len(film) == sent.content_length

    def test_a_part_that_is_lost_is_noticed(
        self, phone: Phone, call: Call, film: bytes
    ) -> None:
        upload(phone, call, "a.mp4", film)
        with call.assistant.storage.write() as session:
            last = select(func.max(AttachmentPart.place)).scalar_subquery()
            session.execute(delete(AttachmentPart).where(AttachmentPart.place == last))
            assert len(list(proofs.whole.find(session))) == 1

    def test_what_is_let_go_leaves_no_part(
        self, phone: Phone, call: Call, film: bytes
    ) -> None:
        upload(phone, call, "a.mp4", film)
        phone.open(f"/m/works/{call.work}")
        phone.post(f"/m/works/{call.work}?drop=1", place="1")
        assert parts_of(call) == 0

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("a.mp4", b"\xff\xd8\xff not a film at all", "里面不是MP4"),
            ("a.mov", b"short", "里面不是MOV"),
            ("a.jpg", b"\xff\xd8\xff" + bytes(100), "微视频收"),
        ],
    )
    def test_what_is_no_film_leaves_nothing(
        self, phone: Phone, call: Call, name: str, content: bytes, told: str
    ) -> None:
        refused = upload(phone, call, name, content)
        assert refused.status_code == 400
        assert told in refused.text
        assert parts_of(call) == 0

    def test_a_second_film_is_refused_before_it_is_kept(
        self, phone: Phone, call: Call, film: bytes
    ) -> None:
        upload(phone, call, "a.mp4", film)
        kept = parts_of(call)
        again = upload(phone, call, "b.mp4", film[:-1] + b"x")
        assert again.status_code == 400
        assert "MP4、MOV 一个" in again.text
        assert parts_of(call) == kept

    def test_parts_that_nobody_asked_for_go_after_two_days(
        self, call: Call, film: bytes
    ) -> None:
        """The process was killed between the bytes and the row that names them."""
        storage = call.assistant.storage
        keep_parts(storage, "a.mp4", "video/mp4", BytesIO(film), "work:1", call.now)
        assert parts_of(call) == 22
        call.clock.wait(hours=49)
        with storage.write() as session:
            enclosures.forget_unsent(session, call.now)
        assert parts_of(call) == 0


def parts_of(call: Call) -> int:
    with call.assistant.storage.read() as session:
        return session.scalar(select(func.count()).select_from(AttachmentPart)) or 0


class TestLargest:
    """What is larger than the settings allow is refused in a sentence."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        works = config.works.model_copy(update={"largest": 20})
        return with_pages(config).model_copy(update={"works": works})

    @pytest.mark.parametrize(
        ("sort", "name", "told"),
        [
            ("微视频", "a.mp4", "超过 20 MB，网页收不下。请压缩后再传"),
            ("摄影", "a.jpg", "超过 20 MB，网页收不下。请缩小后再传。"),
        ],
    )
    def test_too_large(
        self, phone: Phone, call: Call, sort: str, name: str, told: str
    ) -> None:
        with call.assistant.storage.write() as session:
            session.get_one(Record, call.work).sort = sort
        refused = upload(phone, call, name, bytes(21 * 1024 * 1024))
        assert refused.status_code == 413
        assert told in refused.text
        assert parts_of(call) == 0
