"""Today, study, birthdays, reminders, questions: what is done here is done in chat."""

from io import BytesIO

import pytest

from bot.assistant.answering import Assistant
from bot.branch.notices import notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import Audience
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment
from bot.config.settings import Config
from server.web.console.counted_months import add_counted_months
from server.web.console.desk import CHANGED
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.console.visitor import Visitor
from tests.stage import Stage

C = "/console/"


def number_of(assistant: Assistant, name: str) -> int:
    with assistant.storage.read() as session:
        return find_member(session, name).id


def test_today_tells_what_waits(secretary: Visitor, stage: Stage) -> None:
    stage.play("赵敏> 发通知 周五开会\n赵敏> 确认\n王芳> 问书记 活动室怎么借")
    stage.play("王芳> 确认")
    page = secretary.get(C).text
    assert "还有 5 人没回复" in page
    assert "个问题等您答复" in page
    assert "王芳（15 周年）" in page


def test_what_the_committee_sees_of_today(assistant: Assistant, stage: Stage) -> None:
    stage.play("赵敏> 发通知 周五开会\n赵敏> 确认")
    chen = Visitor(assistant)
    chen.sign_in("chenjing")
    page = chen.get(C).text
    for hidden in ("还在等回复", "政治生日", "/console/people/", "/console/audit/"):
        assert hidden not in page


@pytest.mark.parametrize(("word", "said"), [("yes", "审批通过"), ("no", "没有通过")])
def test_a_second_person_lets_a_notice_go(
    assistant: Assistant, stage: Stage, word: str, said: str
) -> None:
    chen = Visitor(assistant)
    chen.sign_in("chenjing")
    with assistant.storage.write() as session:
        zhao = find_member(session, "赵敏")
        branch = session.get_one(Branch, zhao.branch_id)
        draft = Draft("周五开会", Audience(branch.id))
        sender = Desk(zhao, branch, needs_approval=True)
        number = notices.publish(session, sender, draft, assistant.clock.now()).id
    assert "同意发出" in chen.get(C).text
    answer = chen.post(f"{C}approvals/{number}/{word}")
    assert said in chen.follow(answer).text
    assert any("周五开会" in each and "王芳" in each for each in stage.arrived()) == (
        word == "yes"
    )
    own = Visitor(assistant)
    own.sign_in("zhaomin")
    own.get(f"{C}account/")
    assert own.post(f"{C}approvals/{number}/yes").status_code == 404


def test_a_month_of_study_is_planned(secretary: Visitor, stage: Stage) -> None:
    secretary.get(f"{C}study/")
    stale = dict(secretary.form)
    done = secretary.post(f"{C}study/plan", month="2026-03", day5="学党章第一章")
    assert "新排 1 天" in secretary.follow(done).text
    assert "学党章第一章" in stage.say("王芳", "3月5日学什么")
    secretary.get(f"{C}study/", month="2026-03")
    late = secretary.post(
        f"{C}study/plan",
        month="2026-03",
        day6="读原著",
        **{**secretary.form, "seen": stale["seen"]},
    )
    assert (late.status_code, CHANGED in late.text) == (409, True)
    assert "读原著" in late.text
    stage.say("王芳", "打卡 学习强国 42分")
    page = secretary.get(f"{C}study/").text
    assert "每天打卡的人数（只有合计）" in page
    assert "学习强国" not in page


def test_birthdays_and_their_cards(
    secretary: Visitor, assistant: Assistant, stage: Stage
) -> None:
    number = number_of(assistant, "李伟")
    page = secretary.get(f"{C}birthdays/").text
    assert "王芳" in page
    shown = secretary.get(f"{C}birthdays/{number}").text
    assert "card.png" in shown
    card = secretary.get(f"{C}birthdays/{number}/card.png")
    assert card.data.startswith(b"\x89PNG")
    secretary.get(f"{C}birthdays/{number}")
    done = secretary.post(f"{C}birthdays/{number}/words", words="愿您永葆初心。")
    assert "改好了" in secretary.follow(done).text
    assert "愿您永葆初心" in stage.say("赵敏", "预览祝福 李伟")
    secretary.get(f"{C}birthdays/{number}")
    assert (
        "停发了" in secretary.follow(secretary.post(f"{C}birthdays/{number}/stop")).text
    )
    secretary.get(f"{C}birthdays/{number}")
    again = secretary.post(f"{C}birthdays/{number}/stop", resume="1")
    assert "恢复了" in secretary.follow(again).text
    secretary.get(f"{C}birthdays/")
    done = secretary.post(f"{C}birthdays/look", style="paper", size="a5", seal="同心")
    page = secretary.follow(done).text
    assert "宣纸、A5尺寸" in page
    assert "上次由赵敏改" in page
    assert "由赵敏改" in secretary.get(f"{C}settings/").text
    other = number_of(assistant, "孙丽")
    assert secretary.get(f"{C}birthdays/{other}/card.png").status_code == 404


def test_a_card_is_printed_for_an_office_and_for_a_print_shop(
    secretary: Visitor, assistant: Assistant
) -> None:
    card = f"{C}birthdays/{number_of(assistant, '李伟')}/card"
    for form in ("white", "bleed"):
        assert secretary.get(f"{card}-{form}.pdf").data.startswith(b"%PDF")
    assert secretary.get(f"{card}-poster.pdf").status_code == 404


def test_reminders(secretary: Visitor, stage: Stage) -> None:
    path = f"{C}reminders/"
    secretary.get(path)
    sent = {"text": "交思想汇报", "when": "每周五下午四点", "whole": "party"}
    page = secretary.follow(secretary.post(f"{path}new", **sent)).text
    assert "设好了，第 1 个" in page
    assert "交思想汇报" in stage.say("赵敏", "我的提醒")
    secretary.get(path)
    again = secretary.post(f"{path}new", **sent)
    assert (again.status_code, "已经有了（第 1 个）" in again.text) == (409, True)
    for act, said in (("pause", "暂停了"), ("resume", "恢复了"), ("cancel", "取消了")):
        secretary.get(path)
        assert said in secretary.follow(secretary.post(f"{path}1/{act}")).text
    secretary.get(path)
    for wrong in ({"when": "某天"}, {"text": ""}, {"whole": "named"}):
        bad = secretary.post(f"{path}new", **{**sent, **wrong})
        assert bad.status_code == 409
        secretary.get(path)
    assert secretary.post(f"{path}99/cancel").status_code == 404


def test_questions_and_knowledge(secretary: Visitor, stage: Stage) -> None:
    path = f"{C}knowledge/"
    stage.play("王芳> 问书记 活动室怎么借\n王芳> 确认")
    assert "活动室怎么借" in secretary.get(path).text
    done = secretary.post(f"{path}questions/1", text="找陈静登记。", keep="1")
    assert "也收进了支部知识" in secretary.follow(done).text
    assert any("找陈静登记" in each for each in stage.arrived())
    assert "找陈静登记" in stage.say("李伟", "活动室怎么借")
    secretary.get(path)
    new = secretary.post(f"{path}new", title="缴费时间", text="每月十号前缴党费。")
    assert "收下了" in secretary.follow(new).text
    secretary.get(path)
    file = (BytesIO("会议室钥匙在三楼。".encode()), "../钥匙.txt")
    assert (
        "共 1 段" in secretary.follow(secretary.post(f"{path}upload", file=file)).text
    )
    page = secretary.get(path).text
    assert "钥匙（文件）" in page
    gone = secretary.post(f"{path}1", remove="1")
    assert gone.status_code in (303, 409)


def test_a_rehearsal_shows_only_ones_own(secretary: Visitor) -> None:
    page = secretary.get(f"{C}rehearsal/", days="3").text
    assert "政治生日祝福" in page
    assert "王芳" in page
    assert "孙丽" not in page


def test_a_month_that_takes_long_to_count_is_counted_once_in_a_while(
    secretary: Visitor, stage: Stage, clock: FakeClock
) -> None:
    add_counted_months(secretary.client.application, long=0.0)
    page = f"{C}quiet/"
    stage.play("赵敏> 通知全体党员：周五开会\n赵敏> 确认")
    stage.arrived()
    at = say_moment(clock.now(), clock.now())
    assert "通知：1 次" in secretary.get(page).text
    stage.play("赵敏> 通知全体党员：周六植树\n赵敏> 确认")
    stage.arrived()
    clock.wait(minutes=9)
    kept = secretary.get(page).text
    assert ("通知：1 次" in kept, f"数到{at}" in kept) == (True, True)
    clock.wait(minutes=1)
    again = secretary.get(page).text
    assert ("通知：2 次" in again, f"数到{at}" in again) == (True, False)
    assert "数到" not in secretary.get(page, month="2026-02").text


def test_quiet_audit_and_settings_hold_no_secret(
    secretary: Visitor, config: Config
) -> None:
    assert "减负自查" in secretary.get(f"{C}quiet/").text
    secretary.get(f"{C}people/")
    looks = secretary.get(f"{C}audit/").text
    assert "列出名册" in looks
    page = secretary.get(f"{C}settings/").text
    assert config.wecom
    for secret in (config.wecom.secret, config.wecom.encoding_aes_key):
        assert secret.get_secret_value() not in page
