"""会议记录: points and resolutions by chat, 散会, 送签, 签字, 退回."""

import re
from datetime import datetime

from bot.branch.meetings import attendees, letters, meetings, minutes
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.minutes import Resolution
from bot.branch.meetings.papers import absences
from bot.branch.meetings.quorum import Votes
from bot.branch.notices import replies
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.calendar.say import say_moment
from bot.command import Answer, Ask, NotMeant, answering, command
from bot.errors import Denied, Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.yes_no import refuses
from handlers.meetings import which
from handlers.meetings.which import slot

MOST = 12
NUMBER = r"(\d{1,4})\s*(?:票|人)?"
FOR, AGAINST, ABSTAIN = "(?:赞成|同意)", "(?:反对|不赞成|不同意)", "弃权"
WRITTEN = r"书面(?:意见)?(?:赞成|同意)?"
VOTES = re.compile(
    rf"(?:(?P<w>{WRITTEN})|(?P<a>{AGAINST})|(?P<b>{ABSTAIN})|(?P<f>{FOR}))"
    rf"[:： ]*{NUMBER}"
    rf"|{NUMBER}(?:(?P<a2>{AGAINST})|(?P<b2>{ABSTAIN})|(?P<f2>{FOR}))"
)
ALL = re.compile("(?:全体|全票|一致)(?:表决)?(?:同意|通过|赞成)")
SPOKE = re.compile(
    r"^\s*(?:同志|老师)?\s*(?:发言|说|认为|提出|指出|表示|汇报|谈到)?[:：，, ]*"
)
EDGES = " \t\n，,。；;：:、"
DRAFT_ONLY = "只记您写的，没说的地方留空。"


@command("minutes", help="看会议记录，写：“记录：…”“决议：…，赞成9反对0弃权1”")
def show_minutes(ask: Ask) -> str:
    """Show what is written of a meeting to whoever led, recorded or calls it."""
    if "还没签" in ask.text or "没签" in ask.text:
        return _unsigned(ask)
    meeting = which.latest(ask, ask.text)
    if meeting is None:
        return which.nothing_held(ask)
    if not (which.may_lead(ask, meeting) or _was_called(ask, meeting)):
        raise Denied("会议记录由参加的同志、主持人、记录人和书记看。")
    people = attendees.list_people(ask.session, meeting, ask.now)
    whose = [each.member_id for each in people]
    audit.note(ask.session, ask.member, "meetings.view", ask.now, subjects=whose)
    return describe(ask, meeting)


def _was_called(ask: Ask, meeting: Meeting) -> bool:
    return attendees.find(ask.session, meeting, ask.member.id) is not None


def _unsigned(ask: Ask) -> str:
    mine = [each for each in which.begun(ask) if which.may_lead(ask, each)]
    wanting = [each for each in mine if each.state != State.LOCKED]
    if not wanting:
        return "会议记录都签好了。"
    lines = [
        f"{meetings.say(each, ask.now)}："
        f"{meetings.STAGES[meetings.stage(each, ask.now)]}"
        for each in wanting[:MOST]
    ]
    return "\n".join([f"没签完的有 {len(wanting)} 次：", *lines])


def describe(ask: Ask, meeting: Meeting) -> str:
    """Write the minutes out as they stand; what nobody wrote is an empty line."""
    people = attendees.list_people(ask.session, meeting, ask.now)
    counted = attendees.count(people, len(meeting.observers))
    host, recorder = (
        _name(ask, number) for number in (meeting.host_id, meeting.recorder_id)
    )
    items = meetings.agenda(ask.session, meeting)
    said = [
        f"{name}：{note.text}" if name else note.text
        for name, note in minutes.notes(ask.session, meeting)
    ]
    resolved = [
        say_resolution(each) for each in minutes.resolutions(ask.session, meeting)
    ]
    late = "（补录）" if meeting.late_entry else ""
    lines = [
        f"{meetings.say(meeting, ask.now)}{late}"
        f"（{meetings.STAGES[meetings.stage(meeting, ask.now)]}）",
        f"主持：{host}　记录：{recorder}",
        f"应到 {counted.expected}，实到 {counted.present}；"
        f"有表决权应到 {counted.voters}，实到 {counted.voters_present}",
        f"缺席：{'、'.join(absences(people)) or '无'}",
        f"议题：{'；'.join(items)}",
        "发言：" + ("" if not said else "\n" + "\n".join(said)),
        "决议：" + ("" if not resolved else "\n" + "\n".join(resolved)),
    ]
    return "\n".join([*lines, *_trace(ask, meeting)])


def say_resolution(each: Resolution) -> str:
    written = f"，书面同意 {each.written_for}" if each.written_for else ""
    word = "通过" if each.passed else "未通过"
    return (
        f"{each.text}：赞成 {each.votes_for}，反对 {each.against}，"
        f"弃权 {each.abstain}{written}，{word}"
    )


def _trace(ask: Ask, meeting: Meeting) -> list[str]:
    lines = []
    for name, step in minutes.steps(ask.session, meeting):
        why = f"（{step.why}）" if step.why else ""
        at = say_moment(step.at, ask.now)
        lines.append(f"{at} {name or ''}{minutes.STEPS[step.step]}{why}")
    return ["经过：", *lines] if lines else []


@command("minutes.note", help="记一条会议发言", acts=True, shown=False)
def write_note(ask: Ask) -> Reply:
    """Write a point down: 记录：王芳发言，建议…."""
    said = ask.whole(slot(ask, "said")).strip(EDGES)
    if not said:
        raise NotMeant
    meeting = _to_write_or_pass(ask)
    scope = Scope(ask.session, which.here(ask))
    named = find_named(scope, said)
    speaker, text = None, said
    if named and not named.before.strip(EDGES):
        speaker = named.member.id
        text = SPOKE.sub("", named.after, count=1).strip(" \n") or said
    new = minutes.note(ask.session, meeting, speaker, text, ask.member, ask.now)
    if not new:
        return Reply("这一条已经记过了，没有再记。")
    who = f"{named.member.called}：" if named and speaker else ""
    return Reply(
        f"记下了（{meeting.title}）：{who}{text}\n写错了说“划掉记录 …”。{DRAFT_ONLY}",
        changed=True,
    )


def _to_write_or_pass(ask: Ask) -> Meeting:
    """Find the meeting to write of; what is no minute of anybody is read on."""
    try:
        return which.to_write(ask)
    except Denied:
        raise
    except Refusal:
        if not which.is_secretary(ask):
            raise NotMeant from None
        raise


@command("minutes.resolve", help="记一条决议和票数", acts=True, shown=False)
def write_resolution(ask: Ask) -> Answer:
    """Write a resolution down: 决议：同意何雪转正，赞成9反对0弃权1."""
    said = ask.whole(slot(ask, "said")).strip(EDGES)
    meeting = _to_write_or_pass(ask)
    text, votes = read_votes(said)
    if votes is None and ALL.search(said):
        figures = attendees.figures(ask.session, meeting, ask.now)
        return _confirm_all(ask, meeting, text, figures.voters_here)
    if votes is None:
        asked = f"“{text}”多少票赞成、反对、弃权？"
        ask.put_question("meetings.votes", asked, number=meeting.id, text=text)
        return f"{asked}例：赞成9反对0弃权1。没有表决的，用“记录：…”来记。"
    return _resolve(ask, meeting, text, votes)


def _confirm_all(ask: Ask, meeting: Meeting, text: str, here: int) -> str:
    """Ask for the figures that 一致同意 stands for: nobody's vote is supposed."""
    asked = f"“{text}”是到会有表决权的 {here} 人都赞成吗？"
    ask.put_question("meetings.votes", asked, number=meeting.id, text=text)
    return f"{asked}请回票数，例：赞成{here}反对0弃权0。"


@answering("meetings.votes")
def hear_votes(ask: Ask, question: Open) -> Answer | None:
    if refuses(ask.text):
        ask.close_question()
        return "好的，没有记。"
    _, votes = read_votes(ask.text)
    if votes is None:
        return None
    ask.close_question()
    meeting = meetings.find(ask.session, question.details["number"])
    if not which.may_lead(ask, meeting):
        raise Denied("会议记录由书记、主持人和记录人来写。")
    return _resolve(ask, meeting, question.details["text"], votes)


def _resolve(ask: Ask, meeting: Meeting, text: str, votes: Votes) -> Reply:
    done = minutes.resolve(ask.session, meeting, text, votes, ask.member, ask.now)
    row, outcome = done.row, done.outcome
    which.speak_of(ask, meeting)
    lines = [f"记下了（{meeting.title}）：{say_resolution(row)}。"]
    if done.wanting:
        lines.append(f"到会人数不够，这次表决不能算数：{done.wanting}")
    else:
        lines.append(
            f"应到会有表决权 {row.voters} 人，要 {outcome.need} 人赞成才通过，"
            f"算进来的赞成 {outcome.counted} 票。{outcome.rules[0].citation}"
        )
    left = row.voters_here - votes.cast
    if left:
        here = row.voters_here
        lines.append(f"到会有表决权 {here} 人，还有 {left} 人的票没有记，请核对。")
    return Reply("\n".join(lines), changed=True)


def read_votes(said: str) -> tuple[str, Votes | None]:
    """Part a resolution from its figures; None where it gives none."""
    found: dict[str, int] = {}
    first = len(said)
    for hit in VOTES.finditer(said):
        name = next(key[0] for key, value in hit.groupdict().items() if value)
        figures = [each for each in hit.groups() if each and each.isdigit()]
        found[name] = int(figures[0])
        first = min(first, hit.start())
    text = ALL.sub("", said[:first]) if not found else said[:first]
    text = text.strip(EDGES) or said.strip(EDGES)
    if not found.keys() & {"f", "a", "b"}:
        return text, None
    votes = Votes(
        found.get("f", 0), found.get("a", 0), found.get("b", 0), found.get("w", 0)
    )
    return text, votes


@command("minutes.drop", help="划掉草稿里的一条", acts=True, shown=False)
def drop(ask: Ask) -> Reply:
    said = slot(ask, "said").strip(EDGES)
    meeting = which.to_write(ask)
    gone = minutes.drop(ask.session, meeting, said, ask.now)
    return Reply(f"划掉了：{gone}", changed=True)


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
    if not found:
        raise NotMeant
    meeting = found[0]
    minutes.close(ask.session, meeting, ask.member, ask.now)
    counted = attendees.figures(ask.session, meeting, ask.now)
    return Reply(
        f"散会了：{meeting.title}，{ask.now:%H:%M}。"
        f"应到 {counted.expected} 人，实到 {counted.present} 人。\n"
        "记录写好了说“送签”。",
        changed=True,
    )


def _same_night(meeting: Meeting, now: datetime) -> bool:
    return (now - meeting.starts_at).total_seconds() < 24 * 3600


@command("minutes.send", help="把记录送主持人签字", acts=True, shown=False)
def send(ask: Ask) -> Answer:
    meeting = which.to_write(ask)
    if meeting.state == State.AWAITING_SIGNATURE:
        host = _name(ask, meeting.host_id)
        return f"“{meeting.title}”的记录已经送{host}签字了，没有再送。"
    minutes.send(ask.session, meeting, ask.member, ask.now)
    letters.ask_signature(ask.session, meeting, ask.now)
    return Reply(
        f"送{_name(ask, meeting.host_id)}签字了：{meetings.say(meeting, ask.now)}。"
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
        if not waiting:
            raise Refusal("没有等您签字的会议记录。")
        meeting = waiting[0]
    if pressed and word == "no":
        return _ask_what_is_wrong(ask, meeting)
    try:
        minutes.sign(ask.session, meeting, ask.member, ask.now)
    except Refusal as refusal:
        return _answer_press(ask, str(refusal))
    if ticket := ask.message.ticket:
        replies.grey_out(ask.session, ask.member, ticket, "已签字", ask.now)
    _tell_writer(ask, meeting, "签字了，记录已锁定")
    return Reply(
        f"签好了，记录锁定：{meetings.say(meeting, ask.now)}。"
        "“导出会议记录”给您 Word 文件。",
        changed=True,
    )


def _answer_press(ask: Ask, words: str) -> Reply:
    if ask.message.ticket:
        key = f"press:{ask.message.id}"
        replies.tell(ask.session, ask.member, key, words, ask.now)
    return Reply(words)


def _ask_what_is_wrong(ask: Ask, meeting: Meeting) -> Reply:
    asked = f"“{meeting.title}”的记录哪里要改？"
    ask.put_question("meetings.give_back", asked, number=meeting.id)
    return _answer_press(ask, f"{asked}一句话就行。")


@answering("meetings.give_back")
def give_back(ask: Ask, question: Open) -> Answer | None:
    if refuses(ask.text):
        ask.close_question()
        return "好的，没有退回。"
    if ask.is_command_name or ask.message.kind == "event":
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
    if not found:
        raise Refusal("没有送签或锁定了的记录要退回。")
    why = ask.slots.get("why", "").strip(EDGES)
    minutes.reopen(ask.session, found[0], ask.member, why, ask.now)
    return Reply(
        f"退回修改：{meetings.say(found[0], ask.now)}，原因：{why}。"
        "退回的经过留着；改好再“送签”。",
        changed=True,
    )


@command("minutes.lead", help="换主持人或记录人", acts=True, shown=False)
def change_lead(ask: Ask) -> Answer:
    """Have another lead or record what is on, waits to be signed, or comes next."""
    scope = Scope(ask.session, which.here(ask))
    name = ask.slots.get("host") or slot(ask, "recorder")
    if name not in scope.called:
        raise NotMeant
    meeting = _to_lead(ask)
    member = scope.find_member(name)
    if "recorder" in ask.slots:
        meeting.recorder_id = member.id
        said = f"“{meeting.title}”由{member.called}记录，可以直接发“记录：…”。"
        return Reply(said, changed=True)
    minutes.change_host(ask.session, meeting, member, ask.member, ask.now)
    if meeting.state == State.AWAITING_SIGNATURE:
        letters.ask_signature(ask.session, meeting, ask.now)
    return Reply(f"“{meeting.title}”改由{member.called}主持并签字。", changed=True)


def _to_lead(ask: Ask) -> Meeting:
    begun = [each for each in which.begun(ask) if which.may_lead(ask, each)]
    still = [
        each for each in begun if each.state not in (State.LOCKED, State.CANCELLED)
    ]
    on = [each for each in still if each.ends >= ask.now]
    ahead = [each for each in which.coming(ask) if which.may_lead(ask, each)]
    waiting = [each for each in still if each.state == State.AWAITING_SIGNATURE]
    spoken = which.spoken_of(ask, still)
    for found in (spoken, on, waiting, ahead, still):
        if found:
            return found[0]
    raise NotMeant


def _tell_writer(ask: Ask, meeting: Meeting, words: str) -> None:
    """Tell whoever records, else whoever called it; nobody is told of his own."""
    number = meeting.recorder_id or meeting.called_by
    if number == ask.member.id:
        return
    to = ask.session.get_one(Member, number)
    said = f"{ask.member.called}{words}（{meetings.say(meeting, ask.now)}）。"
    letters.tell(ask.session, to, f"minutes:{ask.message.id}", said, ask.now)


def _name(ask: Ask, number: int | None) -> str:
    return "" if number is None else ask.session.get_one(Member, number).called
