"""七个有力、三个项目: what is recorded speaks for each, and what lacks."""

from collections.abc import Iterator

from bot.branch.inspection import claims
from bot.branch.inspection.claims import CALLED, HEADS, Found, Reach
from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.understanding.slots.past_span import find_past_span

WHICH = "要看哪一项？例：“服务师生有力”缺啥材料。有：{heads}。"


@command(
    "pack.claims",
    help="七个有力、三个项目各有什么成效材料、缺什么，例：服务师生有力缺啥材料",
    role=Role.SECRETARY,
)
def show_claims(ask: Ask) -> str:
    """Tell what speaks for a head, each sentence with its evidence, and what lacks."""
    every = (*HEADS, *CALLED)
    named = next((each for each in every if each in ask.text), "")
    head = CALLED.get(named, named)
    if not head:
        return WHICH.format(heads="、".join(HEADS))
    span = find_past_span(ask.text, ask.now)
    first = span.first if span else ask.now.date().replace(month=1, day=1)
    last = span.last if span else ask.now.date()
    reach = Reach(ask.standing.branch, first, last, ask.now)
    found = claims.gather(ask.session, head, reach)
    told = span.words if span else "今年"
    return "\n".join(_lines(head, told, found))


def _lines(head: str, told: str, found: Found) -> Iterator[str]:
    yield f"{head}（{told}），只列记过的，括号里是佐证编号或记录号："
    for each in found.claims:
        yield f"· {each.say()}"
    if not found.claims:
        yield "· 还没有记过相关的事。"
    if found.gaps:
        yield f"缺：{'、'.join(found.gaps)}（没有记录，不代写）。"
