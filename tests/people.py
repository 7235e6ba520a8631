"""The branch that every test lives in; all invented. Their names say what they may do.

- 赵敏 is the secretary of the branch.
- 陈静 sits on its committee, 刘洋 leads the first group.
- 王芳 is a member; her political birthday is 2 March, the day the clock stands at.
- 李伟 is a member who joined on a 29 February.
- 何雪 is a probationary member.
- 孙丽 is a member of another branch and must see nothing of this one.
- 吴刚 is the secretary of a third branch; he has no account and is told nothing.
- 邵棠 was of this branch, and left it.
- 路人 works in the company and is nobody to us: refused everywhere.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.branch.people.members import (
    Category,
    Member,
    Role,
    add_member,
    ensure_root,
    grant,
    link,
    set_joined,
)
from bot.branch.people.tree import plant
from server.twin.people import Member as Colleague
from server.twin.world import World

BRANCH, OTHER_BRANCH, GROUP = "智能制造教工党支部", "机关党支部", "第一党小组"


@dataclass(frozen=True)
class Person:
    userid: str
    name: str
    joined: date | None = None
    full_since: date | None = None
    role: Role = Role.MEMBER
    branch: str = BRANCH


PEOPLE = (
    Person("zhaomin", "赵敏", date(2004, 6, 18), date(2005, 6, 18), Role.SECRETARY),
    Person("chenjing", "陈静", date(2009, 12, 4), date(2010, 12, 4), Role.COMMITTEE),
    Person("liuyang", "刘洋", date(2016, 9, 1), date(2017, 9, 1), Role.LEADER, GROUP),
    Person("wangfang", "王芳", date(2011, 3, 2), date(2012, 3, 2), branch=GROUP),
    Person("liwei", "李伟", date(2012, 2, 29), date(2013, 2, 28)),
    Person("hexue", "何雪", date(2025, 10, 10)),
    Person("sunli", "孙丽", date(1998, 7, 1), date(1999, 7, 1), branch=OTHER_BRANCH),
)
# What is filtered by branch, account or state meets somebody to leave out.
THIRD_BRANCH, ELSEWHERE, LEFT = "后勤党支部", "吴刚", "邵棠"
STRANGER = "stranger"
USERID = {each.name: each.userid for each in PEOPLE} | {"路人": STRANGER}
NAME = {userid: name for name, userid in USERID.items()}


def enrol_everyone(session: Session, now: datetime) -> None:
    root = ensure_root(session, BRANCH)
    branches = {
        BRANCH: root,
        GROUP: plant(session, GROUP, root),
        OTHER_BRANCH: plant(session, OTHER_BRANCH),
    }
    for each in PEOPLE:
        member = add_member(session, each.name, branches[each.branch], now)
        link(member, each.userid)
        set_joined(member, each.joined)
        member.full_member_since = each.full_since
        member.category = Category.FULL if each.full_since else Category.PROBATIONARY
        if each.role > Role.MEMBER:
            grant(session, member, each.role, branches[each.branch])
    third = plant(session, THIRD_BRANCH)
    grant(session, add_member(session, ELSEWHERE, third, now), Role.SECRETARY, third)
    gone = add_member(session, LEFT, root, now)
    link(gone, "shaotang")
    set_joined(gone, date(2011, 3, 2))
    gone.state, gone.category = "left", Category.FULL


def find_member(session: Session, name: str) -> Member:
    found = session.query(Member).filter_by(name=name).one()
    assert isinstance(found, Member)
    return found


def move_in(world: World) -> None:
    """Give everybody, and the stranger, a phone."""
    for userid, name in NAME.items():
        world.add_member(Colleague(userid, name))
