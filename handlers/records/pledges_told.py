"""一次说几条承诺, 第二条改成…: several promises in one breath, and the nth of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.branch.people.members import party_branch
from bot.branch.records import book, search
from bot.branch.records.book import Teller
from bot.branch.records.kinds.pledge import PLEDGE
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.when.numbers import find_number
from handlers.records.drafts import Draft
from handlers.records.reading import Reader
from handlers.records.tell import go_on

FILE = Path(PLEDGE.beside)
DRAFT = "records.pledges"
PARTS = re.compile(r"[；;\n]|(?:^|(?<=[，,、\s]))(?:\d[.．、)）]|[①②③④⑤])")
COUNTED = re.compile("[0-9一二两三四五六七八九十百每]")
EDGES = " ，,。；;：:、"
FEWEST, MOST = 2, 5
LONGEST = 100


@command(
    "pledge.several",
    help="一次说几条承诺，例：我今年承诺两条：带两个徒弟；听四次课",
    phrases=read_beside(FILE, "pledge.several"),
    acts=True,
    previewed=True,
    shown=False,
)
def promise_several(ask: Ask) -> Answer:
    """Show each of several promises by itself; 确认 writes each down."""
    said = ask.whole(ask.slots.get("rest", ""))
    parts = [each.strip(EDGES) for each in PARTS.split(said)]
    parts = [each for each in parts if each]
    told = find_number(ask.slots.get("n", "")) or len(parts)
    if len(parts) < FEWEST and told > 1:
        parts = [
            each.strip(EDGES) for each in re.split("[，,、]", said) if each.strip()
        ]
    if told < FEWEST:
        raise NotMeant
    if len(parts) != told:
        counted = f"您说 {told} 条，我数出来 {len(parts)} 条，没有记。"
        raise Refusal(f"{counted}一条一条用分号隔开再说一遍。")
    if len(parts) > MOST or any(len(each) > LONGEST for each in parts):
        raise Refusal(f"一年 {FEWEST} 到 {MOST} 条，每条最多 {LONGEST} 字。")
    return _show(ask, {"parts": parts})


def _show(ask: Ask, kept: Kept) -> str:
    parts = kept["parts"]
    ask.put_draft(DRAFT, f"记下这 {len(parts)} 条承诺？", parts=list(parts))
    listed = "\n".join(f"{n}. {each}" for n, each in enumerate(parts, 1))
    plain = [each for each in parts if not COUNTED.search(each)]
    hint = f"\n“{plain[0]}”没有数，到年底不好核对，能加个数最好。" if plain else ""
    return (
        f"【预览】{ask.member.called}今年的承诺 {len(parts)} 条：\n{listed}{hint}\n"
        "回“确认”都记下，不对就回“取消”再说一遍。"
    )


def _keep(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    branch = party_branch(ask.session, ask.member)
    teller = Teller(ask.member, branch)
    numbers = []
    for each in kept["parts"]:
        sort = Reader(ask, PLEDGE, each).read(each).values.get("sort")
        values = PLEDGE.grant({"title": each, "sort": sort})
        values |= {
            "people": [[ask.member.id, ask.member.name]],
            "day": ask.now.date().isoformat(),
        }
        row = book.record(ask.session, PLEDGE, values, teller, ask.now)
        numbers.append(str(row.id))
    return Reply(
        f"记下了 {len(numbers)} 条承诺（第 {'、'.join(numbers)} 条），"
        "等支部审核后公开。要改说“我的第 2 条承诺改成…”。",
        changed=True,
    )


SEVERAL = Drafting(
    DRAFT,
    show=_show,
    confirm=_keep,
    verbs=("记", "记下", "登记"),
    dropped="好的，没有记。",
)


@command(
    "pledge.change",
    help="改自己今年的第几条承诺，例：我的第二条承诺改成带两个徒弟",
    phrases=read_beside(FILE, "pledge.change"),
    acts=True,
    previewed=True,
    shown=False,
)
def change_nth(ask: Ask) -> Answer:
    """Show a change of one's own nth promise of the year, as it was told in order."""
    if "nth" not in ask.slots:
        raise Refusal("改第几条承诺、改成什么？例：我的第二条承诺改成带两个徒弟。")
    mine = _mine(ask)
    number = find_number(ask.slots["nth"]) or 0
    if not 1 <= number <= len(mine):
        raise Refusal(f"您今年记了 {len(mine)} 条承诺，没有第 {number} 条。")
    row = mine[number - 1]
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Refusal("这条已经审核公开了，要改请找支部书记退回。")
    draft = Draft(PLEDGE, values_of(ask.session, row), of=row.id)
    said = ask.slots["rest"].strip(EDGES)
    return go_on(ask, replace(draft, values={**draft.values, "title": said}))


def _mine(ask: Ask) -> Sequence[Record]:
    branch = party_branch(ask.session, ask.member)
    first = ask.now.date().replace(month=1, day=1)
    query = Query(PLEDGE, branch, first, only_of=ask.member.id)
    return sorted(search.find(ask.session, query), key=lambda row: row.id)
