"""Steps of the way into the Party from the console, by the rules of the chat."""

import pytest

from tests.server.console.visitor import Visitor
from tests.stage import Stage

LIST = "/console/development/"


def note(visitor: Visitor, **fields: str) -> tuple[int, str]:
    visitor.get(LIST)
    answer = visitor.post(f"{LIST}new", **fields)
    if answer.status_code == 303:
        return 303, visitor.follow(answer).text
    return answer.status_code, answer.text


def test_a_step_is_noted_and_told_in_chat(secretary: Visitor, stage: Stage) -> None:
    done = note(secretary, step="activist", name="周涛", day="2026-03-01")
    assert done[0] == 303, done[1]
    assert "登记好了：周涛确定为入党积极分子 2026年3月1日" in done[1]
    assert "周涛" in stage.say("赵敏", "近期到期")
    again = note(secretary, step="activist", name="周涛", day="2026-03-01")
    assert "早就登记过" in again[1]
    told = note(secretary, step="elected", day="2024-06-20", years="3")
    assert "任期 3 年" in told[1]
    assert "任期届满" in secretary.get(LIST).text
    assert "发展" in secretary.get("/console/audit/").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"step": "x", "day": "2026-03-01"}, "哪一步"),
        ({"step": "activist", "day": "2026-03-01"}, "哪位同志"),
        ({"step": "activist", "name": "周涛", "day": "2026-03-09"}, "还没到"),
        ({"step": "full", "name": "王芳", "day": "2026-03-01"}, "不能登记"),
        ({"step": "full", "name": "不是名字呀呀", "day": "2026-03-01"}, "没有"),
        ({"step": "talks", "day": ""}, "哪一天"),
    ],
)
def test_what_cannot_be_noted(
    secretary: Visitor, fields: dict[str, str], said: str
) -> None:
    status, text = note(secretary, **fields)
    assert (status, said in text) == (409, True), text
