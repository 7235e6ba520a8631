"""/console/meetings/…: what is written of a meeting, up to its signature."""

from werkzeug.wrappers import Response

from bot.branch.meetings import letters, minutes, resolutions, speeches
from bot.branch.meetings.quorum import Votes
from bot.errors import Refusal
from bot.understanding.slots.scope import Scope
from server.web.console.desk import Desk
from server.web.console.pages.meetings import (
    MEETINGS,
    NOT_HERE,
    find_own,
    find_to_write,
    lead_back,
    show_meeting,
    state_of,
)
from server.web.pages.answers import PageRefusal


@MEETINGS.post("/<int:number>/points", again=show_meeting)
def add_point(desk: Desk, number: int) -> Response:
    meeting = find_to_write(desk, number)
    text, name = (desk.sent.get(each, "").strip() for each in ("text", "speaker"))
    if not text:
        raise Refusal("发言还没有写内容。")
    speaker = Scope(desk.session, desk.branch).find_member(name).id if name else None
    speeches.add(desk.session, meeting, speaker, text, desk.member, desk.now)
    return lead_back(desk, "发言记下了。", number)


@MEETINGS.post("/<int:number>/resolutions", again=show_meeting)
def add_resolution(desk: Desk, number: int) -> Response:
    meeting = find_to_write(desk, number)
    text = desk.sent.get("text", "").strip()
    if not text:
        raise Refusal("决议还没有写内容。")
    votes = Votes(*(_number(desk, each) for each in ("for", "against", "abstain")))
    done = resolutions.resolve(
        desk.session, meeting, text, votes, desk.member, desk.now
    )
    word = "通过" if done.outcome.passed else "没有通过"
    return lead_back(desk, f"决议记下了（{word}）。{done.wanting}", number)


@MEETINGS.post("/<int:number>/drop", again=show_meeting)
def drop(desk: Desk, number: int) -> Response:
    meeting = find_to_write(desk, number)
    minutes.drop(desk.session, meeting, desk.sent.get("text", ""), desk.now)
    return lead_back(desk, "去掉了一条。", number)


@MEETINGS.post("/<int:number>/steps/<step>", again=show_meeting)
def take_step(desk: Desk, number: int, step: str) -> Response:
    """Hand the draft to the host, sign it, send it back, or open what is locked."""
    meeting = find_own(desk, number)
    desk.check_unchanged(*state_of(meeting))
    why = desk.sent.get("why", "").strip()
    session, by, now = desk.session, desk.member, desk.now
    match step:
        case "send":
            minutes.check_writer(session, meeting, by)
            minutes.send(session, meeting, by, now)
            letters.ask_signature(session, meeting, now)
            said = "送主持人签字了。"
        case "sign":
            minutes.sign(session, meeting, by, now)
            said = "签好了，记录锁定。"
        case "return":
            minutes.give_back(session, meeting, by, why, now)
            said = "退回去了。"
        case "reopen":
            minutes.check_writer(session, meeting, by)
            minutes.reopen(session, meeting, by, why, now)
            said = "退回修改了，过程都留着。"
        case _:
            raise PageRefusal(404, NOT_HERE)
    return lead_back(desk, said, number)


def _number(desk: Desk, name: str) -> int:
    said = desk.sent.get(name, "").strip() or "0"
    if not said.isdecimal() or len(said) > 6:
        raise Refusal(f"票数“{said[:10]}”不是一个数。")
    return int(said)
