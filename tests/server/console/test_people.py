"""The roster from the console: seen with a trace, changed as by a roster's file."""

from io import BytesIO

import pytest
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.branch.people.audit import Audit
from bot.branch.people.members import Member, Role, grant, roles
from bot.branch.people.tree import Branch
from server.web.console.desk import CHANGED
from tests.fakes.clock import FakeClock
from tests.people import GROUP, find_member
from tests.server.console.visitor import Visitor
from tests.stage import Stage

LIST, NEW = "/console/people/", "/console/people/new"


def number_of(assistant: Assistant, name: str) -> int:
    with assistant.storage.read() as session:
        return find_member(session, name).id


def fields(assistant: Assistant, name: str, /, **more: str) -> dict[str, str]:
    """The form of somebody as her page has it."""
    with assistant.storage.read() as session:
        member = find_member(session, name)
        return {
            "name": member.name,
            "userid": member.userid or "",
            "node": str(member.branch_id),
            "category": member.category or "",
            "joined": str(member.joined or ""),
        } | more


def test_the_list_and_who_looked(secretary: Visitor, assistant: Assistant) -> None:
    page = secretary.get(LIST).text
    assert "王芳" in page
    for other in ("孙丽", "吴刚", "邵棠"):
        assert other not in page
    assert "刘洋" in secretary.get(LIST, words="第一党小组").text
    assert "何雪" in secretary.get(LIST, category="预备党员").text
    assert "王芳" not in secretary.get(LIST, category="预备党员").text
    with assistant.storage.read() as session:
        looks = session.scalars(select(Audit.action)).all()
    assert set(looks) == {"members.list"}


def test_one_member_is_changed(
    secretary: Visitor, assistant: Assistant, stage: Stage
) -> None:
    number = number_of(assistant, "李伟")
    secretary.get(f"{LIST}{number}")
    sent = fields(assistant, "李伟", position="组织委员")
    page = secretary.follow(secretary.post(f"{LIST}{number}", **sent)).text
    assert "职务 （空） → 组织委员" in page
    assert "给了权限" in page
    assert "组织委员" in stage.say("赵敏", "李伟的入党时间")
    with assistant.storage.read() as session:
        assert roles(session, find_member(session, "李伟")) == [Role.COMMITTEE]
    assert "赵敏" in stage.say("李伟", "谁看过我的信息")


def test_a_name_and_an_account_are_changed_of_that_one(
    secretary: Visitor, assistant: Assistant
) -> None:
    number = number_of(assistant, "李伟")
    secretary.get(f"{LIST}{number}")
    sent = fields(assistant, "李伟", name="李玮", userid="liwei2")
    assert secretary.post(f"{LIST}{number}", **sent).status_code == 303
    with assistant.storage.read() as session:
        member = session.get_one(Member, number)
        assert (member.name, member.account) == ("李玮", "liwei2")
    secretary.get(f"{LIST}{number}")
    sent |= {"userid": "wangfang"}
    assert "是王芳的" in secretary.post(f"{LIST}{number}", **sent).text


def test_two_tabs(secretary: Visitor, assistant: Assistant) -> None:
    number = number_of(assistant, "李伟")
    secretary.get(f"{LIST}{number}")
    first = dict(secretary.form)
    secretary.get(f"{LIST}{number}")
    sent = fields(assistant, "李伟", joined="2012-03-01")
    assert secretary.post(f"{LIST}{number}", **sent).status_code == 303
    late = secretary.post(
        f"{LIST}{number}", **fields(assistant, "李伟", position="宣传委员"), **first
    )
    assert (late.status_code, CHANGED in late.text) == (409, True)
    assert "宣传委员" in late.text


def test_somebody_is_added(
    secretary: Visitor, assistant: Assistant, stage: Stage
) -> None:
    secretary.get(NEW)
    with assistant.storage.read() as session:
        node = find_member(session, "王芳").branch_id
    sent = {"name": "周舟", "node": str(node), "category": "入党积极分子"}
    page = secretary.follow(secretary.post(NEW, **sent)).text
    assert "加好了：周舟" in page
    assert GROUP in stage.say("赵敏", "周舟的入党时间")
    secretary.get(NEW)
    assert "已经有这位" in secretary.post(NEW, **sent).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "姓名"),
        ({"name": "周舟", "joined": "2030-01-01"}, "入党日期"),
        ({"name": "周舟", "userid": "sunli"}, "别的支部"),
        ({"name": "周舟", "userid": "有 空格"}, "账号"),
    ],
)
def test_what_is_wrong_is_said(
    secretary: Visitor, assistant: Assistant, sent: dict[str, str], said: str
) -> None:
    secretary.get(NEW)
    answer = secretary.post(NEW, **sent)
    assert (answer.status_code, said in answer.text) == (409, True), answer.text
    with assistant.storage.read() as session:
        assert not session.scalars(select(Member).where(Member.name == "周舟")).all()


def test_who_leaves(secretary: Visitor, assistant: Assistant, stage: Stage) -> None:
    number = number_of(assistant, "李伟")
    secretary.get(f"{LIST}{number}")
    page = secretary.post(f"{LIST}{number}/leave", where="机械系")
    assert "登记好了：李伟调到机械系" in secretary.follow(page).text
    assert secretary.get(f"{LIST}{number}").status_code == 404
    own = number_of(assistant, "赵敏")
    secretary.get(f"{LIST}{own}")
    assert "唯一的书记" in secretary.post(f"{LIST}{own}/leave").text


def test_others_members_are_none(secretary: Visitor, assistant: Assistant) -> None:
    for name in ("孙丽", "吴刚", "邵棠"):
        number = number_of(assistant, name)
        for path in (f"{LIST}{number}", f"{LIST}{number}/leave"):
            secretary.get(NEW)
            answer = secretary.post(path) if "leave" in path else secretary.get(path)
            assert answer.status_code == 404


# --- a file


def roster(*rows: str) -> tuple[BytesIO, str]:
    text = "\n".join(["姓名,企业微信账号,入党日期,党内职务", *rows])
    return BytesIO(text.encode()), "../../名册<b>.csv"


def test_a_roster_is_shown_before_it_is_taken_in(
    secretary: Visitor, assistant: Assistant, clock: FakeClock
) -> None:
    path = "/console/people/import"
    secretary.get(path)
    file = roster("李伟,liwei,2012-02-28,", "周舟,zhouzhou,2020-07-01,")
    shown = secretary.post(f"{path}/upload", file=file)
    assert shown.status_code == 200
    assert "新加 1，更新 1" in shown.text
    assert "入党日期 2012-02-29 → 2012-02-28" in shown.text
    with assistant.storage.read() as session:
        assert str(find_member(session, "李伟").joined) == "2012-02-29"
        assert not session.scalars(select(Member).where(Member.name == "周舟")).all()
    number = shown.text.partition('name="number" value="')[2].partition('"')[0]
    done = secretary.post(path, number=number)
    assert "新加 1 人，更新 1 人" in secretary.follow(done).text
    secretary.get(path)
    assert "已经不在了" in secretary.post(path, number=number).text
    with assistant.storage.read() as session:
        assert str(find_member(session, "李伟").joined) == "2012-02-28"


def test_a_roster_of_others_or_with_faults_changes_nothing(
    secretary: Visitor, assistant: Assistant
) -> None:
    path = "/console/people/import/upload"
    secretary.get("/console/people/import")
    for file, said in (
        (roster("孙丽,sunli,1998-07-01,"), "别的支部"),
        (roster("李伟,liwei,后天,", "王,x,,"), "第 2 行"),
        ((BytesIO(b""), "x.xlsx"), ""),
    ):
        answer = secretary.post(path, file=file)
        assert (answer.status_code, said in answer.text) == (409, True), answer.text
        secretary.get("/console/people/import")


def test_a_file_of_one_is_not_anothers(
    secretary: Visitor, assistant: Assistant
) -> None:
    secretary.get("/console/people/import")
    shown = secretary.post(
        "/console/people/import/upload", file=roster("周舟,zhouzhou,2020-07-01,")
    )
    number = shown.text.partition('name="number" value="')[2].partition('"')[0]
    with assistant.storage.write() as session:
        li = find_member(session, "李伟")
        grant(session, li, Role.SECRETARY, session.get_one(Branch, li.branch_id))
    other = Visitor(assistant)
    other.sign_in("liwei")
    other.get("/console/people/import")
    assert "已经不在了" in other.post("/console/people/import", number=number).text
