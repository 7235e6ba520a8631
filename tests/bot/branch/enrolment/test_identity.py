"""An account or a name that is used again brings nobody into another's life."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.enrolment import addressbook
from bot.branch.enrolment.addressbook import Colleague
from bot.branch.enrolment.enrolment import Summary, enrol
from bot.branch.people import members
from bot.branch.people.audit import Audit
from bot.branch.people.members import Member, Role, add_member, grant, link, set_joined
from bot.branch.people.tree import Branch, find_branch, plant
from bot.branch.personal_data import removal
from bot.branch.personal_data.departures import Departure
from bot.branch.study import checkins
from bot.branch.study.checkins import Study
from bot.errors import Refusal
from bot.files.roster.entry import Entry
from bot.inbox import open_questions
from bot.inbox.open_questions import Open
from bot.message import Text
from bot.outbox import Plan, Window
from bot.outbox.letters import Letter, Recipient
from tests.conftest import LONG_AGO
from tests.people import BRANCH, OTHER_BRANCH, find_member

JOINED, OTHER = date(2010, 5, 4), date(2021, 6, 30)
NEXT = LONG_AGO + timedelta(days=1)


@pytest.fixture
def root(session: Session) -> Branch:
    found = find_branch(session, BRANCH)
    assert found is not None
    return found


@pytest.fixture
def wang(session: Session, root: Branch) -> Member:
    """王磊, who wrote as wanglei and was secretary."""
    member = add_member(session, "王磊", root, LONG_AGO)
    link(member, "WangLei")
    set_joined(member, JOINED)
    grant(session, member, Role.SECRETARY, root)
    checkins.check_in(session, member, Study("党章", None, None), LONG_AGO, 1)
    return member


def bring(session: Session, root: Branch, *same: str, **row: Any) -> Summary:
    return enrol(session, [Entry(2, **row)], root, NEXT, same=same)


@pytest.mark.parametrize(
    "row",
    [
        {"name": "王蕾", "joined": OTHER},
        {"name": "王蕾"},
        {"name": "王蕾", "state": "active", "position": "书记"},
    ],
)
def test_another_of_the_account_is_refused_with_the_way_out(
    session: Session, root: Branch, wang: Member, row: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as told:
        bring(session, root, userid="wanglei", **row)
    said = str(told.value)
    assert said.startswith("第 2 行：账号 WangLei 在名册里是王磊（2010-05-04 入党），")
    assert "members remove WangLei" in said
    assert "--same WangLei" in said
    assert wang.name == "王磊"


@pytest.mark.parametrize(
    "row",
    [{"name": "王磊", "joined": OTHER}, {"name": "王石", "joined": JOINED}],
)
def test_one_of_name_and_day_may_be_corrected(
    session: Session, root: Branch, wang: Member, row: dict[str, Any]
) -> None:
    bring(session, root, userid="wanglei", **row)
    assert (wang.name, wang.joined) == (row["name"], row["joined"])


@pytest.mark.parametrize(
    "row",
    [{"name": "王磊", "joined": OTHER}, {"name": "王石", "joined": JOINED}],
)
def test_of_who_left_both_must_agree(
    session: Session, root: Branch, wang: Member, row: dict[str, Any]
) -> None:
    """Namesakes there are, and a whole year's intake joined on one day."""
    wang.state = "left"
    with pytest.raises(Refusal, match="已不在册"):
        bring(session, root, userid="wanglei", **row)
    bring(session, root, userid="wanglei", name="王磊", joined=JOINED, state="active")
    assert wang.state == "active"


def test_somebody_vouches_that_it_is_the_same(
    session: Session, root: Branch, wang: Member
) -> None:
    row = {"name": "王雷", "userid": "wanglei", "joined": OTHER}
    with pytest.raises(Refusal):
        bring(session, root, "zhaomin", **row)
    assert bring(session, root, "WANGLEI", **row).updated == ["王雷"]
    assert (wang.name, wang.joined) == ("王雷", OTHER)


@pytest.fixture
def namesakes(session: Session, root: Branch) -> list[Member]:
    """张伟 of each of two groups, and one of another branch."""
    groups = [plant(session, name, root) for name in ("教学组", "科研组")]
    other = find_branch(session, OTHER_BRANCH)
    assert other is not None
    return [add_member(session, "张伟", at, LONG_AGO) for at in (*groups, other)]


def test_a_row_of_an_unknown_group_is_no_second_person(
    session: Session, root: Branch, namesakes: list[Member]
) -> None:
    """Nobody of the name is there; whoever it is, he moved, and which is not said."""
    for row in ({"group": "新设组"}, {}):
        with pytest.raises(Refusal, match="有 2 位“张伟”，分不清是哪一位"):
            bring(session, root, name="张伟", **row)
    found = select(Member).where(Member.name == "张伟").order_by(Member.id)
    assert session.scalars(found).all() == namesakes


def test_the_group_tells_two_of_a_name_apart(
    session: Session, root: Branch, namesakes: list[Member]
) -> None:
    done = bring(session, root, name="张伟", group="科研组", userid="zhangwei")
    assert done.added == []
    assert [each.userid for each in namesakes] == [None, "zhangwei", None]


def test_a_namesake_in_another_branch_is_left_alone(
    session: Session, root: Branch, namesakes: list[Member]
) -> None:
    first, second, other = namesakes
    first.name = second.name = "张维"
    session.flush()
    done = bring(session, root, name="张伟", position="组织委员")
    assert (done.added, other.position) == (["张伟"], None)


def put_letter(session: Session, key: str, *people: tuple[int | None, str]) -> None:
    window = Window(NEXT, NEXT + timedelta(days=3))
    for member_id, user in people:
        plan = Plan(f"{key}{user}", "reminder", Text("给王磊的"), window)
        outbox.put_to(session, plan, user, member_id, now=LONG_AGO)


def test_nothing_that_waits_under_the_account_goes_out(
    session: Session, wang: Member
) -> None:
    put_letter(session, "a", (wang.id, "WangLei"), (wang.id, "old"), (None, "wanglei"))
    liwei = find_member(session, "李伟")
    put_letter(session, "b", (liwei.id, "liwei"))
    people = select(Member.id, Member.userid).where(Member.id.in_((wang.id, liwei.id)))
    both = Plan("c", "notice", Text("开会"), Window(NEXT, NEXT + timedelta(days=3)))
    outbox.put(session, both, people, now=LONG_AGO)
    open_questions.ask(session, "wecom:WangLei", Open("mute", "到哪天？", {}), NEXT)
    open_questions.ask(session, "wecom:liwei", Open("mute", "到哪天？", {}), NEXT)

    done = removal.remove(session, wang, "", NEXT)
    assert (done.revoked, done.stopped) == ([f"王磊：书记（{BRANCH}）"], 4)
    waiting = select(Recipient.user).where(Recipient.state == "pending")
    assert session.scalars(waiting).all() == ["liwei", "liwei"]
    left = session.scalars(select(Letter.unclaimed).order_by(Letter.id)).all()
    assert left == [0, 0, 0, 1, 1]
    assert outbox.unbalanced(session) == []
    assert open_questions.find(session, "wecom:WangLei", NEXT) is None
    assert open_questions.find(session, "wecom:liwei", NEXT) is not None


def test_what_is_kept_back_for_later_does_not_go_out_either(
    session: Session, wang: Member
) -> None:
    put_letter(session, "a", (wang.id, "WangLei"))
    kept = session.scalars(select(Recipient)).one()
    kept.held_until, kept.reason = NEXT, outbox.WEEK_FULL
    letter = session.scalars(select(Letter)).one()
    letter.unclaimed = 0
    assert removal.remove(session, wang, "", NEXT).stopped == 1
    session.expire_all()
    assert (kept.state, kept.reason) == ("refused", "已移出名册")
    assert session.scalar(select(Recipient.held_until)) is None
    assert letter.unclaimed == 0


def test_after_the_removal_the_account_is_another_person_s(
    session: Session, root: Branch, wang: Member
) -> None:
    removal.remove(session, wang, "调到外校", NEXT)
    assert session.get_one(Departure, wang.id).since == NEXT
    line = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert line
    assert (line.action, line.subject_id) == ("members.remove", wang.id)
    assert line.details == "调到外校"

    bring(session, root, name="王蕾", userid="wanglei", joined=OTHER)
    new = members.find(session, "wanglei")
    assert new is not None
    assert (new.name, new.id == wang.id) == ("王蕾", False)
    assert members.standing(session, new).role == Role.MEMBER
    assert checkins.record(session, new, NEXT.date()).total == 0
    assert checkins.record(session, wang, NEXT.date()).total == 1


@pytest.mark.parametrize(
    "row",
    [
        {"userid": "wanglei"},
        {"userid": "wanglei2", "joined": OTHER},
        {"state": "active"},
        {"state": "active", "joined": OTHER},
    ],
)
def test_a_namesake_of_who_was_removed_is_somebody_new(
    session: Session, root: Branch, wang: Member, row: dict[str, Any]
) -> None:
    removal.remove(session, wang, "", NEXT)
    assert bring(session, root, name="王磊", **row).added == ["王磊"]
    assert (wang.state, wang.account) == ("left", None)


def test_who_was_removed_comes_back_by_name_and_day(
    session: Session, root: Branch, wang: Member
) -> None:
    removal.remove(session, wang, "", NEXT)
    row = {"name": "王磊", "userid": "wanglei", "joined": JOINED, "state": "active"}
    assert bring(session, root, **row).added == []
    found = members.find(session, "wanglei")
    assert found == wang


def test_the_address_book_tells_of_another_s_name(
    session: Session, root: Branch, wang: Member
) -> None:
    people = [
        Colleague("wanglei", "王蕾"),
        Colleague("chenjing", "陈静-机械学院"),
        Colleague("liwei", "liwei"),
        Colleague("wangfang", "王芳"),
    ]
    sync = addressbook.link_accounts(session, people, root)
    (said,) = sync.refused
    assert "在通讯录里叫“王蕾”，在名册里是王磊（2010-05-04 入党）" in said
    assert "members remove wanglei" in said
    assert (wang.name, sync.linked, sync.unknown) == ("王磊", [], [])
    assert addressbook.add_unknown(session, people, root, NEXT) == []

    window = Window(NEXT, NEXT + timedelta(days=3))
    for _ in range(2):
        addressbook.tell_secretaries(session, sync.renamed, window, NEXT)
    told = session.execute(
        select(Recipient.user, Letter.body).join(
            Letter, Letter.id == Recipient.letter_id
        )
    ).all()
    assert [user for user, _ in told] == ["zhaomin"], "once, and not to the account"
    assert "请马上告诉管理员，把王磊从名册里移出" in told[0].body["text"]
    assert "xiangyang" not in told[0].body["text"]


def test_who_left_known_by_the_account_alone_gives_nothing_on(
    session: Session, root: Branch
) -> None:
    members.ensure_secretaries(session, ["ZhouLan"], root, LONG_AGO)
    shadow = find_member(session, "ZhouLan")
    shadow.state = "left"
    new = add_member(session, "周兰", root, LONG_AGO)
    sync = addressbook.link_accounts(session, [Colleague("zhoulan", "周兰")], root)
    assert (sync.linked, len(sync.refused)) == ([], 1)
    assert members.roles(session, new) == []


def test_nothing_is_odd_afterwards(
    session: Session, root: Branch, wang: Member
) -> None:
    removal.remove(session, wang, "", NEXT)
    again = datetime(2026, 2, 1, tzinfo=NEXT.tzinfo)
    assert not wang.account
    assert removal.remove(session, wang, "", again).revoked == []
    assert session.get_one(Departure, wang.id).since == NEXT


@pytest.fixture
def marked(session: Session, root: Branch) -> list[Member]:
    """Two that are called 张伟（大）, in branches of their own, and 张伟（小）."""
    places = [plant(session, name, root) for name in ("教学组", "第二支部", "实训组")]
    made = []
    for at, mark, joined in zip(
        places, "大大小", (JOINED, OTHER, date(2015, 7, 1)), strict=True
    ):
        made.append(add_member(session, "张伟", at, LONG_AGO))
        made[-1].mark = mark
        set_joined(made[-1], joined)
    return made


@pytest.mark.parametrize(
    ("row", "meant"),
    [
        ({"mark": "大", "joined": JOINED}, 0),
        ({"mark": "大", "joined": OTHER}, 1),
        ({"mark": "小"}, 2),
        ({"mark": "小", "joined": date(2015, 7, 1)}, 2),
        ({"mark": "小", "joined": date(2016, 7, 1)}, 2),
    ],
)
def test_of_one_mark_the_day_tells(
    session: Session,
    root: Branch,
    marked: list[Member],
    row: dict[str, Any],
    meant: int,
) -> None:
    done = bring(session, root, name="张伟", position="组织委员", **row)
    assert done.added == []
    told = [each.position for each in marked]
    assert told.pop(meant) == "组织委员"
    assert told == [None, None]


def test_a_day_that_another_mark_has_too_is_the_mark_s(
    session: Session, root: Branch, marked: list[Member]
) -> None:
    set_joined(marked[2], JOINED)
    bring(session, root, name="张伟", mark="大", joined=JOINED, position="组织委员")
    assert [each.position for each in marked] == ["组织委员", None, None]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"mark": "大"}, "有 2 位“张伟（大）”，分不清"),
        ({"mark": "大", "joined": date(2016, 7, 1)}, "分不清是哪一位"),
        ({"mark": "大", "joined": date(2015, 7, 1)}, "张伟（小）"),
        ({"mark": "小", "joined": JOINED}, "张伟（大）"),
    ],
)
def test_a_mark_that_says_one_and_a_day_another_are_asked_about(
    session: Session, root: Branch, marked: list[Member], row: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        bring(session, root, name="张伟", **row)
    assert len(marked) == 3
