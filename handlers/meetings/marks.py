"""登记到会: the paper list name by name, and what was noted wrongly taken back."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.branch.meetings import attendees, doors, meetings, turnout
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.audience import select_people
from bot.command import Answer, Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.sentences.form import APART
from bot.understanding.slots.audience import read_audience
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope
from handlers.meetings import photos, which
from handlers.meetings.attendance import say_after
from handlers.meetings.which import slot

BETWEEN = " 、，,和跟与及"


@command(
    "attendance.mark",
    help="照纸质签到补记，例：登记到会 王芳",
    acts=True,
    shown=False,
)
def mark(ask: Ask) -> Reply | str:
    """Preview the paper list name by name; 确认 writes it down."""
    meeting = which.to_write(ask)
    attendees.renew(ask.session, meeting, ask.now)
    scope = Scope(ask.session, which.here(ask))
    expected = [
        each
        for each in turnout.list_people(ask.session, meeting, ask.now)
        if each.expected
    ]
    if "all" in ask.slots:
        gone = _excepted(scope, ask.slots.get("except", ""))
        people = [
            each.member_id
            for each in expected
            if each.member_id not in gone and (each.leave != "granted" or each.came)
        ]
    else:
        words = ask.slots.get("who") or ask.words
        if not words.strip(" ：:，,"):
            return "谁到了？例：到会：王芳、李伟；都来了就说“全到了”。"
        people = _read_list(scope, words)
    names = {each.member_id: each.name for each in expected}
    strange = [n for n in people if n not in names]
    if strange:
        who = "、".join(_called(scope, each) for each in strange)
        raise Refusal(f"{who}不在“{meeting.title}”的应到名单里。列席的，说“某某列席”。")
    away = ask.slots.get("away", "").strip(" ：:，,")
    told = f"\n您说{away}没来：不记到会。请假由本人说“请假 原因”。" if away else ""
    return f"{_show_marks(ask, meeting, people)}{told}"


def _read_list(scope: Scope, words: str) -> list[int]:
    """Read who is on a list; names may stand in it without anything between them."""
    named = find_people(scope, words)
    if named.people and not named.rest.strip(f"{APART}{BETWEEN}"):
        words = "、".join(each.name for each in named.people)
    audience = replace(read_audience(scope, words), only_named=True)
    return [n for n, _ in scope.session.execute(select_people(scope.session, audience))]


def _show_marks(ask: Ask, meeting: Meeting, people: Sequence[int]) -> str:
    """Put the paper list before the speaker, name by name."""
    found = turnout.list_people(ask.session, meeting, ask.now)
    names = {each.member_id: each.name for each in found if each.expected}
    asked = f"照这个记“{meeting.title}”的到会？"
    kept = {"number": meeting.id, "people": list(people)}
    ask.put_draft("meetings.mark", asked, **kept)
    listed = "、".join(names[each] for each in people if each in names)
    here = {*people, *(each.member_id for each in found if each.came)}
    rest = "、".join(name for number, name in names.items() if number not in here)
    missing = f"\n还没有到的：{rest}" if rest else ""
    return (
        f"【预览】{meetings.say(meeting, ask.now)} 到会 {len(people)} 人：{listed}"
        f"{missing}{photos.say_waiting(ask, meeting)}\n"
        "请对着签到表核一遍名字。回“确认”记下，“取消”不记。"
    )


def write_marks(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    meeting = meetings.find(ask.session, kept["number"])
    new = doors.mark(ask.session, meeting, kept["people"], "paper", ask.now)
    kept_too = photos.keep_waiting(ask, meeting)
    said = say_after(ask, meeting, f"记下了，新记到会 {new} 人。{kept_too}")
    return Reply(said, changed=True)


def show_marks(ask: Ask, kept: Kept) -> Answer:
    return _show_marks(ask, meetings.find(ask.session, kept["number"]), kept["people"])


MARKS = Drafting(
    "meetings.mark",
    show=show_marks,
    confirm=write_marks,
    verbs=("记下", "登记"),
    dropped="好的，没有记。",
)


def _excepted(scope: Scope, words: str) -> set[int]:
    """Read 除了刘洋, 刘洋没来 after 都到了."""
    said = re.sub(
        "^(?:除了?|就|只有)|(?:没来|没到|以外|之外)$", "", words.strip(" ，,。")
    )
    if not said:
        return set()
    audience = replace(read_audience(scope, said), only_named=True)
    return {n for n, _ in scope.session.execute(select_people(scope.session, audience))}


def _called(scope: Scope, number: int) -> str:
    return next((name for name, ids in scope.called.items() if number in ids), "")


@command("attendance.unmark", help="撤掉记错的到会", acts=True, shown=False)
def unmark(ask: Ask) -> Reply:
    name = slot(ask, "person")
    meeting = which.to_write(ask)
    member = Scope(ask.session, which.here(ask)).find_member(name)
    if not doors.unmark(ask.session, meeting, member.id, ask.now):
        raise Refusal(f"“{meeting.title}”没有记过{member.called}到会。")
    said = say_after(ask, meeting, f"改好了：{member.called}没有到会。")
    return Reply(said, changed=True)
