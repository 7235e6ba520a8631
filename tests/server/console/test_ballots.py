"""Votes without names from the console: asked, counted, closed; never what of whom."""

from typing import Any

import pytest

from bot.branch.ballots import polls
from server.web.console.pages.ballots import FORMAL
from tests.server.console.visitor import Visitor
from tests.stage import Stage

LIST = "/console/ballots/"
FORM: dict[str, Any] = {
    "question": "下次主题党日去哪",
    "choices": "烈士陵园\n纪念馆\n敬老院",
    "purpose": "征求意见",
    "closes_at": "2026-03-04T18:00",
}
VOTERS = ("王芳", "李伟", "刘洋", "陈静", "赵敏")


def test_a_vote_is_asked_and_counted(secretary: Visitor, stage: Stage) -> None:
    secretary.get(f"{LIST}new")
    preview = secretary.post(f"{LIST}new/preview", **FORM)
    assert "每人最多选 1 个" in preview.text
    page = secretary.follow(secretary.post(f"{LIST}new", **FORM)).text
    assert "还没投的" in page
    assert any("下次主题党日去哪" in each for each in stage.arrived())
    for each in VOTERS:
        stage.say(each, "投票 1")
    page = secretary.get(f"{LIST}1").text
    assert "截止前只看人数" in page
    assert "烈士陵园：5" not in page
    closed = secretary.follow(secretary.post(f"{LIST}1/close")).text
    assert "烈士陵园：5" in closed
    assert "<caption>下次主题党日去哪</caption>" in closed
    assert "烈士陵园：5" in stage.say("赵敏", "投票情况")
    assert "已结束" in secretary.get(LIST).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": ""}, "还没有写"),
        ({"question": "同意何雪转正"}, FORMAL[:20]),
        ({"choices": "一个"}, "选项要 2 到"),
        ({"closes_at": ""}, "截止还没有写"),
        ({"closes_at": "2027-03-04T18:00"}, "一个月以内"),
        ({"most": "3"}, "要比选项少"),
        ({"most": "x"}, "不像个数"),
        ({"places": "4"}, "排不出"),
    ],
)
def test_what_cannot_be_asked(
    secretary: Visitor, fields: dict[str, str], said: str
) -> None:
    secretary.get(f"{LIST}new")
    answer = secretary.post(f"{LIST}new/preview", **{**FORM, **fields})
    assert (answer.status_code, said in answer.text) == (409, True)
    with secretary.assistant.storage.read() as session:
        assert not polls.every(session)


def test_a_vote_is_given_up_once(secretary: Visitor) -> None:
    secretary.get(f"{LIST}new")
    secretary.follow(secretary.post(f"{LIST}new", **FORM, places="2"))
    stale = dict(secretary.form)
    secretary.get(f"{LIST}1")
    page = secretary.follow(secretary.post(f"{LIST}1/void", why="写错了")).text
    assert "作废" in page
    assert "写错了" in page
    again = secretary.post(f"{LIST}1/close", **stale)
    assert again.status_code == 409
    assert secretary.get(f"{LIST}9").status_code == 404
