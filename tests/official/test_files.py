"""A file sent in WeChat: the platform tells its name alone, so it is told where to."""

import pytest

from bot.branch.meetings import doors
from bot.config.settings import Config
from server.twin.official.account import Account
from tests.bot.branch.meetings.test_doors import call
from tests.official.conftest import bind, with_pages
from tests.people import find_member
from tests.server.test_minutes_page import LATER
from tests.stage import Stage

URL = "https://party.example"
ALONE = "公众号不把文件交给我，只告诉我名字（{}）。"


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config, URL)


@pytest.fixture
def bound(stage: Stage, account: Account) -> Account:
    account.add("oZhao", "赵敏")
    bind(stage, "赵敏", "oZhao")
    bind(stage, "王芳", "oWang")
    return account


def test_into_a_notice_by_its_page(stage: Stage, bound: Account) -> None:
    bound.say("oZhao", "通知全体党员：周五下午两点在201开会")
    told = bound.file("oZhao", "安排.pdf").text
    assert told.startswith(ALONE.format("安排.pdf"))
    assert f"{URL}/m/enclose/" in told
    assert "正在发" in bound.say("oZhao", "确认").text  # the draft waits all the same


def test_a_roster_by_the_console(stage: Stage, bound: Account) -> None:
    told = bound.file("oZhao", "名册.xlsx").text
    assert "打开后台" in told
    assert "打开后台" not in bound.file("oWang", "名册.xlsx").text


def test_minutes_by_their_page(stage: Stage, bound: Account) -> None:
    stage.clock.wait(seconds=(LATER - stage.clock.now()).total_seconds())
    with stage.assistant.storage.write() as session:
        meeting = call(session)
        came = [find_member(session, each).id for each in ("赵敏", "陈静", "王芳")]
        doors.mark(session, meeting, came, "paper", LATER)
    assert f"{URL}/m/minutes/" in bound.file("oZhao", "记录.docx").text
    assert f"{URL}/m/minutes/" not in bound.file("oWang", "记录.docx").text


def test_a_work_by_its_page(stage: Stage, bound: Account) -> None:
    stage.say("赵敏", "发起征集 廉洁文化周，类别：摄影、征文，3月30日截止")
    stage.say("赵敏", "确认")
    bound.say("oWang", "投稿 征文《清风》，只在校内展示，没有人像")
    assert "记下了" in bound.say("oWang", "确认").text
    assert f"{URL}/m/works/" in bound.file("oWang", "清风.docx").text


@pytest.mark.parametrize("name", ["电影.mkv", "没有后缀", "", "名册.csv"])
def test_what_nobody_takes_is_said_too(stage: Stage, bound: Account, name: str) -> None:
    told = bound.file("oWang", name).text
    assert told.startswith(ALONE.format(name or "没有名字"))
    assert "请换成图片、链接或文字" in told


def test_strangers_learn_nothing(stage: Stage, bound: Account) -> None:
    assert "名字" not in bound.file("oNobody", "名册.xlsx").text
