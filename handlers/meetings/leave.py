"""请假: asked with a reason, decided by the secretary; taken back; after an illness."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.branch.meetings import attendees, leave_letters, leaves, meetings, turnout
from bot.branch.meetings.attendees import AWAY, COMING
from bot.branch.meetings.leaves import ASKED, GRANTED, REFUSED, SICK
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.notices import corrections, notices, receipts, replies
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Member, Role
from bot.calendar.quiet_hours import next_loud
from bot.command import Answer, Ask, FreeWords, NotMeant, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.next_steps import send_on
from bot.pressed import answer_press
from bot.understanding.slots import person
from bot.understanding.slots.choice import find_choices
from bot.understanding.slots.reason import EDGES, read_reason
from bot.understanding.slots.scope import Scope
from handlers.meetings import which
from handlers.meetings.which_one import run_or_ask

AFTER = timedelta(days=14)
HOW = "会议、活动请假，直接跟我说就行，例：请假 周五的会 家里有事"
TO_SECRETARY = "我报给支部书记，书记批了我告诉您。"
ANSWERS = (COMING, AWAY)
LEAVE = ("请", "请假", "请这个假")
OWN = ("leave", "leave.back", "receipt", "receipt.away")
BY_SECRETARY = "党员的请假由您来批，例：同意李伟请假"


@command("leave", help="给会议或活动请假，例：请假 周五的会 家里有事", acts=True)
def ask_leave(ask: Ask) -> Answer:
    if who := person.other_named(ask):
        return f"请假要{who}自己来说，我不能替他记。这次什么也没有记。"
    return run_or_ask(ask, "leave", _ask_leave)


def _ask_leave(ask: Ask) -> Answer:
    why = read_reason(ask.text, ask.now)
    meeting = _find(ask)
    if meeting is None:
        return _answer_notice(ask, why) or _none(ask)
    if ask.is_command_name or not why:
        asked = f"“{meeting.title}”请假的原因是什么？"
        ask.put_question("meetings.leave", asked, number=meeting.id)
        return f"{meetings.say(meeting, ask.now)}\n{asked}一句话就行；不请了回“算了”。"
    return _take(ask, meeting, why)


def _answer_notice(ask: Ask, why: str) -> Answer | None:
    """Let who stays away answer a notice that asks for just that, where one is open.

    A choice was taken already for one to a call, of which no meeting is ahead: then
    only what asks for nothing is left.
    """
    left = ("receipt.away",) if "choice" in ask.slots else ("receipt", "receipt.away")
    slots = {"choice": AWAY, "note": why}
    for intent in left:
        try:
            return ask.commands.by_intent[intent].run(replace(ask, slots=slots))
        except NotMeant:
            continue
    return None


def _decline(ask: Ask, question: Open) -> Answer:
    """Take a no for one to the leave; who only says again to stay away is asked on."""
    if list(find_choices(ANSWERS, ask.said)) == [AWAY]:
        return question.asked
    ask.close_question()
    return "好的，没有请假。"


@answering("meetings.leave", words=FreeWords(LEAVE, own=OWN), declined=_decline)
def hear_why(ask: Ask, question: Open) -> Answer | None:
    """Hear why somebody stays away, or that he or she comes after all."""
    meeting = meetings.find(ask.session, question.details["number"])
    meant = list(find_choices(ANSWERS, ask.said))
    why = read_reason(ask.text, ask.now)
    if meant == [AWAY] and not why:
        return question.asked
    ask.close_question()
    if meant == [COMING] or ask.orders() == "leave.back":
        return _comes(ask, meeting)
    return _take(ask, meeting, why or ask.text.strip(EDGES))


def _find(ask: Ask) -> Meeting | None:
    """Find the meeting that is meant: ahead or on, and for the sick one just over."""
    ahead = _called(ask, which.coming(ask))
    found = which.pick(ask, ahead, ask.text)
    if found is not None:
        return found
    over = [
        each
        for each in _called(ask, which.begun(ask))
        if each.starts_at > ask.now - AFTER
        and each.state in (State.CALLED, State.HELD)
        and not _came(ask, each)
    ]
    meant = which.of_words(ask, over, ask.text, "past")
    return meant[0] if meant and not ahead else None


def _called(ask: Ask, found: Sequence[Meeting]) -> list[Meeting]:
    """Keep of meetings those that the speaker is called to."""
    mine = attendees.meetings_of(ask.session, ask.member.id)
    return [each for each in found if each.id in mine]


def _came(ask: Ask, meeting: Meeting) -> bool:
    row = attendees.find(ask.session, meeting, ask.member.id)
    return row is not None and row.came_at is not None


def _none(ask: Ask) -> str:
    if ahead := _called(ask, which.coming(ask)):
        listed = "；".join(meetings.say(each, ask.now) for each in ahead[: which.MOST])
        return (
            f"没有对上是哪个会，什么也没有记。您要参加的有：{listed}。"
            "请说“请假 哪天的会 原因”。"
        )
    if ask.standing.role >= Role.SECRETARY:
        return "近期没有叫您参加的会，没有可请的假，什么也没有记。"
    return (
        "近期没有登记过叫您参加的会，请假记不上，什么也没有记。"
        "通知里或口头说的会，请直接跟书记说一声。"
    )


def _take(ask: Ask, meeting: Meeting, why: str) -> Reply:
    """Ask the leave, let the call's answer say the same, and ask the secretary."""
    over = ask.now > meeting.ends
    if meeting.state not in (State.CALLED, State.HELD):
        raise Refusal(f"“{meeting.title}”的记录已经送签，补请假请直接跟书记说。")
    if over and leaves.sort_of(why) != SICK:
        raise Refusal(
            f"“{meeting.title}”已经开过了。会后只有病假可以补请，"
            "别的情况请直接跟书记说明。"
        )
    if _came(ask, meeting):
        raise Refusal(
            f"“{meeting.title}”您已经签到了，不用请假。要先走，跟会务说一声。"
        )
    leave_letters.take_up(ask.session, ask.now)
    new = leaves.ask(ask.session, meeting.id, ask.member.id, why, ask.now, after=over)
    _answer_call(ask, meeting, AWAY)
    leave = leaves.find(ask.session, meeting.id, ask.member.id)
    if leave is not None and leave.state == ASKED and leave.told_at is None:
        at = next_loud(ask.config.quiet, ask.now)
        leave_letters.ask_secretary(ask.session, leave, ask.now, at)
    if not new:
        said = leaves.SAID[leave.state] if leave else ""
        return Reply(f"“{meeting.title}”您已经请过假了，{said}。")
    sort = leaves.sort_of(why)
    step = "已转书记，批了告诉您。原因只有书记和纪检委员看得到。"
    if ask.standing.role >= Role.SECRETARY:
        step = "您是书记，这个假请向上级党组织说明，这里先记着。"
    return Reply(
        f"记下了：{meetings.say(meeting, ask.now)} 请{sort}，原因：{why}。\n"
        f"{step}又能来了就说“销假”。",
        changed=True,
    )


def _answer_call(ask: Ask, meeting: Meeting, choice: str) -> None:
    """Let the call and the leave say the same: one meeting, one truth."""
    if meeting.notice_id is None:
        return
    notice = notices.find(ask.session, meeting.notice_id)
    standing = corrections.standing(ask.session, notice, ask.now)
    if choice not in standing.answers:
        return
    receipt = Receipt(
        notice_id=notice.matter,
        member_id=ask.member.id,
        at=ask.now,
        how="text",
        choice=choice,
        note=None,
    )
    receipts.record(ask.session, receipt)


@command("leave.how", help="请假跟谁说、谁来批", shown=False)
def tell_how(ask: Ask) -> str:
    return f"{HOW}\n{send_on(ask, TO_SECRETARY, BY_SECRETARY)}"


@command("leave.back", help="又能来了，销假", acts=True, shown=False)
def come_back(ask: Ask) -> Answer:
    """End a leave; who only answers late that he or she comes is noted as coming."""
    return run_or_ask(ask, "leave.back", _come_back)


def _come_back(ask: Ask) -> Answer:
    away = turnout.on_leave(ask.session, ask.member.id)
    mine = [each for each in which.coming(ask) if each.id in away]
    meeting = which.pick(ask, mine, ask.text.replace("销假", ""))
    if meeting is None:
        return _comes_late(ask)
    leaves.withdraw(ask.session, meeting.id, ask.member.id)
    _answer_call(ask, meeting, COMING)
    return Reply(
        f"销假了：{meetings.say(meeting, ask.now)}，记您能参加。", changed=True
    )


def _comes_late(ask: Ask) -> Reply:
    """Note who says that he or she comes when the time for answers is over."""
    if "销假" in ask.text:
        raise Refusal("您没有请着假的会，不用销假。")
    meeting = which.pick(ask, _called(ask, which.coming(ask)), ask.text)
    if meeting is None or meeting.notice_id is None:
        raise NotMeant
    return _comes(ask, meeting)


def _comes(ask: Ask, meeting: Meeting) -> Reply:
    """Note that somebody comes who asked no leave of this meeting."""
    _answer_call(ask, meeting, COMING)
    said = meetings.say(meeting, ask.now)
    return Reply(f"记下了：{said}，您能参加。", changed=True)


@command(
    "leave.decide",
    help="批假，例：同意李伟请假",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def decide(ask: Ask) -> Answer:
    """Grant or refuse: by the card's button, or by name."""
    if ask.message.kind == "event":
        return answer_press(ask, lambda: _decide_pressed(ask))
    scope = Scope(ask.session, ask.standing.branch)
    member = scope.find_member(which.slot(ask, "person"))
    found = _asked_by(ask, member)
    if not found:
        raise Refusal(f"{member.called}没有等着批的请假。")
    if len(found) > 1:
        listed = "；".join(meetings.say(each, ask.now) for each in found)
        raise Refusal(
            f"{member.called}请了 {len(found)} 个会的假：{listed}。请在卡片上点。"
        )
    return decide_on(ask, found[0], member, granted="no" not in ask.slots)


def _decide_pressed(ask: Ask) -> Answer:
    number, _, rest = ask.words.partition(":")
    person_id, _, word = rest.partition(":")
    if not (number.isdecimal() and person_id.isdecimal()):
        raise NotMeant
    meeting = meetings.find(ask.session, int(number))
    member = ask.session.get(Member, int(person_id))
    if member is None or meeting.id not in {each.id for each in list_theirs(ask)}:
        raise Refusal("这不是您的支部的请假。")
    reply = decide_on(ask, meeting, member, granted=word == "yes")
    if ticket := ask.message.ticket:
        leave = leaves.find(ask.session, meeting.id, member.id)
        words = "已同意" if leave and leave.state == GRANTED else "没有同意"
        replies.grey_out(ask.session, ask.member, ticket, words, ask.now)
    return reply


def list_theirs(ask: Ask) -> Sequence[Meeting]:
    begin, end = ask.now - meetings.BACK, ask.now + meetings.AHEAD
    return meetings.within(ask.session, ask.standing.branch, begin, end)


def _asked_by(ask: Ask, member: Member) -> list[Meeting]:
    """List for which meetings somebody's leave waits for a word."""
    leave_letters.take_up(ask.session, ask.now)
    theirs = leaves.of_member(ask.session, member.id)
    found = []
    for each in list_theirs(ask):
        leave = theirs.get(each.id)
        open_still = each.state in (State.CALLED, State.HELD)
        if leave and leave.state in (ASKED, REFUSED) and open_still:
            found.append((leave.state, each))
    waiting = [each for state, each in found if state == ASKED]
    return waiting or [each for _, each in found]


def decide_on(ask: Ask, meeting: Meeting, member: Member, *, granted: bool) -> Reply:
    done = leave_letters.settle(
        ask.session, meeting, member, ask.member, ask.now, granted=granted
    )
    if done is None:
        leave = leaves.find(ask.session, meeting.id, member.id)
        said = leaves.SAID[leave.state] if leave else ""
        return Reply(f"{member.called}的请假{said}，没有再改。")
    word = "同意了" if granted else "没有同意"
    said = meetings.say(meeting, ask.now)
    return Reply(f"{word}{member.called}的请假（{said}），已告诉本人。", changed=True)
