"""Role × page × branch, cell by cell: who opens what, and of whose.

A new page fails here until somebody decides who may open it. Whoever may, reaches his
own part of the tree only; with another's number it is as if there were none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.assistant.answering import Assistant
from bot.branch.ballots.polls import Poll, State
from bot.branch.console import links
from bot.branch.meetings import calls
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.plans import Plan
from bot.branch.notices import notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import Audience
from bot.branch.people.members import (
    Category,
    Member,
    Role,
    add_member,
    grant,
    link,
    set_joined,
)
from bot.branch.people.tree import Branch, plant
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.reminders import reminders
from bot.branch.reminders.draft import ReminderDraft
from bot.errors import Denied
from bot.maintenance import upgrade
from bot.storage.database import Storage
from server.setup.wiring import build_assistant
from server.twin.world import World
from server.web.console import all_pages
from server.web.console.account import ACCOUNT
from server.web.console.page import POST
from tests.conftest import KEY, ZONE, make_settings
from tests.fakes.clock import FakeClock
from tests.server.browser import with_pages
from tests.server.console.visitor import Visitor

C, S = Role.COMMITTEE, Role.SECRETARY
# Who may, by endpoint: decided here, not read from the code.
COMMITTEE = """
today-show_today today-decide
meetings-list_meetings meetings-show_meeting meetings-send_minutes meetings-send_sign_in
meetings-mark meetings-decide meetings-add_point meetings-add_resolution meetings-drop
meetings-take_step
records-list_kinds records-list_records records-send_ledger records-write_record
records-add_record records-take_file records-show_record records-correct
records-withdraw records-move records-take_step records-take_evidence
records-send_evidence
account-show_devices account-end_device account-sign_out account-sign_out_everywhere
"""
SECRETARIES = """
notices-list_notices notices-show_notice notices-show_live notices-nudge notices-recall
notices-write_notice notices-preview_notice notices-send_notice
notices-list_templates notices-keep_template notices-change_template
people-list_people people-show_person people-leave people-write_person people-add_person
people-change_person people-choose_roster people-preview_roster people-take_roster_in
meetings-write_call meetings-preview_call meetings-send_call meetings-write_move
meetings-move meetings-cancel
study-show_study study-write_plan
ballots-list_ballots ballots-write_ballot ballots-preview_ballot ballots-open_ballot
ballots-show_ballot ballots-close ballots-void
formal-show_papers formal-send_voters formal-send_election formal-send_motion
appraisal-show_round appraisal-open_round appraisal-close appraisal-set_opinions
appraisal-tell_each appraisal-send_paper appraisal-send_sheet
development-list_deadlines development-note_step
birthdays-list_birthdays birthdays-show_birthday birthdays-send_card birthdays-reword
birthdays-send_paper birthdays-stop birthdays-choose_look
reminders-list_reminders reminders-set_reminder reminders-act
knowledge-list_knowledge knowledge-answer knowledge-add knowledge-take_document
knowledge-change
inspection-show_gaps inspection-send_pack
rehearsal-show_rehearsal quiet-show_quiet audit-list_looks settings-show_settings
settings-change settings-undo settings-keep_school
"""
MAY = {**dict.fromkeys(COMMITTEE.split(), C), **dict.fromkeys(SECRETARIES.split(), S)}
OWN_NUMBERS = frozenset(("account-end_device",))
NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
ABOVE, HERE, GROUP, BESIDE = "机械系党总支", "第一党支部", "第一党小组", "第二党支部"
POST_OF = {ABOVE: "总支岗", HERE: "一支岗", GROUP: "小组岗", BESIDE: "二支岗"}
SCOPE = {ABOVE: {ABOVE, HERE, GROUP, BESIDE}, HERE: {HERE, GROUP}, BESIDE: {BESIDE}}
PLACES = (ABOVE, HERE, GROUP, BESIDE)
ROLES = (Role.MEMBER, Role.LEADER, Role.COMMITTEE, Role.SECRETARY)


@dataclass
class House:
    """The assistant of a small tree, and what each branch has of its own.

    things: by branch, then by a word of the address: member, notice, meeting, record.
    """

    assistant: Assistant
    things: dict[str, dict[str, int]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    storage = Storage(f"sqlite:///{folder / 'house.db'}")
    upgrade.upgrade(storage)
    clock = FakeClock(NOON)
    world = World("wwtest", 1000002, "appsecret", "token", KEY, clock.now)
    config = with_pages(make_settings(f"sqlite:///{folder / 'house.db'}", world))
    branch = config.branch.model_copy(update={"name": ABOVE, "secretaries": ()})
    config = config.model_copy(update={"branch": branch})
    built = House(build_assistant(config, storage=storage, clock=clock))
    with storage.write() as session:
        root = session.query(Branch).filter_by(name=ABOVE).one()
        here = plant(session, HERE, root)
        nodes = {
            ABOVE: root,
            HERE: here,
            GROUP: plant(session, GROUP, here),
            BESIDE: plant(session, BESIDE, root),
        }
        for place, node in nodes.items():
            people = [_enrol(session, place, node, role) for role in ROLES]
            if place != GROUP:
                built.things[place] = _furnish(session, node, people)
    yield built
    storage.close()


def userid(place: str, role: Role) -> str:
    return f"p{PLACES.index(place)}r{int(role)}"


def _enrol(session: object, place: str, node: Branch, role: Role) -> Member:
    name = f"{'总一组二'[PLACES.index(place)]}{'员组委书'[role - 1]}岚"
    member = add_member(session, name, node, NOON)  # type: ignore[arg-type]
    link(member, userid(place, role))
    set_joined(member, date(2010, 3, 5))
    member.category, member.position = Category.FULL, POST_OF[place]
    if role > Role.MEMBER:
        grant(session, member, role, node)  # type: ignore[arg-type]
    return member


def _furnish(session: object, node: Branch, people: list[Member]) -> dict[str, int]:
    """Give a branch a notice, a meeting, a record and a reminder of its own."""
    secretary, word = people[-1], POST_OF[node.name]
    sender = Desk(secretary, node)
    draft = Draft(f"{word}的通知", Audience(node.id))
    notice = notices.publish(session, sender, draft, NOON)  # type: ignore[arg-type]
    plan = Plan(
        Kind.GENERAL,
        node.id,
        starts_at=NOON.replace(day=4),
        name=f"{word}的大会",
        recorder=people[2].id,
    )
    meeting, _ = calls.call(session, sender, plan, NOON)  # type: ignore[arg-type]
    kind = find_kind("service")
    values = {
        "day": "2026-03-01",
        "company": f"{word}公司",
        "people": [[people[0].id, people[0].name]],
        "hours": 2.0,
    }
    row = book.record(
        session,  # type: ignore[arg-type]
        kind,
        kind.grant(values),
        Teller(secretary, node),
        NOON,
    )
    wish = ReminderDraft(
        f"{word}的提醒", Audience(node.id), once_at=NOON.replace(day=5)
    )
    kept = reminders.keep(session, secretary, node, wish, NOON)  # type: ignore[arg-type]
    poll = Poll(
        branch_id=node.id,
        author_id=secretary.id,
        purpose="征求意见",
        question=f"{word}的投票",
        choices={"offered": ["去", "不去"]},
        most=1,
        state=State.OPEN,
        opens_at=NOON,
        closes_at=NOON.replace(day=9),
        results={},
        why="",
    )
    session.add(poll)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return {
        "ballots": poll.id,
        "people": people[0].id,
        "birthdays": people[0].id,
        "notices": notice.id,
        "meetings": meeting.id,
        "records": row.id,
        "reminders": kept.id,
        "member": people[0].id,
    }


def routes() -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and rule of every address of the console."""
    for page in (*all_pages(), ACCOUNT):
        for route in page.routes:
            yield page.endpoint(route), route.method, page.prefix + route.rule


ROUTES = {name: (method, rule) for name, method, rule in routes()}


def test_every_page_says_who_may() -> None:
    assert ROUTES.keys() == MAY.keys()


def address_of(rule: str, things: Mapping[str, int]) -> str:
    page = rule.split("/")[1]
    filled = rule.replace("<int:number>", str(things.get(page, 0)))
    filled = filled.replace("<int:member>", str(things["member"]))
    for name, value in (
        ("<name>", "service"),
        ("<int:place>", "1"),
        ("<int:line>", "1"),
        ("<step>", "send"),
        ("<word>", "yes"),
        ("<state>", "entered"),
        ("<act>", "pause"),
        ("<form>", "white"),
        ("<paper>", "ballot"),
    ):
        filled = filled.replace(name, value)
    return f"/console{filled}"


# --- who comes in at all


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_who_comes_in(house: House, place: str, role: Role) -> None:
    visitor = Visitor(house.assistant)
    if role < C:
        with pytest.raises(Denied, match=links.NOT_YOURS):
            visitor.link(userid(place, role))
        return
    assert visitor.sign_in(userid(place, role)).status_code == 303
    assert visitor.get("/console/").status_code == 200


@pytest.fixture(scope="module")
def inside(house: House) -> dict[tuple[str, Role], Visitor]:
    """Everybody who may come in, each in a browser."""
    found = {}
    for place in SCOPE:
        for role in (C, S):
            visitor = Visitor(house.assistant)
            visitor.client.application.extensions["gate"].pages = _Free()
            visitor.sign_in(userid(place, role))
            visitor.get("/console/account/")
            found[place, role] = visitor
    return found


class _Free:
    def take(self, _name: str) -> bool:
        return True


# --- every page, by whom, of whose


@pytest.mark.thorough
@pytest.mark.parametrize("endpoint", [name for name in ROUTES if name[:3] != "acc"])
def test_every_cell(
    house: House, inside: dict[tuple[str, Role], Visitor], endpoint: str
) -> None:
    """A form is sent empty and with a stale mark: it is refused and changes nothing."""
    method, rule = ROUTES[endpoint]
    numbered = "<int:number>" in rule
    for (place, role), visitor in inside.items():
        for of in house.things if numbered else (place,):
            path = address_of(rule, house.things[of])
            status = _ask(visitor, method, path)
            cell = f"{place} {role.title} {endpoint} of {of}: {status}"
            if role < MAY[endpoint]:
                assert status == 403, cell
            elif numbered and of not in SCOPE[place]:
                assert status == (409 if endpoint in REFUSED else 404), cell
            elif method == POST:
                assert status in (200, 303, 403, 404, 409), cell
            else:
                assert status in (200, 403, 404), cell
                assert status == 200 or endpoint in NOT_ALWAYS, cell


REFUSED = frozenset(("knowledge-answer", "knowledge-change"))
"""The book refuses these with the sentence for a number that is none."""
NOT_ALWAYS = frozenset(
    (
        "appraisal-send_sheet",
        "records-send_evidence",  # there is none
        "meetings-send_minutes",  # of a branch below there are only figures
        "meetings-send_sign_in",
        "ballots-show_ballot",  # only of one's own branch
    )
)


def _ask(visitor: Visitor, method: str, path: str) -> int:
    if method == POST:
        return visitor.post(path, seen="stale").status_code
    return visitor.get(path).status_code


@pytest.mark.thorough
@pytest.mark.parametrize("page", [page.name for page in all_pages()])
def test_nothing_of_another_branch_is_told(
    house: House, inside: dict[tuple[str, Role], Visitor], page: str
) -> None:
    """Each branch's things bear a word of its own, which others never read."""
    if page == "rehearsal":
        return  # a test of its own: it lives days through
    first = next(each for each in all_pages() if each.name == page)
    for (place, role), visitor in inside.items():
        shown = visitor.get(f"/console{first.prefix}/")
        if role < first.role:
            assert shown.status_code == 403
            continue
        strange = [word for of, word in POST_OF.items() if of not in SCOPE[place]]
        for word in strange:
            assert word not in shown.text, f"{place} {role.title} {page}: {word}"


def test_a_stranger_is_asked_to_sign_in(house: House) -> None:
    nobody = Visitor(house.assistant)
    for method, rule in ROUTES.values():
        path = address_of(rule, house.things[HERE])
        assert _ask(nobody, method, path) == 401, path


def test_a_form_without_our_mark_is_none(
    house: House, inside: dict[tuple[str, Role], Visitor]
) -> None:
    visitor = inside[HERE, S]
    for method, rule in ROUTES.values():
        if method == POST:
            path = address_of(rule, house.things[HERE])
            assert visitor.post(path, form="").status_code == 403, path
