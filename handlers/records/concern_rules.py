"""困难与意见 by a form, and what becomes of one: the same words go as in the chat."""

from collections.abc import Mapping

from bot.branch.people.members import Member, party_branch
from bot.branch.records import book, concerns
from bot.branch.records.fields import Choice, People, Value, Words, options
from bot.branch.records.kinds.concern import ANONYMOUS, CONCERN, NAMED
from bot.branch.records.tables import Record
from bot.branch.records.values import people_of
from bot.calendar.say import say_day
from bot.command import Ask
from bot.errors import Refusal
from bot.storage.encrypted import can_seal
from handlers.records.danger import ACCUSING, DOOR
from handlers.records.special import Apart, Step, Telling, is_secretary

NO_KEY = "匿名现在办不了：还没有设加密的密钥，藏不住是谁。可以选署名，或者只给书记。"
CONTENT, DISCONTENT = "满意", "不满意"


def take(ask: Ask, told: Mapping[str, Value]) -> tuple[Record, str]:
    """Bring it to the secretary, under the signature that was chosen."""
    if ACCUSING.stands_in(str(told["what"])):
        raise Refusal(DOOR)
    if told["sign"] == ANONYMOUS and not can_seal(ask.session):
        raise Refusal(NO_KEY)
    branch = party_branch(ask.session, ask.member)
    values = {**told, "day": ask.now.date().isoformat()}
    row = concerns.receive(ask.session, values, ask.member, branch, ask.now)
    by = concerns.due(row, ask.now.date())
    return row, f"送给书记了，第 {row.id} 件，{say_day(by)}前先回您一声。"


def shown(ask: Ask, row: Record, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Keep from whoever sees to it who asked, unless that was signed."""
    told = is_secretary(ask, row) or _is_mine(ask, row) or values.get("sign") == NAMED
    return values if told else {**values, "people": None}


def _is_mine(ask: Ask, row: Record) -> bool:
    named = people_of(ask.session, [row])[row.id].get("people", [])
    return any(number == ask.member.id for number, _ in named)


def _hand_over(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    people = told.get("office") or [[ask.member.id, ask.member.name]]
    to = ask.session.get_one(Member, people[0][0])
    concerns.hand_over(ask.session, row, to, ask.member, ask.now)
    mine = to.id == ask.member.id
    who = "您来办" if mine else f"转给{to.called}办了，没有说是谁提的"
    by = concerns.find_due(ask.session, [row], ask.now)[row.id]
    return f"第 {row.id} 件{who}，{say_day(by)}前答复。"


def _answer(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    text = str(told["answer"])
    reached = concerns.answer(ask.session, row, text, ask.member, ask.now)
    more = "" if reached else "（联系不上提出的人，没有送到）"
    return f"答复了第 {row.id} 件{more}。"


def _rate(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    content = told["content"] == CONTENT
    state = concerns.rate(ask.session, row, ask.member, ask.now, content=content)
    return "好的，请书记再办一次。" if state == "again" else "好的，这件办结了。"


def _withdraw(ask: Ask, row: Record, told: Mapping[str, Value]) -> str:
    book.withdraw(ask.session, row, ask.member.id, ask.now)
    return f"撤回了第 {row.id} 件，不再办。"


STEPS = (
    Step(
        "take",
        "受理或转办",
        _hand_over,
        concerns.OPEN,
        is_secretary,
        (People("office", "转给谁办（不填就是自己办）", most=1),),
        warns="转给别人办，只说事，不说是谁提的。",
    ),
    Step(
        "answer",
        "答复",
        _answer,
        concerns.OPEN,
        is_secretary,
        (Words("answer", "答复", needed=True, ask="答复什么？"),),
        warns="答复会发给提出的人。",
    ),
    Step(
        "rate",
        "评一评答复",
        _rate,
        ("answered",),
        _is_mine,
        (
            Choice(
                "content",
                "满意不满意",
                needed=True,
                options=options(CONTENT, DISCONTENT),
            ),
        ),
    ),
    Step("withdraw", "不提了，撤回", _withdraw, concerns.OPEN, _is_mine, careful=True),
)
ASKS = tuple(CONCERN.by_name[name] for name in ("what", "sort", "sign"))
APART = Apart(steps=STEPS, telling=Telling(ASKS, take), shown=shown)
