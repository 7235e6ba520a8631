"""The papers of a formal vote from the console: by the same rules as the chat's."""

from io import BytesIO
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bot.branch.people.audit import Audit
from tests.server.console.visitor import Visitor
from tests.stage import Stage

PAGE = "/console/formal/"
STANDING = {"names": "王芳、李伟\n刘洋", "seats": "2"}
MOTIONS = "同意何雪转正\n同意接收孙丽为预备党员"


def test_the_page_says_who_has_a_vote(secretary: Visitor, stage: Stage) -> None:
    assert "选票和表决票</a>" in secretary.get("/console/ballots/").text
    page = secretary.get(PAGE).text
    assert "有表决权的正式党员" in page
    assert "至少到会" in page
    told = stage.say("赵敏", "有表决权的名单")
    count = told.split("正式党员 ")[1].split(" 人")[0]
    assert f"选票印 {count} 张" in page


@pytest.mark.parametrize(
    ("path", "fields", "name"),
    [
        ("voters", {"matter": "election"}, "有表决权的党员名单"),
        ("election", {**STANDING, "paper": "ballot"}, "选票-"),
        ("election", {**STANDING, "paper": "count"}, "选举计票单-"),
        ("motion", {"motions": "同意何雪转正"}, "表决票-1-同意何雪转正.pdf"),
        ("motion", {"motions": MOTIONS, "paper": "count"}, "表决票汇总表-"),
    ],
)
def test_a_paper(
    secretary: Visitor, path: str, fields: dict[str, str], name: str
) -> None:
    secretary.get(PAGE)
    for _ in range(2):  # a paper may be printed again from the page that is open
        answer = secretary.post(PAGE + path, **fields)
        assert answer.data[:4] == b"%PDF"
        assert quote(name) in answer.headers["Content-Disposition"]


def test_several_matters_come_in_one_file(secretary: Visitor) -> None:
    secretary.get(PAGE)
    answer = secretary.post(f"{PAGE}motion", motions=MOTIONS)
    names = ZipFile(BytesIO(answer.data)).namelist()
    wanted = ["表决票-1-同意何雪转正.pdf", "表决票-2-同意接收孙丽为预备党员.pdf"]
    assert names == wanted


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("voters", {"day": "昨天吧"}, "不像日期"),
        ("election", {**STANDING, "names": " "}, "候选人还没有写"),
        ("election", {**STANDING, "names": "查无此人"}, "名册里没有"),
        ("election", {**STANDING, "names": "何雪"}, "没有被选举权"),
        ("election", {**STANDING, "seats": "4"}, "比应选的 4 名少"),
        ("election", {**STANDING, "seats": "两"}, "应选几名填"),
        ("motion", {"motions": ""}, "还没有写"),
        ("motion", {"motions": "换届选举"}, "选举用选票"),
        ("motion", {"motions": "同意何雪转正\n" * 11}, "最多 10 件"),
    ],
)
def test_what_cannot_be_printed(
    secretary: Visitor, path: str, fields: dict[str, str], said: str
) -> None:
    secretary.get(PAGE)
    answer = secretary.post(PAGE + path, **fields)
    assert (answer.status_code, said in answer.text) == (409, True)
    typed = fields.get("names", "").strip()
    assert not typed or typed in answer.text


def test_who_took_the_list_is_written_down(secretary: Visitor) -> None:
    secretary.get(PAGE)
    secretary.post(f"{PAGE}voters")
    with secretary.assistant.storage.read() as session:
        actions = session.scalars(select(Audit.action)).all()
    assert "meetings.export" in actions


def test_a_paper_may_be_asked_for_twice(secretary: Visitor) -> None:
    """The same form, sent again from the page that still stands there."""
    secretary.get(PAGE)
    form = {**secretary.form, "once": "k" * 20}
    for _ in range(2):
        secretary.form = dict(form)
        assert secretary.post(f"{PAGE}voters").status_code == 200
