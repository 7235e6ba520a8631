"""承诺: who has not promised anything yet; only whoever may see it is told."""

from pathlib import Path

from bot.branch.people.members import Role, party_branch
from bot.branch.records.kinds.pledge import PLEDGE
from bot.command import Ask, command
from bot.text.phrases import read_beside
from handlers.records.pledge_rules import count

FEWEST, MOST = 2, 5
SHOWN = 20


@command(
    "pledge.lacking",
    help="今年谁还没交承诺",
    phrases=read_beside(Path(PLEDGE.beside), "pledge.lacking"),
    role=Role.SECRETARY,
)
def show_lacking(ask: Ask) -> str:
    """Name who has fewer promises than a branch commonly asks for, to the secretary."""
    branch, year = party_branch(ask.session, ask.member), ask.now.year
    every, counts = count(ask, branch)
    none = [name for number, name in every.items() if not counts.get(number)]
    few = [name for number, name in every.items() if 0 < counts.get(number, 0) < FEWEST]
    lines = [f"{year} 年承诺：{len(every)} 人里 {len(every) - len(none)} 人交了。"]
    if none:
        lines.append(f"还没交：{'、'.join(none[:SHOWN])}。")
    if few:
        lines.append(
            f"只有一条（一般 {FEWEST} 到 {MOST} 条）：{'、'.join(few[:SHOWN])}。"
        )
    lines.append("老党员自愿。要提醒，单独跟本人说就行，群里不发。")
    return "\n".join(lines)
