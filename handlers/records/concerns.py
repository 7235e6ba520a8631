"""困难与意见: raised under three signatures, answered, rated; late ones are seen.

Accusations of persons are not taken, and shown the right door. Words of self-harm are
heard wherever they are said: a human is told at once, and nothing else is done.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.branch.people.members import Role, party_branch, secretaries
from bot.branch.records import book, concerns, search
from bot.branch.records.fields import Value
from bot.branch.records.kinds.concern import (
    ANONYMOUS,
    CONCERN,
    NAMED,
    SECRETARY_ONLY,
)
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, Kept, command, overhearing
from bot.errors import Refusal
from bot.message import Reply
from bot.storage.encrypted import can_seal
from bot.text.phrases import read_beside
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from bot.understanding.when.numbers import find_number
from handlers.records.view import where

FILE = Path(CONCERN.beside)
RAISING, ANSWERING = "concern", "concern.answer"
SHOWN = 12
DANGER = re.compile(
    r"不想活|活不下去|活着没(?:意思|意义)|(?:想|要|打算|准备)(?:自杀|轻生|自尽|自残)"
    r"|结束(?:自己的?)?生命|了结自己|想死(?![你我他她人了])"
)
HELP = (
    "您说的我不能当作平常的话。请马上告诉身边信得过的人，别一个人扛着；"
    "有危险就打 120 或 110，心里难受可以打全国统一心理援助热线 12356。\n"
    "{told}"
)
ACCUSING = re.compile(
    r"举报|检举|控告|贪污|受贿|行贿|索贿|收红包|收(?:了)?回扣|挪用|侵吞|违纪|违法"
    r"|以权谋私|骚扰|师德"
)
TO_ACCUSE = re.compile(
    r"(?:我|俺)?(?:要|想|来)?(?:匿名|实名|署名)?(?:举报|检举|控告|告发)(?!电话)"
)
DOOR = (
    "检举、控告某个人的事我不收也不存。请直接向学校纪检监察机构反映，"
    "或拨打纪检监察举报电话 12388；要署名还是匿名都可以在那里选。"
)
HONEST = (
    "怎么署名？\n"
    "1. 署名：书记和办事的人知道是您\n"
    "2. 只给书记：只有书记知道是您，转给别人办时不说\n"
    "{third}\n回数字就行；不提了回“取消”。"
)
THIRD = (
    "3. 匿名：书记也看不到是谁，答复由我转给您。管服务器的人要查是查得出来的；"
    "人少的支部，从事情本身也可能猜到"
)
NO_THIRD = "（匿名现在办不了：还没有设加密的密钥，藏不住是谁）"
SIGNS = {"1": NAMED, "2": SECRETARY_ONLY, "3": ANONYMOUS}
OPENING = re.compile(
    r"^(?:我想|我要|想|要|我|向|跟|给)*(?:支部|组织|书记)?(?:反映|提|说|汇报|投诉|求助)?"
    r"(?:一下|一件|一个|一条|个|点)?(?:匿名)?(?:困难|问题|情况|意见|建议|事)?[，,：:。\s]*"
)


@overhearing("concern")
def hear_danger(ask: Ask) -> Reply | None:
    """Have a human told at once; what was said is not kept, nor passed on."""
    if not DANGER.search(ask.text):
        return None
    branch = party_branch(ask.session, ask.member)
    others = [
        each for each in secretaries(ask.session, branch) if each.id != ask.member.id
    ]
    for each in others:
        text = (
            f"{ask.speaker.name}刚才对我说的话让人担心，请您马上联系本人，"
            "最好当面。说了什么我没有留，也不转。"
        )
        concerns.tell(
            ask.session, each, f"danger:{ask.message.id}", text, ask.now, "reply"
        )
    told = "我已经请书记马上联系您，您说了什么没有转。" if others else ""
    return Reply(HELP.format(told=told), changed=bool(others))


@overhearing("concern")
def hear_accusation(ask: Ask) -> str | None:
    """Show the right door to whoever would accuse somebody; nothing is kept."""
    return DOOR if TO_ACCUSE.match(ask.text) else None


@command(
    "concern",
    help="向支部反映困难、问题或建议，例：反映一下，教室的投影仪坏了",
    phrases=read_beside(FILE, "concern"),
    acts=True,
    previewed=True,
)
def raise_concern(ask: Ask) -> Answer:
    """Take in what somebody brings; ask what it is, and under which signature."""
    if ACCUSING.search(ask.text):
        return DOOR
    text = ask.whole(ask.words if not ask.is_command_name else "")
    what = OPENING.sub("", text).strip(" ，,。：:")
    values: dict[str, Value] = {"day": ask.now.date().isoformat()}
    for each in CONCERN.choices[:2]:
        if found := each.find(ask.text):
            values[each.name] = found
    values.setdefault("sort", "其他")
    if len(what) > 1:
        values["what"] = what
    return _show(ask, {"values": values})


def _show(ask: Ask, kept: Kept) -> str:
    values = dict(kept["values"])
    if values.get("sign") == ANONYMOUS and not can_seal(ask.session):
        del values["sign"]
    asked = "给书记送去？"
    if not values.get("what"):
        asked = "是什么事？"
        reply = f"{asked}直接说就行。只说事，不用写客套话；不提了回“取消”。"
    elif not values.get("sign"):
        asked = "怎么署名？"
        reply = HONEST.format(third=THIRD if can_seal(ask.session) else NO_THIRD)
    else:
        reply = (
            f"【预览】{values['sign']}，{values['sort']}：{values['what']}\n"
            "回“确认”送给书记；要改就再说一遍，不提了回“取消”。"
        )
    ask.put_draft(RAISING, asked, values=values)
    return reply


def _change(ask: Ask, kept: Kept) -> Answer | None:
    """Hear what it is, or the signature."""
    values, said = dict(kept["values"]), ask.text.strip(" 。！!，,")
    if ACCUSING.search(said):
        ask.close_question()
        return DOOR
    if not values.get("what"):
        if ask.is_command_name or len(said) < 2:
            return None
        sort = CONCERN.choices[0].find(said) or values["sort"]
        told = {**values, "what": ask.whole(said), "sort": sort}
        return _show(ask, {"values": told})
    sign = SIGNS.get(said) or CONCERN.choices[1].find(said)
    if sign is None or len(said) > 12:
        return None
    if sign == ANONYMOUS and not can_seal(ask.session):
        return NO_THIRD.strip("（）") + "。可以选署名，或者只给书记。"
    return _show(ask, {"values": {**values, "sign": sign}})


def _send(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    branch = party_branch(ask.session, ask.member)
    row = concerns.receive(ask.session, kept["values"], ask.member, branch, ask.now)
    by = concerns.due(row, ask.now.date())
    return Reply(
        f"送给书记了，第 {row.id} 件，{say_day(by)}前先回您一声。"
        f"想问有没有下文就说“我的诉求”，不提了说“撤回诉求 {row.id}”。",
        changed=True,
    )


RAISE = Drafting(
    RAISING,
    show=_show,
    confirm=_send,
    change=_change,
    verbs=("送", "提交", "反映"),
    dropped="好的，没有送，也没有留。",
    lacks=lambda kept: not (kept["values"].get("what") and kept["values"].get("sign")),
)


@command(
    "concern.mine",
    help="我反映的事到哪一步了",
    phrases=read_beside(FILE, "concern.mine"),
)
def show_mine(ask: Ask) -> str:
    branch = party_branch(ask.session, ask.member)
    rows = list(concerns.latest_of(ask.session, ask.member, branch))[:SHOWN]
    if not rows:
        return "您还没有反映过什么。有事直接说，例：反映一下，教室的投影仪坏了。"
    return "\n".join(_lines(ask, rows, named=False))


@command(
    "concern.ledger",
    help="诉求台账：办到哪一步、哪几件快超期",
    phrases=read_beside(FILE, "concern.ledger"),
    role=Role.SECRETARY,
)
def show_ledger(ask: Ask) -> str:
    """Show what is open, the most urgent first, and sums."""
    query = Query(CONCERN, where(ask))
    rows = search.find(ask.session, query)
    open_ = [row for row in rows if row.state in concerns.OPEN]
    open_.sort(key=lambda row: concerns.due(row, ask.now.date()))
    late = [row for row in open_ if concerns.due(row, ask.now.date()) < ask.now.date()]
    rated = [values_of(ask.session, row).get("content") for row in rows]
    settled = [each for each in rated if each]
    head = (
        f"困难与意见：收到 {len(rows)} 件，在办 {len(open_)} 件"
        f"（超期 {len(late)} 件），办结 {sum(r.state == 'closed' for r in rows)} 件；"
        f"{len(settled)} 人评了，满意 {settled.count('满意')} 人。"
    )
    return "\n".join([head, *_lines(ask, open_[:SHOWN], named=True)])


def _lines(ask: Ask, rows: list[Record], *, named: bool) -> Iterator[str]:
    today = ask.now.date()
    for row in rows:
        values = values_of(ask.session, row)
        who = "、".join(name for _, name in values.get("people") or ())
        said = f"{who or '匿名'}：" if named else ""
        state = CONCERN.state_title(row.state)
        by = concerns.due(row, today)
        when = f"，{'已过' if by < today else ''}{say_day(by)}前"
        until = when if row.state in concerns.OPEN else ""
        told = f"；答复：{values['answer']}" if values.get("answer") else ""
        yield f"{row.id}. {said}{values['what']}（{state}{until}）{told}"


@command(
    "concern.take",
    help="受理或转办一件诉求，例：转办诉求 3 给李伟",
    phrases=read_beside(FILE, "concern.take"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def take(ask: Ask) -> Reply:
    """Take it up oneself, or have somebody see to it."""
    row = _open(ask)
    scope = Scope(ask.session, where(ask))
    to = find_people(scope, ask.slots.get("who", "")).people
    concerns.hand_over(
        ask.session, row, to[0] if to else ask.member, ask.member, ask.now
    )
    who = f"转给{to[0].called}办了，没有说是谁提的" if to else "您来办"
    return Reply(
        f"第 {row.id} 件{who}，{say_day(concerns.due(row, ask.now.date()))}前答复。"
        f"办好了说“回复诉求 {row.id} …”。",
        changed=True,
    )


@command(
    "concern.answer",
    help="答复一件诉求，例：回复诉求 3 投影仪周五前换好",
    phrases=read_beside(FILE, "concern.answer"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def answer(ask: Ask) -> str:
    row = _open(ask)
    text = ask.whole(ask.slots.get("note", "")) or re.sub(r"^\D*\d+", "", ask.words)
    if len(text.strip(" ，,：:")) < 2:
        raise Refusal(f"答复什么？例：回复诉求 {row.id} 投影仪周五前换好。")
    return _show_answer(ask, {"record": row.id, "text": text.strip(" ，,：:")})


def _show_answer(ask: Ask, kept: Kept) -> str:
    row = book.get(ask.session, kept["record"], where(ask))
    ask.put_draft(ANSWERING, f"答复第 {row.id} 件？", **kept)
    what = values_of(ask.session, row)["what"]
    return (
        f"【预览】答复第 {row.id} 件（{what}）：\n{kept['text']}\n"
        "回“确认”发给提出的人，不发回“取消”。"
    )


def _answer(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    row = book.get(ask.session, kept["record"], where(ask))
    reached = concerns.answer(ask.session, row, kept["text"], ask.member, ask.now)
    told = "" if reached else "（联系不上提出的人，没有送到）"
    return Reply(f"答复了第 {row.id} 件{told}。", changed=True)


ANSWER = Drafting(
    ANSWERING,
    show=_show_answer,
    confirm=_answer,
    verbs=("发", "答复", "回复"),
    dropped="好的，没有答复。",
)


@command(
    "concern.rate",
    help="对答复满意不满意，例：满意 3",
    phrases=read_beside(FILE, "concern.rate"),
    acts=True,
    shown=False,
)
def rate(ask: Ask) -> Reply:
    """Close one's own that is answered, or have it done again."""
    row = _own(ask, ("answered",))
    content = "不" not in ask.text
    state = concerns.rate(ask.session, row, ask.member, ask.now, content=content)
    told = {
        "closed": "好的，这件办结了，谢谢您。"
        if content
        else "记下了。已经再办过一次，这件先办结；还要说的可以另提，或找上级组织。",
        "again": "好的，请书记再办一次。",
    }[state]
    return Reply(told, changed=True)


@command(
    "concern.withdraw",
    help="不提了，撤回，例：撤回诉求 3",
    phrases=read_beside(FILE, "concern.withdraw"),
    acts=True,
    shown=False,
)
def withdraw(ask: Ask) -> Reply:
    row = _own(ask, concerns.OPEN)
    anonymous = row.recorded_by is None
    book.withdraw(ask.session, row, None if anonymous else ask.member.id, ask.now)
    return Reply(f"撤回了第 {row.id} 件，不再办。", changed=True)


def _open(ask: Ask) -> Record:
    number = find_number(ask.slots.get("number", "")) or _number(ask.words)
    if number is None:
        raise Refusal("哪一件？发“诉求台账”看，例：受理诉求 3。")
    row = book.get(ask.session, number, where(ask))
    if row.kind != CONCERN.name or row.state not in concerns.OPEN:
        raise Refusal(f"第 {number} 条不是等着办的困难与意见。")
    return row


def _own(ask: Ask, states: tuple[str, ...]) -> Record:
    """Find one's own concern: by its number, else the latest in these states."""
    branch = party_branch(ask.session, ask.member)
    number = find_number(ask.slots.get("number", "")) or _number(ask.words)
    for row in concerns.latest_of(ask.session, ask.member, branch):
        if row.state in states and number in (None, row.id):
            return row
    raise Refusal("没有找到您提的、能这样办的事。发“我的诉求”看看。")


def _number(text: str) -> int | None:
    hit = re.search(r"\d{1,9}", text)
    return int(hit[0]) if hit else None
