"""谈心谈话: asking for one, confirming it, who has not had one, pairs proposed."""

from collections.abc import Iterator
from pathlib import Path

from bot.branch.people.members import party_branch
from bot.branch.records import book, talks
from bot.branch.records.kinds.talk import TALK
from bot.branch.records.talks import Coverage
from bot.command import Answer, Ask, command
from bot.errors import Denied
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records.appointments import HOW
from handlers.records.talk_rules import confirm, deny
from handlers.records.view import sees_all
from handlers.records.which import read_number

FILE = Path(TALK.beside)
SHOWN = 12
DONE = "三类都谈到了。说“谈心谈话完成了”，今年就不再提醒。"


@command(
    "talk.confirm",
    help="确认一次谈心谈话，例：谈过 3",
    phrases=read_beside(FILE, "talk.confirm"),
    acts=True,
    shown=False,
)
def confirm_talk(ask: Ask) -> Reply | str:
    return confirm(ask, book.get(ask.session, read_number(ask, "谈过 3")))


@command(
    "talk.deny",
    help="别人记错了，没有谈过，例：没谈过 3",
    phrases=read_beside(FILE, "talk.deny"),
    acts=True,
    shown=False,
)
def deny_talk(ask: Ask) -> Reply:
    row = book.get(ask.session, read_number(ask, "谈过 3"))
    return Reply(deny(ask, row), changed=True)


@command(
    "talk.private",
    help="谈话的内容记不记",
    phrases=read_beside(FILE, "talk.private"),
    shown=False,
)
def say_private(ask: Ask) -> str:
    """Say what is kept of a talk, and what never is."""
    return (
        "谈了什么从来不记，也请不要发给我。只记谁和谁、哪天、当面还是别的方式，"
        "双方确认才算数；谁和谁谈过，只有本人、书记和组织委员看得到。"
    )


@command(
    "talk.coverage",
    help="今年的谈心谈话谈到了哪里",
    phrases=read_beside(FILE, "talk.coverage"),
)
def show_coverage(ask: Ask) -> str:
    """Show one's own; the secretary and who is for organisation see the branch's."""
    branch = party_branch(ask.session, ask.member)
    found = talks.survey(ask.session, branch, ask.now.year)
    mine = "我" in ask.text or not sees_all(ask, TALK)
    lines = _own(ask, found) if mine else _all(found, ask.now.year)
    return "\n".join(lines)


def _own(ask: Ask, found: Coverage) -> Iterator[str]:
    me = ask.member.id
    with_me = [next(iter(pair - {me})) for pair in found.had if me in pair]
    said = "、".join(found.names.get(each, "已离开的同志") for each in with_me)
    yield f"{ask.now.year} 年您谈过 {len(with_me)} 次{f'：{said}' if said else ''}。"
    if me in found.committee:
        others = [each for each in found.committee if each not in (me, *with_me)]
        left = [each for each in found.members if each not in with_me]
        yield f"支委里还没谈的：{_names(found, others)}。"
        yield f"党员里还没谈的：{_names(found, left)}。"
    else:
        office = any(each in found.committee for each in with_me)
        fellow = any(each not in found.committee for each in with_me)
        with_office, with_fellow = (
            "谈过" if each else "还没谈" for each in (office, fellow)
        )
        yield f"和支委：{with_office}；和其他党员：{with_fellow}。"
    yield HOW


def _all(found: Coverage, year: int) -> Iterator[str]:
    pairs = [f"{found.names[a]}和{found.names[b]}" for a, b in found.lacking_pairs()]
    office, fellow = found.lacking_committee(), found.lacking_members()
    every = len(found.members)
    count = found.due_pairs
    left = "、".join(pairs[:SHOWN]) or "无"
    yield f"{year} 年谈心谈话（双方都确认的；只有书记和组织委员看得到）："
    yield f"支委之间：应 {count} 对，已 {count - len(pairs)} 对；还差：{left}。"
    for sort, lacking in (("支委与党员", office), ("党员之间", fellow)):
        had, left = every - len(lacking), _names(found, lacking)
        yield f"{sort}：{every} 人里谈到 {had} 人；还差：{left}。"
    yield DONE if found.is_whole() else "要我配对就说“谈心配对”。"


def _names(found: Coverage, numbers: list[int]) -> str:
    said = "、".join(found.names[each] for each in numbers[:SHOWN])
    more = f" 等 {len(numbers)} 人" if len(numbers) > SHOWN else ""
    return f"{said}{more}" or "无"


@command(
    "talk.pair",
    help="给还没谈的配个对子",
    phrases=read_beside(FILE, "talk.pair"),
    shown=False,
)
def propose_pairs(ask: Ask) -> Answer:
    if not sees_all(ask, TALK):
        raise Denied("配对由书记和组织委员来排。")
    found = talks.survey(
        ask.session, party_branch(ask.session, ask.member), ask.now.year
    )
    pairs = found.propose()
    if not pairs:
        return DONE
    lines = [f"{found.names[a]} — {found.names[b]}" for a, b in pairs[:SHOWN]]
    more = f"……共 {len(pairs)} 对。" if len(pairs) > SHOWN else ""
    head = "建议这样谈，三类就都谈到了（只是建议，还没有通知谁）："
    return "\n".join([head, *lines, *([more] if more else [])])
