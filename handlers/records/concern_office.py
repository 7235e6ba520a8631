"""困难与意见 as the secretary sees to them: taken up, passed on, answered."""

import re
from pathlib import Path

from bot.branch.people.members import Member, Role
from bot.branch.records import book, concerns, search
from bot.branch.records.kinds.concern import CONCERN
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.calendar.say import say_day
from bot.command import Ask, Drafting, FreeWords, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.drafts.changes import SIGHS
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import is_question
from handlers.records.concern_lines import say_lines
from handlers.records.passed_on import says_passed
from handlers.records.view import where
from handlers.records.which import find_numbered, read_number

FILE = Path(CONCERN.beside)
ANSWERING = "concern.answer"
FOCUS = "concern"
SHOWN = 12
EDGES = " ，,：:"
LEAST = 2  # characters of an answer


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
    due = concerns.find_due(ask.session, open_, ask.now)
    open_.sort(key=lambda row: due[row.id])
    late = [row for row in open_ if due[row.id] < ask.now.date()]
    settled = [told for row in rows if (told := row.fields.get("content"))]
    head = (
        f"困难与意见：收到 {len(rows)} 件，在办 {len(open_)} 件"
        f"（超期 {len(late)} 件），办结 {sum(r.state == 'closed' for r in rows)} 件；"
        f"{len(settled)} 人评了，满意 {settled.count('满意')} 人。"
    )
    return "\n".join([head, *say_lines(ask, open_[:SHOWN], named=True)])


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
    return hand_over(ask, row, to[0] if to else ask.member)


def hand_over(ask: Ask, row: Record, to: Member) -> Reply:
    """Have somebody see to it, and say by when it is to be answered."""
    concerns.hand_over(ask.session, row, to, ask.member, ask.now)
    ask.note_focus(FOCUS, record=row.id)
    mine = to.id == ask.member.id
    who = "您来办" if mine else f"转给{to.called}办了，没有说是谁提的"
    by = concerns.find_due(ask.session, [row], ask.now)[row.id]
    return Reply(
        f"第 {row.id} 件{who}，{say_day(by)}前答复。办好了说“回复诉求 {row.id} …”。",
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
    return show_answer(ask, {"record": row.id, "text": text.strip(EDGES)})


def show_answer(ask: Ask, kept: Kept) -> str:
    row = book.get(ask.session, kept["record"], where(ask))
    what = values_of(ask.session, row)["what"]
    ask.note_focus(FOCUS, record=row.id)
    if lacks_text(kept):
        asked = f"答复什么（第 {row.id} 件：{what}）？"
        ask.put_draft(ANSWERING, asked, **kept)
        return f"{asked}直接说就行，我先给您预览；不答复回“取消”。"
    ask.put_draft(ANSWERING, f"答复第 {row.id} 件？", **kept)
    return (
        f"【预览】答复第 {row.id} 件（{what}）：\n{kept['text']}\n"
        "回“确认”发给提出的人，不发回“取消”。"
    )


def lacks_text(kept: Kept) -> bool:
    return len(kept["text"]) < LEAST


def _hear_text(ask: Ask, kept: Kept) -> str | None:
    """Hear what to answer, where that is asked for, or where it went instead."""
    if not lacks_text(kept):
        other = ask.is_command_name or ask.orders() or is_question(ask.text)
        if other or not says_passed(ask.text):
            return None
    return show_answer(
        ask, {**kept, "text": ask.whole(SIGHS.sub("", ask.said.strip(EDGES)))}
    )


def _answer(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    row = book.get(ask.session, kept["record"], where(ask))
    reached = concerns.answer(ask.session, row, kept["text"], ask.member, ask.now)
    told = "" if reached else "（联系不上提出的人，没有送到）"
    return Reply(f"答复了第 {row.id} 件{told}。", changed=True)


ANSWER = Drafting(
    ANSWERING,
    show=show_answer,
    confirm=_answer,
    change=_hear_text,
    verbs=("发", "答复", "回复"),
    dropped="好的，没有答复。",
    lacks=lacks_text,
    words=lambda kept: FreeWords() if lacks_text(kept) else None,
    text=("text",),
)


def _open(ask: Ask) -> Record:
    row = find_numbered(ask, read_number(ask, "受理诉求 3"), CONCERN)
    if row.state not in concerns.OPEN:
        raise Refusal(f"第 {row.id} 条不是等着办的困难与意见。")
    return row
