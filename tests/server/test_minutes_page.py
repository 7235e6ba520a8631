"""The page that takes minutes from Word: all of a paper, or a sentence and nothing."""

from io import BytesIO

import docx
import pytest
from werkzeug.datastructures import FileStorage

from bot.assistant.answering import Assistant
from bot.branch.meetings import (
    codes,
    doors,
    meetings,
    papers,
    resolutions,
    speeches,
)
from bot.branch.meetings.meetings import State
from bot.branch.meetings.quorum import Votes
from bot.config.settings import Config
from server.twin.world import World
from tests.bot.branch.meetings.test_doors import AT, MINUTE, call
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.browser import Phone, with_pages

LATER = AT + MINUTE
HEAD = ("支部党员大会会议记录", "时间：2026年3月4日 14:00")
WHOLE = (
    *HEAD,
    "一、议题",
    "年度计划",
    "二、发言记录",
    "王芳：计划要细",
    "大家都赞成",
    "三、决议",
    "同意年度计划，赞成3票，反对0票，弃权0票",
    "四、其他",
    "散会",
)


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "zhaomin")


@pytest.fixture
def path(assistant: Assistant, clock: FakeClock) -> str:
    clock.wait(seconds=(LATER - clock.now()).total_seconds())
    with assistant.storage.write() as session:
        meeting = call(session)
        came = [find_member(session, each).id for each in ("赵敏", "陈静", "王芳")]
        doors.mark(session, meeting, came, "paper", LATER)
        return f"/m/minutes/{codes.page_of(meeting, 'minutes')}"


def written(*lines: str) -> bytes:
    paper, content = docx.Document(), BytesIO()
    for each in lines:
        paper.add_paragraph(each)
    paper.save(content)
    return content.getvalue()


def put(phone: Phone, path: str, content: bytes, name: str = "记录.docx") -> str:
    phone.open(path)
    file = FileStorage(BytesIO(content), name)
    return phone.post(path, file=file).text


def kept(assistant: Assistant) -> tuple[list[tuple[str | None, str]], list[str]]:
    with assistant.storage.read() as session:
        meeting = meetings.every(session)[0]
        said = [(name, row.text) for name, row in speeches.list_of(session, meeting)]
        decided = resolutions.of_meeting(session, meeting)
        return said, [resolutions.say(each) for each in decided]


def test_a_paper_is_taken_in_once(
    assistant: Assistant, phone: Phone, path: str
) -> None:
    assert "新记发言 2 条，决议 1 条" in put(phone, path, written(*WHOLE))
    whole = (
        [("王芳", "计划要细"), (None, "大家都赞成")],
        ["同意年度计划：赞成 3，反对 0，弃权 0，通过"],
    )
    assert kept(assistant) == whole
    assert "新记发言 0 条，决议 0 条" in put(phone, path, written(*WHOLE))
    assert kept(assistant) == whole


def test_our_own_paper_comes_back_as_it_went(
    assistant: Assistant, phone: Phone, path: str
) -> None:
    with assistant.storage.write() as session:
        meeting = meetings.every(session)[0]
        by = find_member(session, "赵敏")
        speeches.add(session, meeting, by.id, "开始吧", by, LATER)
        resolutions.resolve(session, meeting, "同意年度计划", Votes(2, 1), by, LATER)
        paper = papers.write_minutes(session, meeting, LATER)
    before = kept(assistant)
    assert "新记发言 0 条，决议 0 条" in put(phone, path, paper)
    assert kept(assistant) == before


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("购物清单", "苹果"), "不像会议记录"),
        ((), "不像会议记录"),
        (("二、发言记录", "王芳：好"), "没有写是哪天的会"),
        (("时间：2026年3月5日", "二、发言记录", "王芳：好"), "2026年3月5日"),
        ((*WHOLE[:-3], "同意年度安排，赞成9票，反对0票，弃权0票"), "9 票"),
        ((*WHOLE[:-3], "选举王芳为书记，赞成3票"), "选举"),
        ((*HEAD, "发言记录", "好" * 4001), "4000 字"),
    ],
)
def test_a_wrong_paper_leaves_nothing(
    assistant: Assistant, phone: Phone, path: str, lines: tuple[str, ...], said: str
) -> None:
    assert said in put(phone, path, written(*lines))
    assert kept(assistant) == ([], [])


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04broken", "a.docx", "打不开"),
        (b"text", "a.txt", "请传 Word 文件"),
        (b"", "a.docx", "打不开"),
    ],
)
def test_what_is_no_word_file(
    assistant: Assistant, phone: Phone, path: str, content: bytes, name: str, said: str
) -> None:
    assert said in put(phone, path, content, name)
    assert kept(assistant) == ([], [])


def test_a_resolution_without_figures_is_told_and_not_lost(
    assistant: Assistant, phone: Phone, path: str
) -> None:
    shown = put(phone, path, written(*HEAD, "决议：", "同意年度计划"))
    assert "没有票数" in shown
    assert "同意年度计划" in shown
    assert kept(assistant) == ([], [])


def test_signed_minutes_take_nothing_in(
    assistant: Assistant, phone: Phone, path: str
) -> None:
    with assistant.storage.write() as session:
        meetings.every(session)[0].state = State.LOCKED
    assert "已经签字锁定" in put(phone, path, written(*WHOLE))
    assert kept(assistant) == ([], [])


def test_only_who_writes_them_opens_the_page(
    assistant: Assistant, world: World, path: str
) -> None:
    other = Phone(assistant, world, "wangfang")
    assert other.open(path).status_code == 403
    wrong = path.replace("minutes", "sign-in")
    assert other.open(wrong).status_code == 404
