"""A secretary puts pictures and files into a draft from its page; members get them."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from bot.branch.notices import notices, reach
from bot.branch.notices.enclosures import FILE_MOST, MEGA, TOO_LARGE
from bot.branch.notices.upload import CLOSED, NOT_YOURS
from bot.config.settings import Config
from bot.outbox.attachments import Attachment
from server.twin import samples
from server.twin.world import World
from server.web.pages.answers import NOTHING
from server.web.pages.enclose import NOTHING_CHOSEN
from server.web.pages.identity import STALE, TOO_FAST
from server.web.pages.notices import NO_CHOICE, NO_FILE, NOT_HERE
from tests.fakes.clock import FakeClock
from tests.server.browser import ADDRESS, Phone, is_sentence, with_pages
from tests.stage import Stage

DOOR = re.compile(f"{ADDRESS}(/m/enclose/[A-Za-z0-9_-]{{32}})")
PDF = b"%PDF-1.7 "


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture(autouse=True)
def _morning(stage: Stage) -> None:
    stage.move_to("2026-03-14 10:00")


@pytest.fixture
def phones(stage: Stage) -> dict[str, Phone]:
    names = ("zhaomin", "wangfang", "liwei", "sunli", "chenjing")
    return {each: Phone(stage.assistant, stage.world, each) for each in names}


@pytest.fixture
def hers(phones: dict[str, Phone]) -> Phone:
    return phones["zhaomin"]


def draft(stage: Stage, order: str = "通知第一党小组：交学习笔记") -> str:
    """Begin a notice; return the path of its page."""
    found = DOOR.search(stage.say("赵敏", order))
    assert found
    return found[1]


def upload(
    phone: Phone, door: str, name: str, content: bytes, **more: Any
) -> TestResponse:
    return phone.post(door, file=FileStorage(BytesIO(content), name), **more)


def files_of(stage: Stage, userid: str) -> dict[str, bytes]:
    shown = [each.media_id for each in stage.world.phone(userid).pushed()]
    media = [stage.world.shelf.seen(each) for each in shown if each]
    return {each.name: each.content for each in media if each}


def test_what_was_put_in_is_shown_and_goes_with_the_notice(
    stage: Stage, hers: Phone
) -> None:
    door = draft(stage)
    page = hers.open(door)
    assert page.status_code == 200
    assert "通知：交学习笔记" in page.text
    for name, content in (("材料 一.pdf", PDF), ("会场.png", samples.PNG)):
        back = upload(hers, door, name, content)
        assert (back.status_code, back.location) == (303, f"{ADDRESS}{door}")
    assert "图片：会场.png\n文件：材料 一.pdf" in hers.open(door).text
    stage.delivery.deliver_all()
    told = stage.world.phone("zhaomin").pushed()[-1].text
    assert told.startswith("已加上“会场.png”。\n【预览】")
    assert "\n图片：会场.png\n文件：材料 一.pdf\n" in told
    assert "文件：材料 一.pdf" in stage.say("赵敏", "修改 周五前交学习笔记")
    stage.say("赵敏", "试发给自己")
    stage.delivery.deliver_all()
    expected = {"会场.png": samples.PNG, "材料 一.pdf": PDF}
    assert files_of(stage, "zhaomin") == expected
    assert "正在发，共 2 人" in stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    (bubble,) = stage.world.phone("wangfang").pushed()
    assert "1 图 1 文件" in str(bubble.card)
    again = stage.say("王芳", "我的通知")
    assert again.endswith(
        f"\n附件：会场.png、材料 一.pdf\n打开看：{ADDRESS}/m/notices/1"
    )
    assert "没送到" not in stage.say("赵敏", "谁没回复")
    assert is_sentence(hers.get(door), 410, CLOSED)


def test_files_before_the_words(stage: Stage, hers: Phone) -> None:
    stage.say("赵敏", "发通知")
    door = draft(stage, "附文件")
    assert "还没有写" in hers.open(door).text
    upload(hers, door, "材料.pdf", PDF)
    stage.delivery.deliver_all()
    told = stage.world.phone("zhaomin").pushed()[-1].text
    assert told.startswith("已加上“材料.pdf”。\n文件：材料.pdf\n通知的内容是什么？")
    assert "文件：材料.pdf" in stage.say("赵敏", "周三下午开会")
    stage.say("赵敏", "去掉 材料.pdf")
    stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    assert files_of(stage, "liwei") == {}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("程序.exe", PDF, "“程序.exe”这种文件传不了。可以传：图片（JPG、PNG）"),
        ("page.html", PDF, "“page.html”这种文件传不了"),
        ("没有后缀", PDF, "“没有后缀”这种文件传不了"),
        ("空.pdf", b"12345", "“空.pdf”是空的"),
        ("假.png", PDF, "“假.png”不像是 JPG 或 PNG 图片"),
        ("大.png", samples.PNG + bytes(10 * MEGA), "“大.png”有 10.0 MB，图片最大 10"),
        ("../../\u202e长.exe", PDF, "“长.exe”这种文件传不了"),
        ("", PDF, NOTHING_CHOSEN),
    ],
)
def test_what_wecom_would_not_take(
    stage: Stage, hers: Phone, name: str, content: bytes, sentence: str
) -> None:
    door = draft(stage)
    hers.open(door)
    upload(hers, door, "先传的.pdf", PDF)
    refused = upload(hers, door, name, content)
    assert refused.status_code == 400
    assert sentence in refused.text
    assert "文件：先传的.pdf" in refused.text
    assert upload(hers, door, "再传的.pdf", PDF).status_code == 303
    with stage.assistant.storage.read() as session:
        assert session.query(Attachment).count() == 2


def test_a_file_beyond_the_limit_is_read_into_nothing(
    stage: Stage, hers: Phone
) -> None:
    door = draft(stage)
    hers.open(door)
    refused = upload(hers, door, "大.pdf", bytes(FILE_MOST + MEGA))
    assert refused.status_code == 413
    assert TOO_LARGE in refused.text
    assert upload(hers, door, "小.pdf", PDF).status_code == 303


def test_the_same_file_twice_is_one(stage: Stage, hers: Phone) -> None:
    door = draft(stage)
    hers.open(door)
    for _ in range(2):
        assert upload(hers, door, "材料.pdf", PDF).status_code == 303
    stage.delivery.deliver_all()
    told = [each.text for each in stage.world.phone("zhaomin").pushed()]
    assert sum(text.startswith("已加上") for text in told) == 1
    assert hers.open(door).text.count("材料.pdf") == 1


def test_a_tenth_is_too_many(stage: Stage, hers: Phone) -> None:
    door = draft(stage)
    hers.open(door)
    for number in range(9):
        assert upload(hers, door, f"{number}.pdf", PDF).status_code == 303
    refused = upload(hers, door, "9.pdf", PDF)
    assert refused.status_code == 400
    assert "最多带 9 个" in refused.text


def test_a_door_is_for_its_author_only(
    stage: Stage, hers: Phone, phones: dict[str, Phone]
) -> None:
    door = draft(stage)
    for userid in ("wangfang", "chenjing"):
        other = phones[userid]
        assert is_sentence(other.open(door), 403, NOT_YOURS)
        with other.client.session_transaction("/m/", base_url=ADDRESS) as session:
            other.form = session["member"]["form"]
        assert is_sentence(upload(other, door, "坏.pdf", PDF), 403, NOT_YOURS)
    assert is_sentence(hers.open(f"/m/enclose/{'x' * 32}"), 410, CLOSED)
    with stage.assistant.storage.read() as session:
        assert session.query(Attachment).count() == 0


def test_a_door_closes_with_its_draft(
    stage: Stage, hers: Phone, clock: FakeClock
) -> None:
    door = draft(stage)
    hers.open(door)
    clock.wait(minutes=29)
    upload(hers, door, "材料.pdf", PDF)
    clock.wait(minutes=29)
    assert hers.open(door).status_code == 200
    clock.wait(minutes=1)
    assert is_sentence(hers.open(door), 410, CLOSED)
    assert is_sentence(upload(hers, door, "晚.pdf", PDF), 410, CLOSED)
    door = draft(stage)
    stage.say("赵敏", "取消")
    assert is_sentence(hers.open(door), 410, CLOSED)


def test_forms_of_nobody_we_know_are_refused(stage: Stage, hers: Phone) -> None:
    door = draft(stage)
    assert is_sentence(upload(hers, door, "材料.pdf", PDF), 401, STALE)
    hers.open(door)
    for form in ("", "0" * 32, "党"):
        refused = upload(hers, door, "材料.pdf", PDF, form=form)
        assert is_sentence(refused, 403, STALE)
    assert "已经加上的" not in hers.open(door).text


def test_who_uploads_too_often_waits(stage: Stage, hers: Phone) -> None:
    door = draft(stage)
    hers.open(door)
    gate = hers.client.application.extensions["gate"]
    while gate.uploads.take("zhaomin"):
        pass
    assert is_sentence(upload(hers, door, "材料.pdf", PDF), 429, TOO_FAST)


# --- what members see


@pytest.fixture
def notice(stage: Stage, hers: Phone) -> str:
    """Send a question with a picture and a file; return the path of its page."""
    door = draft(stage, "通知第一党小组：周日植树，见 https://a.cn/b")
    hers.open(door)
    for name, content in (("地图.png", samples.PNG), ("名单 一.pdf", PDF)):
        upload(hers, door, name, content)
    for words in ("选项 能参加/请假", "截止 今天下午五点", "确认"):
        stage.say("赵敏", words)
    stage.delivery.deliver_all()
    return "/m/notices/1"


def test_the_page_shows_what_a_notice_carries(
    phones: dict[str, Phone], notice: str, world: World
) -> None:
    page = phones["wangfang"].open(notice).text
    shown = re.findall(r'(?:src|href)="(/m/notices/1/files/[0-9]+)"', page)
    picture, again, file = shown
    assert picture == again
    got = phones["wangfang"].get(picture)
    assert (got.mimetype, got.data) == ("image/png", samples.PNG)
    got = phones["wangfang"].get(file)
    assert (got.mimetype, got.data) == ("application/pdf", PDF)
    name = quote("名单 一.pdf")
    assert got.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert '<a href="https://a.cn/b"' in page
    for userid in ("sunli", "zhaomin"):
        assert is_sentence(phones[userid].open(file), 404, NOT_HERE)
    assert is_sentence(phones["wangfang"].get("/m/notices/1/files/99"), 404, NO_FILE)
    assert is_sentence(phones["wangfang"].get("/m/notices/1/files/x"), 404, NOTHING)


def status(stage: Stage) -> dict[str, int]:
    with stage.assistant.storage.read() as session:
        return reach.status(session, notices.find(session, 1)).choices


def test_a_choice_on_the_page_is_the_cards(
    stage: Stage, phones: dict[str, Phone], notice: str
) -> None:
    phone = phones["wangfang"]
    assert "请选一个回复，3月14日（周六）17:00 截止" in phone.open(notice).text
    for _ in range(2):
        back = phone.post(notice, choice="请假")
        assert (back.status_code, back.location) == (303, f"{ADDRESS}{notice}")
        assert status(stage) == {"请假": 1}
    assert "您的回复：请假" in phone.open(notice).text
    assert "已经回复过了" in stage.say("王芳", "请假")
    phone.post(notice, choice="能参加")
    assert status(stage) == {"能参加": 1}
    stage.play("王芳* 请假")
    assert status(stage) == {"请假": 1}
    assert 'value="请假" class="chosen"' in phone.open(notice).text


def test_a_choice_that_cannot_be(
    stage: Stage, clock: FakeClock, phones: dict[str, Phone], notice: str
) -> None:
    phone, stranger = phones["wangfang"], phones["sunli"]
    assert is_sentence(phone.post(notice, choice="请假"), 401, STALE)
    phone.open(notice)
    assert is_sentence(phone.post(notice, choice="不去"), 400, NO_CHOICE)
    assert is_sentence(phone.post(notice, choice="请假", form="x"), 403, STALE)
    stranger.open(notice)
    with stranger.client.session_transaction("/m/", base_url=ADDRESS) as session:
        stranger.form = session["member"]["form"]
    assert is_sentence(stranger.post(notice, choice="请假"), 404, NOT_HERE)
    clock.wait(hours=7, seconds=1)
    late = "“周日植树，见”已过了截止时间，有事请直接联系书记。"
    assert is_sentence(phone.post(notice, choice="请假"), 409, late)
    assert status(stage) == {}
    page = phone.open(notice).text
    assert "已过了截止时间，有事请直接联系书记" in page
    assert "<button" not in page
