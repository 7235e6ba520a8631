"""What only the chat could do before: told by a form, done by steps, seen in both."""

import re
from typing import Any

import pytest

from bot.assistant.answering import Assistant
from tests.server.console.visitor import Visitor
from tests.stage import Stage

ALL = "/console/records/"


def tell(visitor: Visitor, kind: str, **fields: Any) -> str:
    """Send a kind's form; return what the page says that it leads to."""
    assert visitor.get(f"{ALL}{kind}/new").status_code == 200
    return visitor.follow(visitor.post(f"{ALL}{kind}/new", **fields)).text


def refuse(visitor: Visitor, kind: str, **fields: Any) -> str:
    visitor.get(f"{ALL}{kind}/new")
    answer = visitor.post(f"{ALL}{kind}/new", **fields)
    assert answer.status_code == 409, answer.text
    return answer.text


def step(visitor: Visitor, number: int, name: str, **fields: Any) -> str:
    assert visitor.get(f"{ALL}entry/{number}").status_code == 200
    path = f"{ALL}entry/{number}/steps/{name}"
    return visitor.follow(visitor.post(path, **fields)).text


def is_denied(visitor: Visitor, number: int, name: str, **fields: Any) -> bool:
    """Whether a step is neither offered nor, with a mark that fits, done."""
    page = visitor.get(f"{ALL}entry/{number}").text
    path = f"{ALL}entry/{number}/steps/{name}"
    answer = visitor.post(path, **{"once": "another", **fields})
    return f"steps/{name}" not in page and answer.status_code in (403, 409)


def move_to(stage: Stage, when: str, *visitors: tuple[Visitor, str]) -> None:
    """Let days pass; whoever was signed in signs in again."""
    stage.move_to(when)
    for visitor, userid in visitors:
        visitor.sign_in(userid)
        visitor.get("/console/")


@pytest.fixture
def committee(assistant: Assistant) -> Visitor:
    visitor = Visitor(assistant)
    visitor.sign_in("chenjing")
    visitor.get("/console/")
    return visitor


def test_a_talk_counts_when_both_say_so(
    secretary: Visitor, committee: Visitor, stage: Stage
) -> None:
    page = tell(secretary, "talk", day="2026-03-01", people="赵敏、陈静", how="当面")
    assert "等对方确认" in page
    assert "谈过，确认" not in page  # she has said so by telling of it
    assert "双方都确认了" in step(committee, 1, "confirm")
    assert is_denied(committee, 1, "confirm")
    assert "赵敏" in committee.get(f"{ALL}talk/").text
    assert "应" in secretary.get(f"{ALL}talk/").text
    assert "谈话的两个人" in refuse(
        secretary, "talk", day="2026-03-01", people="王芳、李伟"
    )


def test_a_talk_that_was_none_is_taken_back(secretary: Visitor, stage: Stage) -> None:
    stage.play("王芳> 昨天和赵敏谈心了，记一下\n王芳> 确认")
    assert "不计数" in step(secretary, 1, "deny")
    assert "0 次" in secretary.get(f"{ALL}talk/").text


def test_dues_are_paid_once_a_month(secretary: Visitor, stage: Stage) -> None:
    paid = {"day": "2026-03", "people": "王芳", "amount": "42"}
    assert "本人报" in tell(secretary, "dues", **paid)
    assert "已经" in refuse(secretary, "dues", **{**paid, "amount": "50"})
    secretary.get(f"{ALL}entry/1")
    moved = secretary.post(f"{ALL}entry/1/moves/checked")
    assert "已核对" in secretary.follow(moved).text
    page = secretary.get(f"{ALL}dues/").text
    assert "党费台账</caption>" in page
    assert "王芳" in stage.say("赵敏", "党费台账")


def test_a_visit_is_booked_and_received(secretary: Visitor, stage: Stage) -> None:
    booked = {"day": "2026-03-05", "company": "金华职院", "real": "20"}
    page = tell(secretary, "visit", **booked)
    assert "已约" in page
    assert "还没到" in _refused_step(secretary, 1, "arrive", real="18")
    move_to(stage, "2026-03-05 10:00", (secretary, "zhaomin"))
    page = step(secretary, 1, "arrive", real="18", people="王芳")
    assert "实到 18 人" in page
    assert "已接待" in page
    assert "18 人次" in stage.say("赵敏", "今年接待了多少批")


def _refused_step(visitor: Visitor, number: int, name: str, **fields: Any) -> str:
    visitor.get(f"{ALL}entry/{number}")
    answer = visitor.post(f"{ALL}entry/{number}/steps/{name}", **fields)
    assert answer.status_code == 409, answer.text
    return answer.text


def test_an_appointment_is_between_the_two(
    secretary: Visitor, committee: Visitor, stage: Stage
) -> None:
    page = tell(committee, "appointment", host="王芳", day="2026-03-05", time="15:00")
    assert "去约了王芳" in page
    assert "等您：同意约谈 1" in stage.say("王芳", "我的约谈")
    assert "没有记录" in secretary.get(f"{ALL}appointment/").text
    assert secretary.get(f"{ALL}entry/1").status_code == 404
    moved = step(committee, 1, "move", day="2026-03-06", time="9:30")
    assert "09:30" in moved
    stage.say("王芳", "同意约谈 1")
    assert "约好了" in committee.get(f"{ALL}entry/1").text
    assert "不像几点" in _refused_step(
        committee, 1, "move", day="2026-03-06", time="下午"
    )
    assert "取消了" in step(committee, 1, "off")
    assert "和别人谈" in refuse(committee, "appointment", host="陈静")


def test_a_concern_keeps_its_secret(
    secretary: Visitor, committee: Visitor, stage: Stage
) -> None:
    said = {"what": "教室的投影仪坏了", "sort": "设施", "sign": "只给书记"}
    assert "送给书记了" in tell(committee, "concern", **said)
    assert "陈静" in secretary.get(f"{ALL}entry/1").text
    assert "没有说是谁提的" in step(secretary, 1, "take", office="李伟")
    stage.play("王芳> 反映一下，食堂太贵\n王芳> 2\n王芳> 确认")
    assert "没有说是谁提的" in step(secretary, 2, "take", office="陈静")
    seen = committee.get(f"{ALL}entry/2").text
    assert "食堂太贵" in seen
    assert "王芳" not in seen
    assert "王芳" not in committee.get(f"{ALL}concern/").text
    assert is_denied(committee, 2, "answer", answer="在办")
    assert "答复了第 1 件" in step(secretary, 1, "answer", answer="周五换好")
    assert "办结了" in step(committee, 1, "rate", content="满意")
    wrong = refuse(committee, "concern", what="x", sign="匿名", sort="其他")
    assert "匿名现在办不了" in wrong
    assert "12388" in refuse(
        committee, "concern", what="我要举报院长受贿", sign="署名", sort="其他"
    )


def test_a_bulletin_is_reviewed_by_others(
    secretary: Visitor, committee: Visitor, stage: Stage
) -> None:
    stage.play("王芳> 今天去万盛机械调试设备半天\n王芳> 确认")
    assert "没有依据不写" in refuse(secretary, "bulletin", day="2026-02-01")
    assert "存成草稿了" in tell(secretary, "bulletin", day="2026-03-02")
    assert "不能审自己写的" in _refused_step(secretary, 2, "review")
    assert "一审过了" in step(committee, 2, "review")
    long = "第一段\n" + "很长的一段" * 60
    page = step(secretary, 2, "edit", title="下企业", text=long)
    assert "三审要重新来" in page
    assert "第一段\n很长" in page
    assert is_denied(committee, 2, "send", platform="育人号")
    assert "下企业" in stage.say("赵敏", "看简报 2")


def test_works_go_their_way(
    secretary: Visitor, committee: Visitor, stage: Stage
) -> None:
    call = {"title": "廉洁文化周", "sorts": "摄影、书画", "day": "2026-03-10"}
    assert "24 点截止" in tell(secretary, "call", **call, jury="刘洋", popular="不投票")
    work = {
        "title": "清风",
        "call": "廉洁文化周",
        "sort": "摄影",
        "show": "只在校内",
        "portrait": "没有人像",
        "people": "陈静",
    }
    assert "原创" in tell(committee, "work", **work)
    assert "只收摄影、书画" in refuse(committee, "work", **{**work, "sort": "征文"})
    back = step(secretary, 2, "back", why="缺原图")
    assert "退回了作品 2" in back
    committee.get(f"{ALL}entry/2")
    mended = committee.post(f"{ALL}entry/2", **{**work, "title": "清风徐来"})
    assert "重新交上去了" in committee.follow(mended).text
    assert "形式审查通过" in step(secretary, 2, "pass")
    assert "还不能开始" in _refused_step(secretary, 1, "judge")
    move_to(stage, "2026-03-11 10:00", (secretary, "zhaomin"))
    assert "编了盲评号" in step(secretary, 1, "judge")
    stage.say("刘洋", "1号 主题35 艺术28 创新26")
    assert "1 件获奖" in step(secretary, 1, "award", until="2026-03-12")
    people = (secretary, "zhaomin"), (committee, "chenjing")
    move_to(stage, "2026-03-13 10:00", *people)
    assert "公布了" in step(secretary, 1, "announce")
    assert "展出 1 件" in step(secretary, 1, "show")
    assert "网页已经撤下" in step(committee, 2, "consent", show="不展示")
    assert "一等奖" in stage.say("陈静", "作品评奖结果")


def test_the_other_forms(secretary: Visitor, stage: Stage) -> None:
    assert "第 1 条" in tell(
        secretary,
        "honour",
        title="优秀党支部",
        level="校级",
        people="王芳",
        day="2026-02-01",
    )
    assert "第 2 条" in tell(secretary, "post", title="数控岗", people="王芳")
    assert "第 3 条" in tell(
        secretary, "development", people="何雪", paper="转正申请", day="2026-03-01"
    )
    assert "数控岗" in stage.say("赵敏", "先锋岗")
    listed = {"list": "七个一", "title": "读一本书", "day": "2026-01-01", "target": "1"}
    tell(secretary, "task", **listed)
    done = {"list": "七个一", "title": "读一本书", "day": "2026-03-01"}
    tell(secretary, "mark", **done, people="王芳")
    secretary.get(f"{ALL}entry/5")
    own = secretary.post(f"{ALL}entry/5/moves/confirmed")
    assert own.status_code == 403  # she marked it herself
    page = secretary.get(f"{ALL}mark/").text
    assert "2026 年七个一</caption>" in page
    assert "<td>报</td>" in page
    tell(secretary, "pledge", title="带两个徒弟", people="王芳", day="2026-03-01")
    assert "还没交的" in secretary.get(f"{ALL}pledge/").text


def test_who_lacks_what_is_not_for_everybody(
    secretary: Visitor, committee: Visitor
) -> None:
    tell(secretary, "dues", day="2026-03", people="王芳", amount="42")
    for kind in ("talk", "dues", "mark", "pledge"):
        assert "<caption>" not in committee.get(f"{ALL}{kind}/").text
    assert re.search("<caption>.*谈心谈话", secretary.get(f"{ALL}talk/").text)


def test_a_step_from_another_tab_is_stale(secretary: Visitor) -> None:
    booked = {"day": "2026-03-02", "company": "金华职院", "booked": "20"}
    tell(secretary, "visit", **booked)
    secretary.get(f"{ALL}entry/1")
    stale = dict(secretary.form)
    step(secretary, 1, "arrive", real="18")
    late = secretary.post(f"{ALL}entry/1/steps/arrive", **stale, real="19")
    assert late.status_code == 409
    assert "变化" in late.text
