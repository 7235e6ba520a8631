"""记录, 决议: points and resolutions by chat, and what is taken out again."""

import re
from dataclasses import asdict

from bot.branch.meetings import meetings, minutes, resolutions, speeches, turnout
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.quorum import Votes
from bot.branch.people.members import Member
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, answering, command
from bot.errors import Denied, Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from bot.understanding.slots.votes import ALL, read_votes
from bot.understanding.slots.yes_no import refuses
from handlers.meetings import which
from handlers.meetings.clauses import EDGES
from handlers.meetings.which import slot

SPOKE = re.compile(
    r"^\s*(?:同志|老师)?\s*(?:发言|说|认为|提出|指出|表示|汇报|谈到)?[:：，, ]*"
)
DRAFT_ONLY = "只记您写的，没说的地方留空。"


def _is_member(ask: Ask, words: str) -> bool:
    """Tell whether somebody of ours is called so: who speaks at a meeting."""
    return words in Scope(ask.session, which.here(ask)).names


@command(
    "minutes.note",
    help="记一条会议发言",
    acts=True,
    shown=False,
    knows=_is_member,
)
def write_note(ask: Ask) -> Reply:
    """Write a point down: 记录：王芳发言，建议…."""
    said = ask.whole(slot(ask, "said")).strip(EDGES)
    if not said:
        raise NotMeant
    if speaker_name := ask.slots.get("speaker"):
        said = f"{speaker_name}：{said}"
    scope = Scope(ask.session, which.here(ask))
    named = find_named(scope, said)
    if "loose" in ask.slots:
        if not named or named.before.strip(EDGES):
            raise NotMeant
        meeting = _of_today(ask)
    elif named and not f"{named.before}{named.after}".strip(EDGES):
        return _give_recorder(ask, named.member)
    else:
        meeting = _to_write_or_pass(ask)
    speaker, text = None, said
    if named and not named.before.strip(EDGES):
        speaker = named.member.id
        text = SPOKE.sub("", named.after, count=1).strip(" \n") or said
    which.speak_of(ask, meeting)
    new = speeches.add(ask.session, meeting, speaker, text, ask.member, ask.now)
    if not new:
        return Reply("这一条已经记过了，没有再记。")
    who = f"{named.member.called}：" if named and speaker else ""
    return Reply(
        f"记下了（{meeting.title}）：{who}{text}\n写错了说“划掉记录 …”。{DRAFT_ONLY}",
        changed=True,
    )


def _give_recorder(ask: Ask, member: Member) -> Reply:
    """Have somebody record a meeting that is on: 记录 陈静, who has said nothing.

    Raises NotMeant where none is: then it is said of one that is called.
    """
    try:
        meeting = which.to_write(ask)
    except Denied:
        raise
    except Refusal:
        raise NotMeant from None
    minutes.give_recorder(ask.session, meeting, member, ask.now)
    return Reply(f"“{meeting.title}”由{member.called}做记录。", changed=True)


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
    told = "loose" in ask.slots or "all" in ask.slots
    meeting = _of_today(ask) if told else _to_write_or_pass(ask)
    said = f"{ask.slots.get('all', '')}{said}"
    text, votes = read_votes(said)
    if told and votes:
        return _preview(ask, meeting, text, votes)
    if votes is None and ALL.find(said):
        figures = turnout.figures(ask.session, meeting, ask.now)
        return _confirm_all(ask, meeting, text, figures.voters_here)
    if votes is None:
        asked = f"“{text}”多少票赞成、反对、弃权？"
        ask.put_question("meetings.votes", asked, number=meeting.id, text=text)
        return f"{asked}例：赞成9反对0弃权1。没有表决的，用“记录：…”来记。"
    return resolve(ask, meeting, text, votes)


def _of_today(ask: Ask) -> Meeting:
    """Find today's meeting that the speaker writes; NotMeant where there is none.

    What only tells of a meeting, as 会上定了 does, is of the one just held.
    """
    try:
        meeting = which.to_write(ask)
    except Refusal:
        raise NotMeant from None
    if meeting.starts_at.astimezone(ask.now.tzinfo).date() != ask.now.date():
        raise NotMeant
    return meeting


def _preview(ask: Ask, meeting: Meeting, text: str, votes: Votes) -> str:
    """Put a resolution that was told of before the speaker, with its figures."""
    kept = {"number": meeting.id, "text": text, "votes": asdict(votes)}
    ask.put_draft("meetings.resolve", f"决议“{text}”这样记？", **kept)
    return (
        f"【预览】决议（{meeting.title}）：{text}\n"
        f"赞成 {votes.for_}，反对 {votes.against}，弃权 {votes.abstain}\n"
        "请核对票数。回“确认”记下，“取消”不记。"
    )


def show_resolution(ask: Ask, kept: Kept) -> Answer:
    meeting = meetings.find(ask.session, kept["number"])
    return _preview(ask, meeting, kept["text"], Votes(**kept["votes"]))


def confirm_resolution(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    meeting = meetings.find(ask.session, kept["number"])
    if not which.may_lead(ask, meeting):
        raise Denied("会议记录由书记、主持人和记录人来写。")
    return resolve(ask, meeting, kept["text"], Votes(**kept["votes"]))


RESOLUTION = Drafting(
    "meetings.resolve",
    show=show_resolution,
    confirm=confirm_resolution,
    verbs=("记下",),
    dropped="好的，没有记。",
)


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
    return resolve(ask, meeting, question.details["text"], votes)


def resolve(ask: Ask, meeting: Meeting, text: str, votes: Votes) -> Reply:
    """Write a resolution down, and say whether it is passed. Raises Refusal."""
    done = resolutions.resolve(ask.session, meeting, text, votes, ask.member, ask.now)
    row, outcome = done.row, done.outcome
    which.speak_of(ask, meeting)
    lines = [f"记下了（{meeting.title}）：{resolutions.say(row)}。"]
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


@command("minutes.drop", help="划掉草稿里的一条", acts=True, shown=False)
def drop(ask: Ask) -> Reply:
    said = slot(ask, "said").strip(EDGES)
    meeting = which.to_write(ask)
    gone = minutes.drop(ask.session, meeting, said, ask.now)
    return Reply(f"划掉了：{gone}", changed=True)
