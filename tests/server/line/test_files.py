"""A file goes where the open draft wants it, or to whoever takes its kind."""

import pytest

from bot.assistant.answering import Assistant
from bot.branch.meetings import doors
from server.line.keeper import Keeper
from server.twin.robot import Robot
from tests.bot.branch.meetings.test_doors import call
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.line.conftest import MakeKeeper
from tests.server.test_minutes_page import LATER, WHOLE, written

pytestmark = pytest.mark.usefixtures("letters")

ROSTER = (
    "姓名,企业微信账号,党支部,类别,入党日期\n"
    "周宁,zhouning,{branch},正式党员,2011-05-04\n"
)
BRANCH = "智能制造教工党支部"


def sent(robot: Robot, userid: str, name: str, content: bytes) -> str:
    return robot.await_answer(robot.file(userid, name, content)).text


def roster(branch: str = BRANCH) -> bytes:
    return ROSTER.format(branch=branch).encode()


def test_a_file_goes_into_the_notice(keeper: Keeper, robot: Robot) -> None:
    robot.say("zhaomin", "发通知 给王芳：看附件")
    assert "安排.pdf" in sent(robot, "zhaomin", "安排.pdf", b"%PDF-1.4 x")
    assert "传不了" in sent(robot, "zhaomin", "坏.exe", b"MZ 123456")


def test_a_roster_is_shown_and_then_imported(keeper: Keeper, robot: Robot) -> None:
    told = sent(robot, "zhaomin", "名册.csv", roster())
    assert "【预览】名册.csv" in told
    assert "新增 1 人" in told
    assert "新增 1 人" in robot.say("zhaomin", "确认").text
    assert "已打卡" in robot.say("zhouning", "打卡").text


def test_a_preview_changes_nothing(keeper: Keeper, robot: Robot) -> None:
    sent(robot, "zhaomin", "名册.csv", roster())
    assert "没有导入" in robot.say("zhaomin", "取消").text
    assert "还不认识您" in robot.say("zhouning", "打卡").text


def test_a_wrong_row_is_named(keeper: Keeper, robot: Robot) -> None:
    wrong = roster().replace(b"2011-05-04", b"2031-05-04")
    told = sent(robot, "zhaomin", "名册.csv", wrong)
    assert "按名册来读" in told
    assert "2 行" in told


def test_only_the_secretary_brings_a_roster(keeper: Keeper, robot: Robot) -> None:
    assert "只看得懂文字" in sent(robot, "wangfang", "名册.csv", roster())


def test_what_nobody_takes(keeper: Keeper, robot: Robot) -> None:
    assert "只看得懂文字" in sent(robot, "zhaomin", "电影.mp4", b"123456789")


def test_what_is_gone(keeper: Keeper, robot: Robot) -> None:
    request = robot.line.call(
        {
            "msgid": "gone",
            "chattype": "single",
            "from": {"userid": "zhaomin"},
            "msgtype": "file",
            "file": {"url": f"http{robot.line.url[2:]}/media/x", "aeskey": "k"},
        }
    )
    assert "没有取到" in robot.await_answer(request).text


def test_minutes_are_shown_and_then_taken_in(
    make_keeper: MakeKeeper, assistant: Assistant, robot: Robot, clock: FakeClock
) -> None:
    clock.wait(seconds=(LATER - clock.now()).total_seconds())
    with assistant.storage.write() as session:
        meeting = call(session)
        came = [find_member(session, each).id for each in ("赵敏", "陈静", "王芳")]
        doors.mark(session, meeting, came, "paper", LATER)
    make_keeper(assistant)
    robot.chats.wait_for(lambda: robot.line.is_up)
    told = sent(robot, "zhaomin", "记录.docx", written(*WHOLE))
    assert "新的发言 2 条，决议 1 条" in told
    assert "新的发言 2 条，决议 1 条" in robot.say("zhaomin", "确认").text
    told = sent(robot, "zhaomin", "记录.docx", written(*WHOLE))
    assert "新的发言 0 条，决议 0 条" in told  # what stands there is passed over
    assert "只看得懂文字" in sent(robot, "liwei", "记录.docx", written(*WHOLE))


def test_a_material_is_shown_and_then_posted(
    keeper: Keeper, robot: Robot, assistant: Assistant
) -> None:
    told = sent(robot, "zhaomin", "党章要点.pdf", b"%PDF-1.4 x")
    assert "学习资料" in told
    assert "（带文件：党章要点.pdf）" in told
    assert "序号 1" in robot.say("zhaomin", "确认").text
    assert "1. 党章要点" in robot.say("wangfang", "学习资料").text
    robot.say("wangfang", "资料 1")
    robot.chats.wait_for(lambda: [e for e in robot.chats.of("wangfang") if e.unasked])


def test_a_file_goes_into_the_open_material(keeper: Keeper, robot: Robot) -> None:
    robot.say("zhaomin", "发学习资料 三会一课要点")
    told = sent(robot, "zhaomin", "要点.pptx", b"PK 123456")
    assert "三会一课要点" in told
    assert "（带文件：要点.pptx）" in told
    assert "一份资料带" in sent(robot, "zhaomin", "另一份.pdf", b"%PDF-1.4 x")
    assert "没有放" in robot.say("zhaomin", "取消").text


def test_only_the_secretary_posts(keeper: Keeper, robot: Robot) -> None:
    assert "只看得懂文字" in sent(robot, "wangfang", "党章要点.pdf", b"%PDF-1.4 x")


def hand_in(robot: Robot, title: str, sort: str = "征文") -> None:
    robot.say("wangfang", f"投稿 {sort}《{title}》，只在校内展示，没有人像")
    assert "记下了" in robot.say("wangfang", "确认").text


def call_for_works(robot: Robot) -> None:
    robot.say("zhaomin", "发起征集 廉洁文化周，类别：摄影、征文、微视频，3月30日截止")
    robot.say("zhaomin", "确认")


def test_a_work_gets_its_file(keeper: Keeper, robot: Robot) -> None:
    call_for_works(robot)
    hand_in(robot, "清风")
    told = sent(robot, "wangfang", "清风.txt", "清风徐来，水波不兴。".encode())
    assert "【预览】“清风.txt”" in told
    assert "收下了" in robot.say("wangfang", "确认").text
    again = sent(robot, "wangfang", "清风.txt", "清风徐来，水波不兴。".encode())
    assert "征文" in again or "DOCX" in again  # one is all that it may have
    assert "收下了" not in again


def test_a_work_gets_its_file_a_day_later(
    keeper: Keeper, robot: Robot, clock: FakeClock
) -> None:
    call_for_works(robot)
    hand_in(robot, "清风")
    clock.wait(hours=25)
    told = sent(robot, "wangfang", "清风.txt", "清风徐来，水波不兴。".encode())
    assert "收作作品" in told
    assert "没有收" in robot.say("wangfang", "取消").text


def test_which_of_two_works_is_asked(keeper: Keeper, robot: Robot) -> None:
    call_for_works(robot)
    hand_in(robot, "清风")
    hand_in(robot, "明月")
    robot.say("wangfang", "帮助")
    told = sent(robot, "wangfang", "稿子.txt", "明月松间照。".encode())
    assert "哪一件" in told or "明月" in told


def test_a_film_is_sent_to_its_page(keeper: Keeper, robot: Robot) -> None:
    call_for_works(robot)
    hand_in(robot, "校园一日", "微视频")
    told = sent(robot, "wangfang", "一日.mp4", b"\0\0\0\x18ftypmp42")
    assert "视频不从聊天里收" in told


def test_what_is_too_large_is_said(keeper: Keeper, robot: Robot) -> None:
    told = sent(robot, "zhaomin", "大.pdf", b"%PDF" + bytes(21 * 1024 * 1024))
    assert "超过 20 MB" in told
