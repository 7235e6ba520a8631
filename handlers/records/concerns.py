"""困难与意见 are raised, under three signatures, followed, rated and taken back."""

from pathlib import Path

from bot.branch.people.members import party_branch
from bot.branch.records import book, concerns
from bot.branch.records.fields import Value
from bot.branch.records.kinds.concern import ANONYMOUS, CONCERN, NAMED, SECRETARY_ONLY
from bot.branch.records.tables import Record
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, FreeWords, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.storage.encrypted import can_seal
from bot.text.phrases import read_beside
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when.numbers import find_number
from handlers.records.concern_lines import say_lines
from handlers.records.danger import ACCUSING, DOOR

FILE = Path(CONCERN.beside)
RAISING = "concern"
SHOWN = 12
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
OPENING = Lexicon(Path(__file__), "opening")
FREE_WORDS = FreeWords(takes=("question", "order"))


@command(
    "concern",
    help="向支部反映困难、问题或建议，例：反映一下，教室的投影仪坏了",
    phrases=read_beside(FILE, "concern"),
    acts=True,
    previewed=True,
)
def raise_concern(ask: Ask) -> Answer:
    """Take in what somebody brings; ask what it is, and under which signature."""
    if ACCUSING.stands_in(ask.text):
        return DOOR
    text = ask.whole(ask.words if not ask.is_command_name else "")
    what = OPENING.cut_first(text).strip(" ，,。：:")
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
    if ACCUSING.stands_in(said):
        ask.close_question()
        return DOOR
    if not values.get("what"):
        if len(said) < 2:
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
    words=lambda kept: None if kept["values"].get("what") else FREE_WORDS,
    text=("values", "what"),
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
    return "\n".join(say_lines(ask, rows, named=False))


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


def _own(ask: Ask, states: tuple[str, ...]) -> Record:
    """Find one's own concern: by its number, else the latest in these states."""
    branch = party_branch(ask.session, ask.member)
    number = find_number(ask.slots.get("number", "") or ask.words)
    for row in concerns.latest_of(ask.session, ask.member, branch):
        if row.state in states and number in (None, row.id):
            return row
    raise Refusal("没有找到您提的、能这样办的事。发“我的诉求”看看。")
