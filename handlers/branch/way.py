"""哪一步到哪天: a question of one date of somebody's way into the Party."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.branch.duties import deadlines
from bot.branch.duties.deadlines import Deadline
from bot.branch.duties.milestones import Step
from bot.branch.duties.steps import NEEDS
from bot.branch.people import audit
from bot.branch.people.members import Member, Role, party_branch
from bot.branch.people.tree import Branch
from bot.command import Answer, Ask, NotMeant, command
from bot.errors import Denied
from bot.rulebook.load import find_rule
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope


@dataclass(frozen=True)
class Asked:
    """What a question is of. step: from which it is counted, and how that is told."""

    word: str
    kind: str
    rule: str
    step: Step
    tell: str


PUBLISHED = "publicity", "develop.publicity", Step.PUBLISHED, "公示3月9日开始"
EXAMINED = "assembly", "develop.assembly", Step.EXAMINED, "3月9日预审合格"
RECEIVED = "admission", "develop.approval", Step.RECEIVED, "3月9日接收大会通过"
ACTIVIST = (
    "cultivation",
    "develop.cultivation",
    Step.ACTIVIST,
    "3月9日确定为入党积极分子",
)
ASKED = (
    Asked("公示", *PUBLISHED),
    Asked("预审", *EXAMINED),
    Asked("大会", *EXAMINED),
    Asked("批", *RECEIVED),
    Asked("考察", *ACTIVIST),
    Asked("发展对象", *ACTIVIST),
)
"""A word of the question → what it is of; the first that is in it."""
YOU = "您"
OTHERS = "发展党员的期限由书记来看；问自己的，说“我公示哪天到期”。"


@command(
    "development.when",
    help="发展党员的哪一步到哪天，例：我公示哪天到期",
    shown=False,
)
def show_when(ask: Ask) -> Answer:
    """Tell the secretary of each or of one; everybody of herself."""
    asked = next((each for each in ASKED if each.word in ask.text), None)
    if asked is None:
        raise NotMeant
    branch = ask.standing.branch
    name, member = _whose(ask, branch)
    if ask.standing.role < Role.SECRETARY:
        branch = party_branch(ask.session, ask.member)
        if not name:
            name, member = YOU, ask.member
        if not (member and member.id == ask.member.id):
            raise Denied(OTHERS)
    today = ask.now.date()
    every = deadlines.survey(ask.session, today, branch).deadlines
    found = [
        each
        for each in every
        if each.kind == asked.kind and (not name or _is_of(each, name, member))
    ]
    _note_look(ask, found)
    if not found:
        return _say_unknown(asked, name, member, today)
    to_others = ask.standing.role < Role.SECRETARY
    return "\n".join(deadlines.say(found, today, to_others=to_others))


def _whose(ask: Ask, branch: Branch) -> tuple[str, Member | None]:
    """Find whose way is meant; "" where nobody is named: everybody's."""
    said = ask.slots.get("name", "")
    if said in ("我", "我自己", "本人") or (not said and ask.text.startswith("我")):
        return YOU, ask.member
    found = find_people(Scope(ask.session, branch), ask.text).people
    return (found[0].called, found[0]) if found else (said, None)


def _is_of(each: Deadline, name: str, member: Member | None) -> bool:
    return each.member_id == member.id if member else each.subject == name


def _note_look(ask: Ask, found: Sequence[Deadline]) -> None:
    seen = {each.member_id for each in found} - {None, ask.member.id}
    if subjects := sorted(each for each in seen if each is not None):
        audit.note(
            ask.session, ask.member, "development.view", ask.now, subjects=subjects
        )


def _say_unknown(asked: Asked, name: str, member: Member | None, today: date) -> str:
    """Say what is not on file, how it is told, and what the rule says."""
    rule = find_rule(asked.rule, today)
    said = f"{rule.text}\n{rule.citation}"
    category = member.category if member else None
    if category and category not in NEEDS[asked.step]:
        return f"{name}现在是{category}，没有这一步的日子要算。\n{said}"
    return (
        f"{name}{'，' if name else ''}没有记过要算这个日子的事，算不出。"
        f"记过就能算，例：{'王磊' if name in ('', YOU) else name}{asked.tell}。\n{said}"
    )
