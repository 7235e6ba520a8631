"""民主评议 from the console: the same round as the chat's, and its papers."""

import re

from tests.server.console.visitor import Visitor
from tests.stage import Stage

PAGE = "/console/appraisal/"
VOTERS = ("王芳", "李伟", "刘洋", "陈静", "赵敏", "何雪")


def act(visitor: Visitor, path: str, **fields: str) -> str:
    visitor.get(PAGE)
    answer = visitor.post(PAGE + path, **fields)
    return visitor.follow(answer).text if answer.status_code == 303 else answer.text


def test_a_round_from_its_call_to_each_ones_word(
    secretary: Visitor, stage: Stage
) -> None:
    assert "截止还没有写" in act(secretary, "new", closes_at="")
    page = act(secretary, "new", closes_at="2026-03-04T18:00")
    assert "正在发，共 6 人" in page
    assert any("民主评议·不记名" in each for each in stage.arrived())
    assert "正在进行" in act(secretary, "new", closes_at="2026-03-04T18:00")
    for each in VOTERS:
        assert "投好了" in stage.say(each, "测评 王芳优秀，其余合格")
    stage.say("王芳", "自评 合格")
    assert "截止前只看人数" in secretary.get(PAGE).text
    page = act(secretary, "close")
    assert re.search('王芳</th><td>合格</td><td class="number">6</td>', page)
    assert "王芳：优秀6" in stage.say("赵敏", "评议情况")
    assert "没有定" in act(secretary, "opinions")
    numbers = re.findall('name="(grade[0-9]+)"', page)
    every = dict.fromkeys(numbers, "优秀")
    refused = act(secretary, "opinions", **every)
    assert "三分之一" in refused
    assert refused.count("<option selected>优秀") == len(numbers)
    assert "记下了" in act(secretary, "opinions", **dict.fromkeys(numbers, "合格"))
    assert f"正在反馈给 {len(numbers)} 位" in act(secretary, "told")
    assert any("您的等次是合格（自评：合格）" in each for each in stage.arrived())
    assert "已经反馈" in secretary.get(PAGE).text


def test_the_papers(secretary: Visitor) -> None:
    for paper in ("ballot", "count"):
        assert secretary.get(f"{PAGE}paper-{paper}.pdf").data[:4] == b"%PDF"
    assert secretary.get(f"{PAGE}paper-none.pdf").status_code == 404
    assert secretary.get(f"{PAGE}sheet.xlsx").status_code == 404
    act(secretary, "new", closes_at="2026-03-04T18:00")
    assert secretary.get(f"{PAGE}sheet.xlsx").data[:2] == b"PK"
