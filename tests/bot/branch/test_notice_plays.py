"""Notices said and read on the phones, where a play needs other settings or faults."""

import pytest
from sqlalchemy import select

from bot.branch.notices import enclosures, notices, reach
from bot.branch.notices.notices import Notice, State
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from bot.config.settings import Config, Notices, Robot
from bot.delivery.deliver import Delivery
from bot.outbox import Tally
from bot.outbox.attachments import Attachment
from server.twin import samples
from server.twin.people import Member as Colleague
from server.twin.world import World
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, find_member
from tests.stage import Stage

KEY = "693a91f6-7xxx-4bc4"
GROUP = "支部群"


@pytest.fixture
def config(request: pytest.FixtureRequest, config: Config, world: World) -> Config:
    """One more than four needs an approval, where a test is marked so; one robot."""
    world.robots.add(KEY, GROUP)
    robot = Robot(name=GROUP, url=f"{world.api_base}/cgi-bin/webhook/send?key={KEY}")
    approved = request.node.get_closest_marker("usefixtures")
    least = 5 if approved and "approved" in approved.args else 0
    changed = {"robots": (robot,), "notices": Notices(approve_from=least)}
    return config.model_copy(update=changed)


@pytest.fixture
def approved() -> None:
    """Mark that notices of this test need an approval."""


@pytest.fixture(autouse=True)
def _morning(stage: Stage) -> None:
    stage.move_to("2026-03-14 10:00")


def tally(stage: Stage, number: int = 1) -> Tally:
    with stage.assistant.storage.read() as session:
        found = reach.status(session, notices.find(session, number)).tally
    assert found.planned == found.delivered + found.refused + found.pending
    return found


def pictures(stage: Stage, userid: str) -> list[bytes]:
    """Return the bytes of the pictures and files on somebody's phone."""
    shown = [each.media_id for each in stage.world.phone(userid).pushed()]
    media = [stage.world.shelf.seen(each) for each in shown if each]
    return [each.content for each in media if each]


def send(stage: Stage, order: str, *edits: str) -> str:
    for text in (order, *edits):
        stage.say("赵敏", text)
    return stage.say("赵敏", "确认")


def press(stage: Stage, name: str, words: str) -> str:
    return "".join(stage.play(f"{name}* {words}").splitlines()[1:])


@pytest.mark.usefixtures("approved")
def test_colleague_lets_a_large_notice_go(stage: Stage) -> None:
    assert "要另一位支委审批" in stage.say("赵敏", "通知全体党员：周五开支部大会")
    assert "等陈静审批后发出" in stage.say("赵敏", "确认")
    assert stage.arrived() == [
        " 陈静< 〔卡片〕请审批：周五开支部大会\n    > 周五开支部大会［同意］［不同意］"
    ]
    assert tally(stage) == Tally(6, 0, 0, 6)
    assert "（等审批）" in stage.say("赵敏", "待发通知")
    stage.play("陈静* 同意")
    assert tally(stage) == Tally(6, 6, 0, 0)
    phone = stage.world.phone("zhaomin")
    assert any("陈静已同意" in bubble.text for bubble in phone.pushed())
    assert stage.world.phone("chenjing").bubbles[0].button == "已同意"


@pytest.mark.usefixtures("approved")
def test_colleague_turns_a_notice_down(stage: Stage) -> None:
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    stage.play("陈静* 不同意")
    assert tally(stage) == Tally(6, 0, 6, 0)
    said = stage.say("赵敏", "谁没回复")
    assert "（已撤回）" in said
    assert "没送到（审批没有通过，没有发）：赵敏、" in said
    assert "催一下" not in said


@pytest.mark.usefixtures("approved")
def test_small_notice_needs_no_approval(stage: Stage) -> None:
    assert "正在发，共 2 人" in send(stage, "通知第一党小组：交笔记")


@pytest.mark.usefixtures("approved")
def test_author_and_others_approve_nothing(stage: Stage) -> None:
    with stage.assistant.storage.write() as session:
        other = find_branch(session, "机关党支部")
        assert other
        grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    for userid in ("zhaomin", "sunli", "wangfang"):
        stage.world.event(userid, "template_card_event", EventKey="approve:1:yes")
        stage.arrived()
        assert tally(stage).pending == 6
    assert "请按卡片上的" in stage.say("陈静", "审批通知")


@pytest.mark.usefixtures("approved")
def test_without_another_approver_nothing_is_sent(stage: Stage) -> None:
    with stage.assistant.storage.write() as session:
        find_member(session, "陈静").state = "left"
    assert "名册里没有别的支委，没有发" in send(stage, "通知全体党员：周五开支部大会")
    with stage.assistant.storage.read() as session:
        assert notices.every(session) == []


@pytest.mark.usefixtures("approved")
def test_nobody_approves_and_nothing_ever_goes(stage: Stage) -> None:
    send(stage, "通知全体党员：周五开支部大会")
    for day in range(15, 31):
        stage.move_to(f"2026-03-{day} 10:00")
    assert tally(stage) == Tally(6, 0, 6, 0)
    stage.world.event("chenjing", "template_card_event", EventKey="approve:1:yes")
    stage.arrived()
    assert tally(stage) == Tally(6, 0, 6, 0)


@pytest.mark.usefixtures("approved")
def test_what_waits_for_approval_is_moved_and_cancelled(stage: Stage) -> None:
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    assert "改在明天" in stage.say("赵敏", "改发送时间 明天上午九点")
    stage.play("陈静* 同意")
    assert tally(stage).pending == 6
    stage.move_to("2026-03-15 09:00")
    assert tally(stage).delivered == 6
    send(stage, "通知全体党员：周六劳动")
    stage.move_to("2026-03-16 11:00")
    assert "还没有发出，撤回就是取消" in stage.say("赵敏", "撤回通知")
    assert "没有发给任何人" in stage.say("赵敏", "确认")
    assert tally(stage, 2) == Tally(6, 0, 6, 0)


def test_two_secretaries_write_at_the_same_time(stage: Stage) -> None:
    with stage.assistant.storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        grant(session, find_member(session, "陈静"), Role.SECRETARY, root)
    stage.say("赵敏", "发通知")
    assert "（刘洋、王芳）" in stage.say("陈静", "给第一党小组发个通知，交学习笔记")
    assert "共 6 人" in stage.say("赵敏", "周三下午开支部大会")
    assert "周五前交学习笔记" in stage.say("陈静", "修改 周五前交学习笔记")
    assert "共 6 人" in stage.say("赵敏", "确认")
    assert "共 2 人" in stage.say("陈静", "确认")
    with stage.assistant.storage.read() as session:
        found = [(each.author_id, each.text) for each in notices.every(session)]
    assert [text for _, text in found] == ["周三下午开支部大会", "周五前交学习笔记"]
    assert len({author for author, _ in found}) == 2


def test_withdrawn_bubbles_are_taken_back_and_plain_copies_named(stage: Stage) -> None:
    stage.say("何雪", "我用微信看")
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    stage.say("赵敏", "催一下")
    stage.arrived()
    asked = stage.say("赵敏", "撤回通知")
    assert "在个人微信里看的那一份收不回来" in asked
    assert "群里" not in asked
    assert "6 人已送达的在收回" in stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    for userid, cards in (("zhaomin", 1), ("wangfang", 2), ("liwei", 2)):
        told = [each for each in stage.world.phone(userid).pushed() if each.card]
        assert len(told) == cards
        assert all(each.recalled for each in told)
    assert "已经撤回" in stage.say("王芳", "收到") or "没有发给您" in stage.say(
        "王芳", "收到"
    )
    assert "没有可以撤回的通知" in stage.say("赵敏", "撤回通知")
    shown = stage.say("赵敏", "更正 周五的会改到周六")
    assert "改动：周五→周六" in shown
    stage.say("赵敏", "确认")
    with stage.assistant.storage.read() as session:
        assert notices.find(session, 2).corrects == 1


def test_recall_after_a_day_is_refused(stage: Stage, clock: FakeClock) -> None:
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    clock.wait(hours=23, minutes=50)
    assert "撤回“周五开支部大会”吗" in stage.say("赵敏", "撤回通知")
    clock.wait(minutes=11)
    assert "超过 24 小时" in stage.say("赵敏", "确认")
    assert tally(stage).delivered == 6


def test_withdrawn_while_the_platform_is_away(stage: Stage, clock: FakeClock) -> None:
    """What was put off after a failure is stopped; nobody gets a withdrawn notice."""
    stage.world.faults.add("message/send", "errcode", times=1, code=-1)
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    assert tally(stage).pending == 6
    stage.say("赵敏", "撤回通知")
    assert "没有发给任何人" in stage.say("赵敏", "确认")
    clock.wait(hours=1)
    stage.arrived()
    assert tally(stage) == Tally(6, 0, 6, 0)


def test_withdrawn_while_a_deliverer_holds_it(stage: Stage) -> None:
    """What is just being sent is taken back with the next stroke of the clock."""
    said: list[str] = []

    def withdraw() -> None:
        if not said:
            said.append(stage.say("赵敏", "撤回通知"))
            said.append(stage.say("赵敏", "确认"))

    send(stage, "通知全体党员：周五开支部大会")
    kept = stage.assistant
    Delivery(kept.storage, kept.clock, kept.senders, withdraw).deliver_next()
    assert "6 人正在发送、送到后再收回" in said[1]
    assert tally(stage) == Tally(6, 6, 0, 0)
    for minute in ("05", "10"):
        stage.move_to(f"2026-03-14 10:{minute}")
        assert all(each.recalled for each in stage.world.phone("wangfang").pushed())
    assert stage.world.calls["message/recall"] == 1


def test_what_has_no_number_cannot_be_taken_back(
    stage: Stage, clock: FakeClock
) -> None:
    """Accepted, but the answer was lost: of the repeat WeCom says no msgid."""
    stage.world.faults.add("message/send", "reset_after", times=1)
    send(stage, "通知全体党员：周五开支部大会")
    stage.arrived()
    assert tally(stage).pending == 6
    stage.say("赵敏", "撤回通知")
    stage.say("赵敏", "确认")
    assert tally(stage).pending == 6
    clock.wait(seconds=30)
    stage.delivery.deliver_all()
    assert tally(stage) == Tally(6, 6, 0, 0)
    stage.move_to("2026-03-14 10:05")
    (bubble,) = stage.world.phone("wangfang").pushed()
    assert not bubble.recalled


def test_everyone_whom_it_cannot_reach_is_named(stage: Stage) -> None:
    with stage.assistant.storage.write() as session:
        member = find_member(session, "何雪")
        member.userid = member.account = None
        find_member(session, "陈静").state = "left"
    stage.world.add_member(Colleague("liwei", "李伟", visible=False))
    stage.world.add_member(Colleague("wangfang", "王芳", licensed=False))
    shown = stage.say("赵敏", "通知全体党员：周五开支部大会")
    assert "其中 1 人还没关联企业微信、收不到" in shown
    assert "陈静" not in shown
    stage.say("赵敏", "确认")
    stage.arrived()
    assert tally(stage) == Tally(5, 2, 3, 0)
    said = stage.say("赵敏", "谁没回复")
    for reason, name, advice in (
        ("可见范围", "李伟", "加进应用的可见范围"),
        ("许可", "王芳", "分配接口许可"),
        ("还没有关联", "何雪", "在名册里补上账号"),
    ):
        (line,) = [each for each in said.splitlines() if name in each]
        assert reason in line
        assert advice in line


def test_picture_and_link_go_with_the_notice(stage: Stage) -> None:
    stage.say("赵敏", "发通知")
    assert "内容是什么" in stage.world.picture("zhaomin", samples.PNG).text
    shown = stage.world.link("zhaomin", "学习材料", "https://example.com/a").text
    assert "学习材料 https://example.com/a" in shown
    assert "\n图片：通知图片1.jpg\n" in shown
    shown = stage.world.picture("zhaomin", samples.PNG + b"2").text
    assert "\n图片：通知图片1.jpg、通知图片2.jpg\n" in shown
    stage.say("赵敏", "确认")
    stage.arrived()
    kinds = [each.kind for each in stage.world.phone("liwei").pushed()]
    assert sorted(kinds) == ["image", "image", "template_card"]


def links(stage: Stage, userid: str) -> list[tuple[str, str, str]]:
    card = stage.world.phone(userid).pushed()[-1].card or {}
    lines = card.get("horizontal_content_list", [])
    return [(each["keyname"], each["value"], each["url"]) for each in lines]


def test_addresses_in_a_notice_open_from_its_card(stage: Stage) -> None:
    first, second = "https://www.12371.cn/special/zggcdzc/", "http://a.cn/x?b=1"
    send(stage, f"通知全体党员：请看{first}，再填表（{second}），不懂再看{first}。")
    stage.arrived()
    assert links(stage, "liwei") == [
        ("链接1", "www.12371.cn/special/zggcdzc/", first),
        ("链接2", "a.cn/x?b=1", second),
    ]
    long, too_long = "https://a.cn/" + "x" * 40, "https://a.cn/" + "y" * 1024
    send(stage, f"通知全体党员：请看 {too_long} 和 {long}")
    stage.arrived()
    assert links(stage, "liwei") == [("链接", "a.cn/" + "x" * 24 + "…", long)]
    many = [f"https://a.cn/{number}" for number in range(9)]
    send(stage, "通知全体党员：请看 " + " ".join(many))
    stage.arrived()
    assert [url for _, _, url in links(stage, "liwei")] == many[:6]
    send(stage, "通知全体党员：明天开会")
    stage.arrived()
    assert links(stage, "liwei") == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("请看 https://a.cn/b ，周四前填好表格", "请看，周四前填好表格"),
        ("请看https://a.cn/b，再填表（http://a.cn/x）", "请看，再填表"),
        ("https://a.cn/b", "https://a.cn/b"),
        ("周三 开会（301）。带笔", "周三 开会（301）"),
    ],
)
def test_title_without_addresses(text: str, title: str) -> None:
    assert notices.make_title(text) == title


def test_picture_goes_with_a_notice_long_after_wecom_forgot_it(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：看图")
    stage.world.picture("zhaomin", samples.PNG)
    stage.delivery.deliver_all()
    assert stage.world.calls["media/get"] == 1
    stage.say("赵敏", "试发给自己")
    stage.arrived()
    stage.say("赵敏", "下周五上午九点发")
    stage.say("赵敏", "确认")
    assert "4月3日" in stage.say("赵敏", "改发送时间 4月3日上午九点")
    stage.move_to("2026-03-20 04:00")
    stage.move_to("2026-04-03 09:00")
    assert pictures(stage, "liwei") == [samples.PNG]
    assert stage.world.calls["media/get"] == 1
    assert stage.world.calls["media/upload"] == 2


@pytest.mark.usefixtures("approved")
def test_picture_waits_for_approval_as_long_as_its_notice(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：看图")
    stage.world.picture("zhaomin", samples.PNG)
    stage.say("赵敏", "确认")
    stage.arrived()
    assert pictures(stage, "chenjing") == [samples.PNG]
    assert pictures(stage, "liwei") == []
    stage.move_to("2026-03-19 10:00")
    stage.play("陈静* 同意")
    assert pictures(stage, "liwei") == [samples.PNG]


def test_picture_that_could_not_be_fetched_keeps_no_text_back(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：看图")
    stage.world.faults.add("media/get", "errcode", times=None, code=40007)
    stage.world.picture("zhaomin", samples.PNG)
    stage.say("赵敏", "确认")
    stage.arrived()
    assert tally(stage) == Tally(6, 6, 0, 0)
    assert pictures(stage, "liwei") == []
    said = stage.say("赵敏", "谁没回复")
    assert "通知里的图片或文件有没送到的：图片或文件已失效" in said


def test_picture_of_a_draft_that_never_went_is_forgotten(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：看图")
    stage.world.picture("zhaomin", samples.PNG)
    stage.arrived()
    for moment, kept in (("2026-03-16 04:00", 1), ("2026-03-17 04:00", 0)):
        stage.say("赵敏", "取消")
        stage.move_to(moment)
        with stage.assistant.storage.read() as session:
            assert session.query(Attachment).count() == kept


def test_pictures_of_a_draft_are_taken_out_again(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：看图")
    for number in b"12":
        stage.world.picture("zhaomin", samples.PNG + bytes([number]))
    assert "图片：通知图片2.jpg\n" in stage.say("赵敏", "去掉 通知图片1.jpg")
    assert "图片" not in stage.say("赵敏", "去掉附件").replace("加图片", "")
    assert "图片" not in stage.say("赵敏", "去掉附件")
    for _ in range(enclosures.MOST):
        last = stage.world.picture("zhaomin", samples.PNG)
    assert "通知图片9.jpg" in last.text
    assert "最多带 9 个" in stage.world.picture("zhaomin", samples.PNG).text


def test_without_pages_a_picture_comes_by_chat(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：看图")
    for words in ("附文件", "怎么加图片", "上传附件", "加个附件"):
        assert "图片直接在这里发给我" in stage.say("赵敏", words)
    assert "正在发" in stage.say("赵敏", "确认")


def test_picture_without_a_draft_is_no_notice(stage: Stage) -> None:
    assert "只看得懂文字" in stage.world.picture("zhaomin", samples.PNG).text


def test_group_robot_says_it_too_and_takes_nothing_back(stage: Stage) -> None:
    shown = stage.say("赵敏", "通知全体党员：周五开支部大会")
    assert f"同时发到群：{GROUP}" in stage.say("赵敏", "同时发到群里")
    assert GROUP not in shown
    stage.say("赵敏", "确认")
    stage.arrived()
    (said,) = stage.world.phone(f"group:{GROUP}").pushed()
    assert "周五开支部大会" in said.text
    assert tally(stage).planned == 6
    assert "群里的那条要人工删" in stage.say("赵敏", "撤回通知")


def test_choice_is_counted_once_and_refused_after_the_deadline(
    stage: Stage, clock: FakeClock
) -> None:
    send(stage, "通知大家：周日植树", "选项 能参加/请假", "截止 今天下午五点")
    stage.arrived()
    assert "“周日植树”您选了请假" in stage.say("李伟", "请假")
    stage.play("李伟* 能参加")
    assert "已经回复过了" in stage.say("李伟", "能参加")
    for name in ("王芳", "陈静"):
        stage.play(f"{name}* 请假")
    stage.world.event("wangfang", "template_card_event", EventKey="receipt:1:1")
    said = stage.say("赵敏", "谁没回复")
    assert "已回复 3" in said
    assert "能参加 1，请假 2" in said
    clock.wait(hours=7, minutes=1)
    assert "已过了截止时间" in stage.say("何雪", "能参加")
    stage.arrived()
    stage.play("何雪* 能参加")
    stage.delivery.deliver_all()
    card, *_, told = stage.world.phone("hexue").pushed()
    assert card.button == "已截止"
    assert "已过了截止时间" in told.text
    assert "能参加 1，请假 2" in stage.say("赵敏", "谁没回复")
    assert "不再催了" in stage.say("赵敏", "催一下")


@pytest.mark.parametrize("key", ["receipt:x", "receipt:99", "receipt:1:7", "receipt:"])
def test_strange_button_records_nothing(stage: Stage, key: str) -> None:
    send(stage, "通知大家：周日植树", "选项 能参加/请假")
    stage.arrived()
    stage.world.event("wangfang", "template_card_event", EventKey=key)
    with stage.assistant.storage.read() as session:
        status = reach.status(session, notices.find(session, 1))
    assert status.acknowledged == 0


def test_notice_too_long_is_told_at_the_preview(stage: Stage) -> None:
    assert "最多 4000 字" in stage.say("赵敏", "发通知 " + "开会" * 2001)


def test_states_of_a_notice(stage: Stage) -> None:
    send(stage, "通知王芳：来一下", "明早九点发")
    assert tally(stage) == Tally(1, 0, 0, 1)
    stage.say("赵敏", "撤回通知")
    stage.say("赵敏", "确认")
    assert tally(stage) == Tally(1, 0, 1, 0)
    stage.move_to("2026-03-15 09:00")
    with stage.assistant.storage.read() as session:
        assert session.scalars(select(Notice.state)).all() == [State.WITHDRAWN]


def test_group_gets_the_pictures_too(stage: Stage) -> None:
    stage.say("赵敏", "通知全体党员：周五大扫除")
    stage.world.picture("zhaomin", samples.PNG)
    shown = stage.say("赵敏", "发到群里")
    assert f"同时发到群：{GROUP}" in shown
    stage.say("赵敏", "确认")
    stage.arrived()
    stage.move_to("2026-03-14 10:01")
    group = stage.world.phone(f"group:{GROUP}").pushed()
    assert [each.kind for each in group] == ["text", "image"]
    assert pictures(stage, f"group:{GROUP}") == [samples.PNG]


def test_the_robot_calls_the_silent_when_asked(stage: Stage) -> None:
    send(stage, "通知全体党员：周五大扫除")
    stage.arrived()
    stage.play("王芳* 收到")
    asked = stage.say("赵敏", "在群里@一下没回复的")
    assert f"在{GROUP}里@没回复“周五大扫除”的 4 人吗" in asked
    assert "王芳" not in asked
    assert stage.say("赵敏", "取消") == "好的，没有发。"
    stage.say("赵敏", "群里@没回复的")
    assert "@4 位还没回复的同志" in stage.say("赵敏", "确认")
    stage.arrived()
    (call,) = stage.world.phone(f"group:{GROUP}").pushed()
    assert "还没回复“周五大扫除”的同志" in call.text
    assert "wangfang" not in call.text
    assert "zhaomin" not in call.text
    assert "liwei" in call.text
    assert "刚催过" in stage.say("赵敏", "催一下")


@pytest.mark.parametrize(
    "said",
    [
        "能在群里@没回复的吗",
        "不要在群里@没回复的",
        "上次在群里@没回复的人了吗",
        "书记说在群里@一下没回复的",
    ],
)
def test_no_call_is_prepared_by_talk_of_one(stage: Stage, said: str) -> None:
    send(stage, "通知全体党员：周五大扫除")
    assert "回“确认”发" not in stage.say("赵敏", said)
