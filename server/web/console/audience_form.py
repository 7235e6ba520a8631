"""Who is meant, picked from the tree: bodies, categories, offices, single people."""

from dataclasses import dataclass, replace

from bot.branch.people.audience import PARTY_MEMBERS, Audience
from bot.branch.people.members import Category, Role
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.understanding.slots.audience import read_audience, take_from_audience
from bot.understanding.slots.scope import Scope
from server.web.console.desk import Desk

OFFICES = {Role.COMMITTEE: "支委", Role.LEADER: "组长以上"}
NOBODY = "还没有选发给谁。"


@dataclass(frozen=True)
class Node:
    """A body in the tree. depth: below the branch whose secretary picks."""

    id: int
    name: str
    depth: int


def list_nodes(desk: Desk) -> list[Node]:
    """List the branch and what is below it, each under its own."""
    top = desk.branch.path.count("/")
    found = Scope(desk.session, desk.branch).branches
    return [Node(each.id, each.name, each.path.count("/") - top) for each in found]


def read(desk: Desk) -> Audience:
    """Read who is meant from the form. Raises Refusal for nobody, or nobody known."""
    form, scope = desk.sent, Scope(desk.session, desk.branch)
    bodies = _bodies(desk, scope)
    categories = [each for each in form.getlist("category") if each in set(Category)]
    audience = Audience(desk.branch.id)
    if form.get("whole") == "everybody":
        audience = replace(audience, categories=None, words="全体同志")
    elif form.get("whole") == "named":
        audience = replace(audience, only_named=True, words="")
    elif form.get("whole") == "part":
        audience = _part(audience, bodies, categories)
    audience = _add_people(audience, scope, form.get("also", "").strip())
    audience = _add_office(audience, form.get("office", ""))
    if audience.only_named and not (audience.members or audience.office):
        raise Refusal(NOBODY)
    if without := form.get("without", "").strip():
        audience = take_from_audience(scope, audience, without)
    return audience


def _bodies(desk: Desk, scope: Scope) -> list[Branch]:
    """Return the bodies that were ticked; what is not in the tree is passed over."""
    ticked = set(desk.sent.getlist("body"))
    return [each for each in scope.branches if str(each.id) in ticked]


def _part(audience: Audience, bodies: list[Branch], categories: list[str]) -> Audience:
    """Narrow the branch to what was ticked. Raises Refusal where nothing was."""
    if not (bodies or categories):
        raise Refusal(NOBODY)
    where = "、".join(each.name for each in bodies)
    who = "、".join(categories) or "党员"
    return replace(
        audience,
        branches=tuple(each.id for each in bodies),
        categories=tuple(categories) or PARTY_MEMBERS,
        words=f"{where}{who}" if categories or not where else where,
    )


def _add_people(audience: Audience, scope: Scope, names: str) -> Audience:
    """Add single people, by their names. Raises Refusal for who is not there."""
    if not names:
        return audience
    named = read_audience(scope, names)
    if not named.only_named or not named.members:
        raise Refusal(f"“{names}”里要写姓名，例：王芳、李伟。")
    return replace(
        audience,
        members=(*audience.members, *named.members),
        words="、".join(filter(None, [audience.words, named.words])),
    )


def _add_office(audience: Audience, office: str) -> Audience:
    if office not in {str(int(each)) for each in OFFICES}:
        return audience
    title = OFFICES[Role(int(office))]
    words = "、".join(filter(None, [audience.words, title]))
    return replace(audience, office=int(office), words=words)
