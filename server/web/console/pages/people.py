"""/console/people/: the roster of the branch: who is on it, what is known of each."""

from flask import request
from werkzeug.wrappers import Response

from bot.branch.enrolment import roll
from bot.branch.people import audit, listing, members, offices, phones
from bot.branch.people.members import Category, Member
from bot.branch.personal_data import removal
from bot.calendar.party_age import party_age
from bot.calendar.say import say_date
from server.web.console.audience_form import list_nodes
from server.web.console.desk import Desk
from server.web.console.page import Page
from server.web.console.paging import turn_to
from server.web.pages.answers import PageRefusal

PEOPLE = Page("people", "名册", order=30)
NOT_HERE = "名册里没有这位同志。"


@PEOPLE.get("/", looks=True)
def list_people(desk: Desk) -> str:
    words = request.args.get("words", "").strip()
    category = request.args.get("category", "")
    session, branch = desk.session, desk.branch
    rows = turn_to(
        listing.count(session, branch, words, category),
        lambda offset, limit: listing.turn(
            session, branch, words, category, offset, limit
        ),
    )
    others = [each.id for each, *_ in rows.rows if each.id != desk.member.id]
    if others:
        audit.note(session, desk.member, "members.list", desk.now, subjects=others)
    people = [
        {
            "id": each.id,
            "name": called,
            "node": node,
            "category": each.category or "",
            "joined": say_date(each.joined) if each.joined else "",
            "position": each.position or "",
            "linked": each.userid is not None,
        }
        for each, called, node in rows.rows
    ]
    asked = {"words": words, "category": category}
    return desk.show(
        "people.html",
        rows=rows,
        people=people,
        asked={name: value for name, value in asked.items() if value},
        categories=list(Category),
        counted=roll.count_by_category(session, branch),
    )


@PEOPLE.get("/<int:number>", looks=True)
def show_person(desk: Desk, number: int) -> str:
    member = find(desk, number)
    if member.id != desk.member.id:
        who = [member.id]
        audit.note(desk.session, desk.member, "members.view", desk.now, subjects=who)
    today, joined = desk.now.date(), member.joined
    age = party_age(joined, member.full_member_since, today) if joined else None
    return desk.show(
        "person.html",
        member=member,
        called=member.called,
        branch=members.party_branch(desk.session, member).name,
        group=members.group_name(desk.session, member) or "",
        age=age,
        held=offices.held(desk.session, member),
        phone=phones.own(desk.session, member),
        categories=list(Category),
        nodes=list_nodes(desk),
        kept_days=desk.config.retention.departed.days,
        seen=_mark(desk, member),
    )


@PEOPLE.post("/<int:number>/leave", again=show_person)
def leave(desk: Desk, number: int) -> Response:
    """Take somebody out of the roster, as 登记转出 does in the chat."""
    member = find(desk, number)
    desk.check_unchanged(*state_of(member))
    members.take_roster(desk.session)
    named = desk.config.branch.secretaries
    removal.check(desk.session, member, desk.member, desk.branch, named)
    where = desk.sent.get("where", "").strip()[:60]
    why = f"调到{where}" if where else "转出"
    called = member.called
    done = removal.remove(desk.session, member, why, desk.now, by=desk.member)
    held = f"收回权限：{'、'.join(done.revoked)}。" if done.revoked else ""
    return desk.done(f"登记好了：{called}{why}。{held}", "people-list_people")


def find(desk: Desk, number: int) -> Member:
    """Find somebody of the branch. Raises PageRefusal for anybody else."""
    member = listing.find(desk.session, desk.branch, number)
    if member is None or member.state != "active":
        raise PageRefusal(404, NOT_HERE)
    return member


def _mark(desk: Desk, member: Member) -> str:
    return desk.mark(*state_of(member))


def state_of(member: Member) -> list[object]:
    return [
        member.marked,
        member.userid,
        member.branch_id,
        member.category,
        member.joined,
        member.full_member_since,
        member.position,
        member.state,
    ]
