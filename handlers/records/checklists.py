"""五个一、七个一: one's own seen, and who lacks what, for those who may know."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import Member, party_branch
from bot.branch.records import checklists
from bot.branch.records.checklists import Done, Item
from bot.branch.records.kinds.checklist import LINKED, LISTS, MARK, TASK
from bot.calendar.say import say_day
from bot.command import Ask, command
from bot.errors import Denied
from bot.text.phrases import read_beside
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.records.checklist_items import alike, how_to_set
from handlers.records.view import note_view, sees_all

FILE = Path(TASK.beside)
MOST_NAMES = 8
OF_OTHERS = "别人的清单只有书记和组织、纪检委员看得到。自己的发“我的清单”。"


@command(
    "checklist",
    help="看自己的五个一、七个一完成到哪里",
    phrases=read_beside(FILE, "checklist"),
)
def show_checklist(ask: Ask) -> str:
    """Show what the speaker has of every list, or of the one that is named.

    Of somebody else who is named, to whom may see all; nobody's is told for another's.
    """
    whose = _find_whose(ask)
    branch = party_branch(ask.session, ask.member)
    named = [each for each in LISTS if each in ask.text]
    names = named or checklists.lists(ask.session, branch, ask.now.date())
    lines: list[str] = []
    for name in names:
        wanted = checklists.items(ask.session, branch, name, ask.now.date())
        if wanted:
            lines += _of(ask, whose, name, wanted)
    if not lines:
        what = f"“{named[0]}”" if named else "清单"
        return f"今年还没有设{what}。{how_to_set(ask)}"
    if whose.id != ask.member.id:
        note_view(ask, MARK, [whose.id])
        return "\n".join(lines)
    lines.append(
        f"做完了就说“{names[0]} 第一项 完成”这样；已经记过的谈话、服务会自动算上。"
    )
    return "\n".join(lines)


def _find_whose(ask: Ask) -> Member:
    """Find whose list is asked for. Raises Denied for one that may not be seen."""
    scope = Scope(ask.session, ask.standing.branch, ask.text)
    named = find_people(scope, ask.text, but=ask.speaker.name).people
    others = [each for each in named if each.id != ask.member.id]
    if not others:
        return ask.member
    if not sees_all(ask, MARK):
        raise Denied(OF_OTHERS)
    return others[0]


def _of(ask: Ask, whose: Member, name: str, wanted: Sequence[Item]) -> Iterator[str]:
    branch = party_branch(ask.session, ask.member)
    done = checklists.of_member(ask.session, branch, wanted, whose.id)
    count = sum(each.whole or each.exempt for each in done)
    of = "" if whose.id == ask.member.id else f"{whose.called}的"
    yield f"{of}{name}：{len(done)} 项里完成 {count} 项。"
    yield from map(say_done, done)


def say_done(done: Done) -> str:
    """Say of an item how far somebody is with it."""
    item = done.item
    if done.exempt:
        state = "免做"
    elif done.whole:
        state = f"完成，{say_day(done.days[-1])}"
    elif item.target > 1:
        state = f"还差，{item.target} 次里做了 {len(done.days)} 次"
    else:
        state = "还差"
    by = f"（按{item.marked_by}的记录算）" if item.marked_by in LINKED else ""
    period = "" if item.period == "每年" else f"，{item.period}"
    return f"{item.place}. {item.title}{period}{by}：{state}"


@command(
    "checklist.lacking",
    help="谁还差哪项、完成率（只给书记、组织委员、纪检委员看）",
    phrases=read_beside(FILE, "checklist.lacking"),
)
def show_lacking(ask: Ask) -> str:
    """Tell by item how many have it, with both numbers, and who lacks it."""
    if not sees_all(ask, MARK):
        raise Denied(OF_OTHERS)
    branch, today = party_branch(ask.session, ask.member), ask.now.date()
    named = [each for each in LISTS if each in ask.text]
    names = named or checklists.lists(ask.session, branch, today)
    every = name_people(ask.session, Audience(branch.id))
    lines: list[str] = []
    for name in names:
        wanted = checklists.items(ask.session, branch, name, today)
        asked = [each for each in wanted if alike(each.title, ask.text)]
        found = checklists.of_all(ask.session, branch, asked or wanted, list(every))
        lines += _lacking(name, asked or wanted, found, every)
    note_view(ask, MARK, every)
    return "\n".join(lines) or f"今年还没有设清单。{how_to_set(ask)}"


def _lacking(
    name: str,
    wanted: Sequence[Item],
    found: Mapping[int, list[Done]],
    every: Mapping[int, str],
) -> Iterator[str]:
    yield f"{name}（只发给您，群里不发）："
    for at, item in enumerate(wanted):
        of = {who: done[at] for who, done in found.items()}
        asked = [who for who, done in of.items() if not done.exempt]
        sure = [who for who in asked if of[who].confirmed >= item.target]
        told = [who for who in asked if of[who].whole and who not in sure]
        left = [every[who] for who in asked if not of[who].whole]
        more = f" 等 {len(left)} 人" if len(left) > MOST_NAMES else ""
        lacks = f"；还差：{'、'.join(left[:MOST_NAMES])}{more}" if left else ""
        waits = f"，自报待确认 {len(told)} 人" if told else ""
        free = len(of) - len(asked)
        exempted = f"（免做 {free} 人）" if free else ""
        share = f"{len(sure) * 100 // len(asked)}%" if asked else "无人应做"
        yield (
            f"{item.place}. {item.title}：应 {len(asked)} 人{exempted}，"
            f"已确认 {len(sure)} 人（{share}）{waits}{lacks}"
        )
