"""Records of every kind: told by a form of their kind, counted as in the chat."""

from io import BytesIO
from typing import Any

import pytest

from bot.assistant.answering import Assistant
from bot.branch.console.sendings import ANOTHER
from bot.branch.records.declared import every_kind
from server.web.console.desk import CHANGED
from tests.server.console.visitor import Visitor
from tests.stage import Stage

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
ALL = "/console/records/"
FORM: dict[str, Any] = {
    "day": "2026-03-01",
    "company": "万盛机械",
    "people": "王芳、李伟",
    "hours": "3",
    "sort": "技术服务",
    "paid": "无偿",
    "what": "调试设备",
}


@pytest.fixture
def told(secretary: Visitor) -> Visitor:
    secretary.get(f"{ALL}service/new")
    done = secretary.post(f"{ALL}service/new", **FORM)
    assert "记下了，第 1 条" in secretary.follow(done).text
    return secretary


@pytest.mark.parametrize("kind", [each.name for each in every_kind()])
def test_every_kind_has_its_pages(secretary: Visitor, kind: str) -> None:
    page = secretary.get(f"{ALL}{kind}/")
    assert page.status_code == 200
    form = secretary.get(f"{ALL}{kind}/new")
    assert (form.status_code, 'name="once"' in form.text) == (200, True)
    assert f"/console/records/{kind}/new" in page.text
    assert secretary.get(f"{ALL}{kind}/ledger.xlsx").data[:2] == b"PK"


def test_what_is_told_here_is_counted_in_chat(told: Visitor, stage: Stage) -> None:
    assert "2 人次" in stage.say("赵敏", "今年服务了多少次")
    page = told.get(f"{ALL}service/").text
    assert "1 次，2 人次，6 工时，1 家单位" in page
    assert "万盛机械" in page
    assert "没有记录" in told.get(f"{ALL}service/", year="2025").text
    assert "没有记录" in told.get(f"{ALL}service/", sort="培训").text
    for odd in ({"year": "x"}, {"state": "none"}, {"sort": "none"}, {"page": "-1"}):
        assert told.get(f"{ALL}service/", **odd).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": ""}, "没写日期"),
        ({"day": "2026-04-01"}, "还没到"),
        ({"people": "张三丰"}, "名册里没有"),
        ({"hours": "许多"}, "要一个数"),
        ({"sort": "没有的"}, "要填其中一个"),
        ({"what": "长" * 300}, "最多 200 字"),
    ],
)
def test_what_is_wrong_is_said(
    secretary: Visitor, fields: dict[str, str], said: str
) -> None:
    secretary.get(f"{ALL}service/new")
    answer = secretary.post(f"{ALL}service/new", **{**FORM, **fields})
    assert (answer.status_code, said in answer.text) == (409, True)
    assert "万盛机械" in answer.text


def test_the_same_is_told_once(told: Visitor) -> None:
    first = told.get(f"{ALL}service/new").text
    assert 'name="again"' not in first  # there is none to be another than
    again = told.post(f"{ALL}service/new", **FORM)
    assert (again.status_code, "同一次" in again.text) == (409, True)
    assert 'name="again"' in again.text
    told.get(f"{ALL}service/new")
    assert told.post(f"{ALL}service/new", **FORM, again="1").status_code == 303


def test_a_correction_leaves_its_trace(told: Visitor, stage: Stage) -> None:
    told.get(f"{ALL}entry/1")
    stale = dict(told.form)
    done = told.post(f"{ALL}entry/1", **{**FORM, "hours": "4"})
    page = told.follow(done).text
    assert "更正好了" in page
    assert "<li>3月2日（周一）08:00 更正</li>" in page
    same = told.post(f"{ALL}entry/1", **{**FORM, "hours": "4"}, **stale)
    assert same.status_code == 303  # led to what came of it
    back = told.post(f"{ALL}entry/1", **{**FORM, "hours": "5"}, **stale)
    assert (back.status_code, ANOTHER in back.text) == (409, True)
    assert 'value="5"' in back.text
    told.get(f"{ALL}entry/1")
    fresh = {**told.form, "seen": stale["seen"]}
    late = told.post(f"{ALL}entry/1", **{**FORM, "hours": "5"}, **fresh)
    assert (late.status_code, CHANGED in late.text) == (409, True)
    told.get(f"{ALL}entry/1")
    assert "入账" in told.follow(told.post(f"{ALL}entry/1/moves/entered")).text
    told.get(f"{ALL}entry/1")
    gone = told.follow(told.post(f"{ALL}entry/1/withdraw")).text
    assert "不再计数" in gone
    assert "没有记录" in gone


def test_evidence_is_kept_with_its_number(told: Visitor) -> None:
    told.get(f"{ALL}entry/1")
    done = told.post(f"{ALL}entry/1/evidence/upload", file=(BytesIO(PNG), "单子.png"))
    page = told.follow(done).text
    assert "佐证是 服务-0001-1 号" in page
    assert "企业已确认" in page
    shown = told.get(f"{ALL}entry/1/evidence/1")
    assert (shown.data, shown.mimetype) == (PNG, "image/png")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert told.get(f"{ALL}entry/1/evidence/2").status_code == 404
    told.get(f"{ALL}entry/1")
    bad = told.post(f"{ALL}entry/1/evidence/upload", file=(BytesIO(b"MZ" * 9), "a.exe"))
    assert (bad.status_code, "传不了" in bad.text) == (409, True)


def test_a_spreadsheet_is_taken_in_whole_or_not(secretary: Visitor) -> None:
    rows = "日期,服务对象,人员,时长\n2026-03-01,万盛机械,王芳,3\n"
    path = f"{ALL}service/upload"
    secretary.get(f"{ALL}service/")
    done = secretary.post(path, file=(BytesIO(rows.encode()), "x.csv"))
    assert "记下了 1 条" in secretary.follow(done).text
    secretary.get(f"{ALL}service/")
    wrong = rows.replace("03-01", "02-01") + "2026-02-02,万盛机械,某人,3\n"
    bad = secretary.post(path, file=(BytesIO(wrong.encode()), "x.csv"))
    assert (bad.status_code, "第 3 行" in bad.text) == (409, True)


def test_what_only_its_people_see(
    told: Visitor, stage: Stage, assistant: Assistant
) -> None:
    """A talk is the two's and the secretary's; the committee sees none of it."""
    stage.play("王芳> 昨天和李伟谈心了，记一下\n王芳> 确认")
    assert "王芳" in told.get(f"{ALL}talk/").text
    chen = Visitor(assistant)
    chen.sign_in("chenjing")
    assert "没有记录" in chen.get(f"{ALL}talk/").text
    assert chen.get(f"{ALL}entry/2").status_code == 404
    assert chen.get(f"{ALL}entry/1").status_code == 200
    assert chen.get(f"{ALL}entry/99").status_code == 404
    assert chen.get(f"{ALL}nothing/").status_code == 404
