"""散会, 送签, 签字, 退回: the way of the minutes, and who leads it."""

from datetime import datetime

from bot.branch.meetings import letters, meetings, minutes, turnout
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.notices import replies
from bot.branch.people.members import Member
from bot.command import Answer, Ask, FreeWords, NotMeant, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.pressed import answer_press, tell_presser
from bot.understanding.slots.scope import Scope
from handlers.meetings import which
from handlers.meetings.clauses import EDGES
from handlers.meetings.which import slot

NOBODY = "名册里没有“{name}”，没有换。请写姓名，例：换王芳主持。"


@command("minutes.close", help="散会", acts=True, shown=False)
def close(ask: Ask) -> Reply:
    found = [
        each
        for each in which.begun(ask)
        if each.state == State.CALLED
        and each.starts_at <= ask.now
        and which.may_lead(ask, each)
        and _same_night(each, ask.now)
    ]
    found = which.of_words(ask, found, which.named_in(ask), "past")
    if not found:
        raise NotMeant
    meeting = (which.spoken_of(ask, found) or found)[0]
    which.speak_of(ask, meeting)
    minutes.close(ask.session, meeting, ask.member, ask.now)
    counted = turnout.figures(ask.session, meeting, ask.now)
    return Reply(
        f"散会了：{meeting.title}，{ask.now:%H:%M}。"
        f"应到 {counted.expected} 人，实到 {counted.present} 人。\n"
        f"记录写好了说“送签”。{_hours_of(meeting)}",
        changed=True,
    )


def _hours_of(meeting: Meeting) -> str:
    lecture = meeting.kind == Kind.LECTURE
    return "要给到会的记学时，说“党课记 2 学时”。" if lecture else ""


def _same_night(meeting: Meeting, now: datetime) -> bool:
    return (now - meeting.starts_at).total_seconds() < 24 * 3600


@command("minutes.send", help="把记录送主持人签字", acts=True, shown=False)
def send(ask: Ask) -> Answer:
    meeting = which.to_write(ask)
    if meeting.state == State.AWAITING_SIGNATURE:
        host = which.name_of(ask, meeting.host_id)
        return f"“{meeting.title}”的记录已经送{host}签字了，没有再送。"
    minutes.send(ask.session, meeting, ask.member, ask.now)
    letters.ask_signature(ask.session, meeting, ask.now)
    host = which.name_of(ask, meeting.host_id)
    return Reply(
        f"送{host}签字了：{meetings.say(meeting, ask.now)}。"
        "签字以后锁定；主持人不在，说“换…主持”，由他签。",
        changed=True,
    )


@command("minutes.sign", help="主持人签字", acts=True, shown=False)
def sign(ask: Ask) -> Answer:
    """Sign by the button, or by a word; 退回 asks what is wrong."""
    number, _, word = ask.words.partition(":")
    pressed = ask.message.kind == "event"
    if pressed and number.isdecimal():
        meeting = meetings.find(ask.session, int(number))
    else:
        waiting = [
            each
            for each in which.begun(ask)
            if each.state == State.AWAITING_SIGNATURE and each.host_id == ask.member.id
        ]
        waiting = which.of_words(ask, waiting, which.named_in(ask), "past")
        if not waiting:
            raise Refusal("没有等您签字的会议记录。")
        meeting = waiting[0]
    if pressed and word == "no":
        return _ask_what_is_wrong(ask, meeting)
    return answer_press(ask, lambda: _sign(ask, meeting))


def _sign(ask: Ask, meeting: Meeting) -> Reply:
    minutes.sign(ask.session, meeting, ask.member, ask.now)
    if ticket := ask.message.ticket:
        replies.grey_out(ask.session, ask.member, ticket, "已签字", ask.now)
    _tell_writer(ask, meeting, "签字了，记录已锁定")
    return Reply(
        f"签好了，记录锁定：{meetings.say(meeting, ask.now)}。"
        "“导出会议记录”给您 Word 文件。",
        changed=True,
    )


def _ask_what_is_wrong(ask: Ask, meeting: Meeting) -> Reply:
    asked = f"“{meeting.title}”的记录哪里要改？"
    ask.put_question("meetings.give_back", asked, number=meeting.id)
    return tell_presser(ask, f"{asked}一句话就行。")


def _keep(ask: Ask, _question: Open) -> Answer:
    ask.close_question()
    return "好的，没有退回。"


@answering(
    "meetings.give_back",
    words=FreeWords(("退", "退回"), takes=("question", "order")),
    declined=_keep,
)
def give_back(ask: Ask, question: Open) -> Answer | None:
    if ask.message.kind == "event":
        return None
    meeting = meetings.find(ask.session, question.details["number"])
    why = ask.text.strip(EDGES)
    minutes.give_back(ask.session, meeting, ask.member, why, ask.now)
    ask.close_question()
    _tell_writer(ask, meeting, f"退回了记录：{why}")
    return Reply(
        f"退回了：{meeting.title}，原因：{why}。改好会再送给您。", changed=True
    )


@command("minutes.reopen", help="退回已送签或锁定的记录", acts=True, shown=False)
def reopen(ask: Ask) -> Answer:
    found = [
        each
        for each in which.begun(ask)
        if each.state in (State.LOCKED, State.AWAITING_SIGNATURE)
        and which.may_lead(ask, each)
    ]
    found = which.of_words(ask, found, which.named_in(ask), "past")
    if not found:
        raise Refusal("没有送签或锁定了的记录要退回。")
    why = ask.slots.get("why", "").strip(EDGES)
    meeting = (which.spoken_of(ask, found) or found)[0]
    minutes.reopen(ask.session, meeting, ask.member, why, ask.now)
    return Reply(
        f"退回修改：{meetings.say(meeting, ask.now)}，原因：{why}。"
        "退回的经过留着；改好再“送签”。",
        changed=True,
    )


@command("minutes.lead", help="换主持人或记录人", acts=True, shown=False)
def change_lead(ask: Ask) -> Answer:
    """Have another lead or record what is on, waits to be signed, or comes next."""
    scope = Scope(ask.session, which.here(ask))
    other = ask.slots.get("other")
    name = other or ask.slots.get("host") or slot(ask, "recorder")
    if name not in scope.called:
        raise Refusal(NOBODY.format(name=other)) if other else NotMeant
    meeting = _to_lead(ask)
    member = scope.find_member(name)
    if "recorder" in ask.slots:
        meeting.recorder_id = member.id
        said = f"“{meeting.title}”由{member.called}记录，可以直接发“记录：…”。"
        return Reply(said, changed=True)
    if meeting.host_id == member.id:
        return f"“{meeting.title}”已经是由{member.called}主持，没有再改。"
    minutes.change_host(ask.session, meeting, member, ask.member, ask.now)
    if meeting.state == State.AWAITING_SIGNATURE:
        letters.ask_signature(ask.session, meeting, ask.now)
    else:
        _tell_host(ask, meeting, member)
    return Reply(f"“{meeting.title}”改由{member.called}主持并签字。", changed=True)


def _to_lead(ask: Ask) -> Meeting:
    named = which.named_in(ask)
    begun = [each for each in which.begun(ask) if which.may_lead(ask, each)]
    begun = which.of_words(ask, begun, named, "past")
    still = [each for each in begun if each.state != State.LOCKED]
    on = [each for each in still if each.ends >= ask.now]
    ahead = [each for each in which.coming(ask) if which.may_lead(ask, each)]
    ahead = which.of_words(ask, ahead, named, "future")
    waiting = [each for each in still if each.state == State.AWAITING_SIGNATURE]
    spoken = which.spoken_of(ask, still)
    for found in (spoken, on, waiting, ahead, still):
        if found:
            return found[0]
    raise NotMeant


def _tell_host(ask: Ask, meeting: Meeting, host: Member) -> None:
    """Tell somebody that he or she leads the meeting now; nobody is told of his own."""
    if host.id == ask.member.id:
        return
    said = (
        f"{ask.member.called}请您主持{meetings.say(meeting, ask.now)}，记录也由您签字。"
    )
    letters.tell(ask.session, host, f"host:{ask.message.id}", said, ask.now)


def _tell_writer(ask: Ask, meeting: Meeting, words: str) -> None:
    """Tell whoever records, else whoever called it; nobody is told of his own."""
    number = meeting.recorder_id or meeting.called_by
    if number == ask.member.id:
        return
    to = ask.session.get_one(Member, number)
    said = f"{ask.member.called}{words}（{meetings.say(meeting, ask.now)}）。"
    letters.tell(ask.session, to, f"minutes:{ask.message.id}", said, ask.now)
