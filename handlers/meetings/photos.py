"""签到表照片: the paper sheet is photographed, and said name by name by who records."""

from collections.abc import Sequence
from datetime import timedelta

from bot.branch.meetings import meetings, photos, turnout
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.notices import enclosures
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.send_file import send_picture
from bot.command import PICTURE, Ask, command, receiving
from bot.errors import Refusal
from bot.message import Reply
from handlers.meetings import which

FOCUS = "sheet_photo"
AFTERWARDS = timedelta(hours=24)
"""So long after a meeting a picture that nothing asks for may be of its sheet."""
HOW = (
    "照片里的字我不认，请照着纸面说：“都到了”“都到了，除了刘洋”，或者"
    "“王芳、李伟到了”；我列出名单，您核过“确认”才记，照片一起留作签到的依据。"
)


@receiving("attendance.photo", endings=(PICTURE,), role=Role.MEMBER)
def take_picture(ask: Ask, media_id: str) -> Reply | None:
    """Take a picture for the sheet of the meeting that is on, or was just held.

    None for who records none, and for a meeting whose minutes are signed.
    """
    meeting = _just_held(ask)
    if meeting is None:
        return None
    waiting = _waiting(ask, meeting)
    name = f"签到表-{meeting.id}-{len(waiting) + 1}.jpg"
    kept = enclosures.take_picture(ask.session, ask.member, name, media_id, ask.now)
    every = [*waiting, kept]
    ask.note_focus(FOCUS, meeting=meeting.id, photos=every)
    which.speak_of(ask, meeting)
    pages = f"（第 {len(every)} 张）" if len(every) > 1 else ""
    people = [
        each
        for each in turnout.list_people(ask.session, meeting, ask.now)
        if each.expected
    ]
    audit.note(
        ask.session,
        ask.member,
        "meetings.view",
        ask.now,
        subjects=[each.member_id for each in people],
    )
    states = turnout.say_states(turnout.without_reasons(people))
    told = meetings.say(meeting, ask.now)
    lines = [
        f"照片收到了{pages}。是{told}的纸质签到表吗？应到 {len(people)} 人：",
        *states,
        HOW,
        "不是签到表就不用理它，两天后自动删掉。",
    ]
    return Reply("\n".join(lines))


def _just_held(ask: Ask) -> Meeting | None:
    """Find the asker's meeting that is on, or was over a day ago at most."""
    found = [
        each
        for each in which.begun(ask)
        if each.state in (State.CALLED, State.HELD)
        and each.ends + AFTERWARDS > ask.now
        and which.may_lead(ask, each)
    ]
    on = [each for each in found if each.starts_at <= ask.now <= each.ends]
    return next(iter(which.spoken_of(ask, found) or on or found), None)


def _waiting(ask: Ask, meeting: Meeting) -> list[int]:
    kept = ask.find_focus(FOCUS)
    return list(kept["photos"]) if kept and kept["meeting"] == meeting.id else []


def say_waiting(ask: Ask, meeting: Meeting) -> str:
    """Say in a preview that photos go with it."""
    count = len(_waiting(ask, meeting))
    return f"\n签到表照片 {count} 张，一起留作依据。" if count else ""


def keep_waiting(ask: Ask, meeting: Meeting) -> str:
    """Keep the photos of the list that was confirmed; say so."""
    waiting = _waiting(ask, meeting)
    if not waiting:
        return ""
    photos.add_photos(ask.session, meeting, waiting, ask.member.id, ask.now)
    ask.note_focus(FOCUS, meeting=meeting.id, photos=[])
    return f"签到表照片 {len(waiting)} 张留作依据了，说“看签到表照片”再看。"


@command("attendance.sheet", help="签到表拍照存着，记到会", shown=False)
def ask_for_picture(ask: Ask) -> str:
    """Say how the paper sheet comes in, to who records a meeting."""
    meeting = _just_held(ask)
    if meeting is None:
        which.to_write(ask)  # says why it is none of hers
        raise Refusal("没有正在开、或一天以内开过的会等着记到会。")
    which.speak_of(ask, meeting)
    return (
        f"好的，把{meetings.say(meeting, ask.now)}的签到表拍清楚发给我，"
        f"几页就发几张。{HOW}"
    )


@command("attendance.photos", help="看签到表照片", role=Role.MEMBER, shown=False)
def show_photos(ask: Ask) -> str:
    """Send the photos of a meeting's sheet to whoever leads or records it."""
    meeting = which.to_write(ask, ask.text)
    found: Sequence[tuple[str, bytes]] = photos.read_photos(ask.session, meeting)
    told = meetings.say(meeting, ask.now)
    if not found:
        return f"{told}没有存签到表照片。把纸质签到表拍一张发给我就行。"
    audit.note(ask.session, ask.member, "meetings.view", ask.now)
    for name, content in found:
        send_picture(ask.session, name, content, ask.member, ask.now)
    return f"{told}的签到表照片 {len(found)} 张，马上发给您。"
