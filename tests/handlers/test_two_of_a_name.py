"""Two people of one name: asked back by what tells them apart, or named by account."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.branch.enrolment.enrolment import enrol
from bot.branch.people.members import Category, add_member, find, link, set_joined
from bot.branch.people.tree import find_branch
from bot.files.roster.read import read_roster
from bot.outbox.attachments import Attachment
from server.twin.people import Member as Colleague
from tests.conftest import LONG_AGO
from tests.people import BRANCH, GROUP
from tests.stage import Stage

TWINS = (("zhangwei1", BRANCH), ("zhangwei2", GROUP), ("zwei.teach", GROUP))


@pytest.fixture
def twins(stage: Stage) -> Stage:
    with stage.assistant.storage.write() as session:
        for account, where in TWINS:
            branch = find_branch(session, where)
            assert branch
            link(add_member(session, "张伟", branch, LONG_AGO), account)
    stage.move_to("2026-03-14 10:00")
    return stage


def test_the_name_is_asked_back_and_answered_by_number(twins: Stage) -> None:
    asked = twins.say("赵敏", "通知张伟：明天来开会")
    assert asked.splitlines() == [
        "有 3 位“张伟”，是哪一位？",
        "1. 智能制造教工党支部",
        "2. 第一党小组，账号尾号 wei2",
        "3. 第一党小组，账号尾号 each",
        "回数字就行，或者回账号。",
    ]
    shown = twins.say("赵敏", "2")
    assert "发给智能制造教工党支部zhangwei2，共 1 人（张伟）" in shown
    assert "明天来开会" in shown
    assert "正在发，共 1 人" in twins.say("赵敏", "确认")


@pytest.mark.parametrize(
    "said",
    [
        "通知zhangwei2：明天来开会",
        "通知ZhangWei2：明天来开会",
        "给zhangwei2发个通知，明天来开会",
        "通知王芳和zhangwei2：明天来开会",
    ],
)
def test_the_account_is_as_good_as_a_name(twins: Stage, said: str) -> None:
    shown = twins.say("赵敏", said)
    assert "【预览】" in shown
    assert "张伟" in shown
    assert shown.count("明天来开会") == 1


def test_an_improvement_asks_back_too(twins: Stage) -> None:
    twins.say("赵敏", "通知大家：明天来开会")
    assert "是哪一位" in twins.say("赵敏", "除了张伟")
    shown = twins.say("赵敏", "zhangwei1")
    assert "共 8 人" in shown
    assert twins.say("赵敏", "取消") == "好的，没有发。"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("张伟不用来", "除了zhangwei2，共 8 人"),
        ("张伟请假", "除了zhangwei2，共 8 人"),
        ("只发给张伟", "zhangwei2，共 1 人"),
        ("把张伟去掉吧", "除了zhangwei2，共 8 人"),
    ],
)
def test_a_change_asks_back_and_keeps_the_draft(
    twins: Stage, said: str, left: str
) -> None:
    twins.say("赵敏", "通知大家：明天来开会")
    assert "是哪一位" in twins.say("赵敏", said)
    shown = twins.say("赵敏", "2")
    assert left in shown
    assert "正在发" in twins.say("赵敏", "确认")


def test_leaving_and_other_matters(twins: Stage) -> None:
    twins.say("赵敏", "通知张伟：明天来开会")
    assert "4" not in twins.say("赵敏", "4").split("\n")[0]
    assert twins.say("赵敏", "取消") == "好的，没有发。"


def test_elsewhere_the_account_is_asked_for(twins: Stage) -> None:
    told = twins.say("赵敏", "修改祝福 张伟 祝您生日快乐")
    assert "请用账号代替姓名再说一次，例：zhangwei1" in told


MARKED = (("ww.old", "大", BRANCH), ("ww.new", "小", GROUP), ("ww.two", "2", BRANCH))


@pytest.fixture
def marked(stage: Stage) -> Stage:
    with stage.assistant.storage.write() as session:
        for account, mark, where in MARKED:
            branch = find_branch(session, where)
            assert branch
            member = add_member(session, "王伟", branch, LONG_AGO, mark)
            member.category = Category.FULL
            set_joined(member, date(2011, 3, 20))
            link(member, account)
            stage.world.add_member(Colleague(account, "王伟"))
    stage.move_to("2026-03-14 10:00")
    return stage


def test_marks_are_asked_back_and_answered(marked: Stage) -> None:
    asked = marked.say("赵敏", "通知王伟：明天来开会")
    assert asked.splitlines() == [
        "有 3 位“王伟”，是哪一位？",
        "· 王伟（大），智能制造教工党支部",
        "· 王伟（小），第一党小组",
        "· 王伟（2），智能制造教工党支部",
        "回姓名带标记，例：王伟（大），或者回账号。",
    ]
    shown = marked.say("赵敏", "2")  # the mark, not the second
    assert "共 1 人（王伟（2））" in shown
    for said in ("大", "王伟大", "王伟（大）", "王伟(大)", "ww.old"):
        marked.say("赵敏", "通知王伟：明天来开会")
        first, *_ = marked.say("赵敏", said).splitlines()
        assert first.count("王伟（大）") == 1


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("通知王伟大：明天来开会", "大"),
        ("通知王伟（大）：明天来开会", "大"),
        ("通知王伟(小)：明天来开会", "小"),
        ("通知王伟（小）明天来开会", "小"),
        ("通知王伟大明天来开会", "大"),
        ("通知王伟2：明天来开会", "2"),
        ("通知王伟2明天来开会", "2"),
        ("通知王伟2下午三点来开会", "2"),
        ("给王伟小发个通知，明天来开会", "小"),
        ("给王伟（2）发个通知，明天来开会", "2"),
    ],
)
def test_the_marked_one_is_meant(marked: Stage, said: str, whose: str) -> None:
    shown = marked.say("赵敏", said)
    assert shown.splitlines()[0].count(f"王伟（{whose}）") == 1


@pytest.mark.parametrize(
    "said",
    [
        "通知王伟2点来开会",
        "通知王伟2:30来开会",
        "通知王伟2号来开会",
        "通知王伟大后天来开会",
        "通知王伟明天来开会",
        "给王伟发个通知，2点来开会",
    ],
)
def test_what_may_go_on_is_no_mark(marked: Stage, said: str) -> None:
    assert "有 3 位“王伟”，是哪一位？" in marked.say("赵敏", said)


def test_several_are_named_at_once(marked: Stage) -> None:
    shown = marked.say("赵敏", "通知王伟大、王伟2和王芳：明天来开会")
    assert "共 3 人（王芳、王伟（大）、王伟（2））" in shown
    shown = marked.say("赵敏", "除了王伟2")
    assert "共 2 人（王芳、王伟（大））" in shown


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("查王伟2", "王伟（2）\n支部："),
        ("查一下王伟（大）的信息", "王伟（大）\n支部："),
        ("王伟大在哪个党小组", "王伟（大）\n支部："),
        ("王伟(小)的入党日期", "王伟（小）\n支部："),
        ("王伟2是什么时候入党的", "王伟（2）\n支部："),
        ("停发祝福 王伟2", "停发3月20日（周五）给王伟（2）的祝福吗？"),
        ("王伟（大）的祝福别发了", "停发3月20日（周五）给王伟（大）的祝福吗？"),
        ("王伟2的祝福别发了", "停发3月20日（周五）给王伟（2）的祝福吗？"),
        ("寄语 王伟小 愿您永葆初心", "一起送给王伟（小）同志"),
        ("看寄语 王伟（小）", "还没有收到给王伟（小）的寄语。"),
        ("王伟大的政治生日是哪天", "王伟（大）的政治生日："),
        ("登记王伟（大）为入党积极分子 2026年3月5日", "名册里王伟（大）是正式党员"),
        ("发展进度 王伟2", "王伟（2）：正式党员"),
        ("查电话 王伟（大）", "这里没有存王伟（大）的电话。"),
        ("提醒王伟2明天下午三点交表", "共 1 人（王伟（2））"),
        ("提醒王伟（大）明天下午三点交表", "教工党支部王伟（大），共 1 人\n"),
        ("查王伟", "请连标记一起再说一次，例：王伟（大）。"),
        ("修改祝福 王伟（大） 祝您生日快乐", "王伟同志，政治生日快乐！"),
    ],
)
def test_everything_that_names_one_hears_and_says_the_mark(
    marked: Stage, said: str, told: str
) -> None:
    assert told in marked.say("赵敏", said)


def test_a_notice_tells_them_apart(marked: Stage) -> None:
    marked.say("赵敏", "通知王伟大、王伟2：明天来开会")
    marked.say("赵敏", "确认")
    marked.delivery.deliver_all()
    marked.world.say("ww.old", "收到")
    told = marked.say("赵敏", "谁没回复")
    assert "王伟（2）" in told
    assert "王伟（大）" not in told


def test_he_himself_is_called_by_his_name(marked: Stage) -> None:
    assert "王伟（" not in marked.world.say("ww.old", "打卡 学习党章").text
    assert "王伟（" not in marked.world.say("ww.old", "我的信息").text
    marked.move_to("2026-03-20 09:00")
    told = [each.text for each in marked.world.phone("ww.old").pushed(0)]
    assert any("王伟同志，政治生日快乐！" in each for each in told)
    assert not any("王伟（" in each for each in told)


def test_alone_he_is_called_by_his_name(marked: Stage) -> None:
    with marked.assistant.storage.write() as session:
        for account in ("ww.new", "ww.two"):
            member = find(session, account)
            assert member
            member.state = "left"
    said = marked.say("赵敏", "通知王伟：明天来开会")
    assert "教工党支部王伟，共 1 人\n" in said
    assert "共 1 人（王伟）" in marked.say("赵敏", "通知王伟大：明天来开会")


def test_the_roster_is_read_back_without_change(marked: Stage) -> None:
    marked.say("赵敏", "导出名册")
    with marked.assistant.storage.write() as session:
        book = session.scalar(select(Attachment).where(Attachment.name.like("名册%")))
        assert book
        content = book.bytes_kept
        assert content
        entries = read_roster(content, book.name, date(2026, 3, 14)).entries
        root = find_branch(session, BRANCH)
        assert root
        done = enrol(session, entries, root, LONG_AGO)
    assert [each.marked for each in entries if each.mark] == [
        "王伟（大）",
        "王伟（2）",
        "王伟（小）",
    ]
    assert (done.added, done.changes, done.unnamed) == ([], [], 0)
