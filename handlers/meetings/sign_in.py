"""签到: by the card's button, by the four digits on the screen, or by a word."""

from collections.abc import Sequence

from bot.branch.birthdays import collectives
from bot.branch.meetings import attendees, codes, doors, meetings, quorum, turnout
from bot.branch.meetings.meetings import Meeting
from bot.branch.notices import replies
from bot.branch.people.members import Role, party_branch
from bot.calendar.say import say_moment
from bot.command import Answer, Ask, Kept, NotMeant, Referring, command
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.message import Reply
from bot.next_steps import send_on
from bot.pressed import answer_press
from bot.understanding.slots import person
from handlers.meetings import which
from handlers.meetings.which import Several
from handlers.meetings.which_one import run_or_ask

DIGITS = 4
FOCUS = "signed_in"
MARKED = (
    "签错了请跟会务或者支部书记说，由他们来改。",
    "签错了的，说“撤销王芳的签到”这样来改。",
)


@command("sign_in", help="到会后签到，例：签到 1234", acts=True)
def sign_in(ask: Ask) -> Answer:
    """Sign in to the meeting that is on; a collective birthday is one too."""
    if who := person.other_named(ask):
        return f"签到要{who}本人来签，别人不能代。没有手机的，请会务照纸质签到补记。"
    if ask.message.kind == "event":
        return answer_press(ask, lambda: _pressed(ask), "没有签上")
    return run_or_ask(ask, "sign_in", _sign_by_text)


def _sign_by_text(ask: Ask) -> Answer:
    said = _digits(ask.text)
    found = doors.open_to(ask.session, ask.member.id, ask.now)
    if said:
        return _by_code(ask, said, found)
    if found:
        return _by_word(ask, found)
    return _sign_collective(ask) or _closed(ask)


def _by_word(ask: Ask, found: Sequence[Meeting]) -> Reply:
    """Sign in to the one open door, or to that which is named or chosen."""
    left = which.of_words(ask, found, ask.text, "future") or found
    if len(left) > 1:
        raise Several(left)
    return _sign(ask, left[0], "text")


@command("sign_in.here", help="人到了，签到", acts=True, shown=False)
def arrive(ask: Ask) -> Answer:
    """Sign in who says only 我到了, while a door stands open; else that is no order."""
    found = doors.open_to(ask.session, ask.member.id, ask.now)
    if not found:
        raise NotMeant
    return run_or_ask(ask, "sign_in.here", lambda again: _by_word(again, found))


def _digits(text: str) -> str:
    """Take the one figure that is said: 签到 0417."""
    figures = [each for each in _figures(text) if len(each) == DIGITS]
    return figures[0] if len(figures) == 1 else ""


def _figures(text: str) -> list[str]:
    return "".join(each if each.isdecimal() else " " for each in text).split()


def _pressed(ask: Ask) -> Reply | str:
    what, _, number = ask.words.rpartition(":")
    if not number.isdecimal():
        return sign_in_by_menu(ask)
    if what != "meeting":
        branch = party_branch(ask.session, ask.member)
        found = collectives.find_for(ask.session, int(number), branch)
        return _note_collective(ask, found)
    meeting = meetings.find(ask.session, int(number))
    return _sign(ask, meeting, "button")


def sign_in_by_menu(ask: Ask) -> Reply | str:
    found = doors.open_to(ask.session, ask.member.id, ask.now)
    if len(found) == 1:
        return _sign(ask, found[0], "button")
    return _sign_collective(ask) or _closed(ask)


def _by_code(ask: Ask, said: str, found: Sequence[Meeting]) -> Reply | str:
    if meeting := doors.find_by_code(found, said, ask.now):
        return _sign(ask, meeting, "code")
    if found:
        raise Refusal("签到码不对，请看会场屏幕上现在的四位数，再发一次。")
    elsewhere = doors.all_open(ask.session, ask.now)
    if other := doors.find_by_code(elsewhere, said, ask.now):
        raise Refusal(doors.NOT_LISTED.format(title=other.title))
    return _sign_collective(ask) or _closed(ask)


def _sign(ask: Ask, meeting: Meeting, how: str) -> Reply:
    new = doors.sign_in(ask.session, meeting, ask.member, how, ask.now)
    row = attendees.find(ask.session, meeting, ask.member.id)
    late = bool(row and row.late)
    if ticket := ask.message.ticket:
        replies.grey_out(ask.session, ask.member, ticket, "已签到", ask.now)
    if not new:
        return Reply(f"“{meeting.title}”您已经签过到了。")
    word = f"（迟到，{ask.now:%H:%M}）" if late else ""
    return Reply(f"签到好了{word}：{meeting.title}。", changed=True)


def _sign_collective(ask: Ask) -> Reply | None:
    branch = party_branch(ask.session, ask.member)
    found = collectives.open_for(ask.session, branch, ask.now)
    return None if found is None else _note_collective(ask, found)


def _note_collective(ask: Ask, found: collectives.CollectiveBirthday | None) -> Reply:
    if found is None:
        raise Refusal("没有找到这次集体政治生日会。")
    new = collectives.sign_in(ask.session, found, ask.member, ask.now)
    if ticket := ask.message.ticket:
        replies.grey_out(ask.session, ask.member, ticket, "已签到", ask.now)
    return Reply("签到好了，欢迎您！" if new else "您已经签过到了。", changed=new)


def _closed(ask: Ask) -> str:
    """Say why nobody signs in now: when the next one is, or that one is over."""
    called = attendees.meetings_of(ask.session, ask.member.id)
    mine = [each for each in which.coming(ask) if each.id in called]
    if mine:
        at = say_moment(mine[0].starts_at, ask.now)
        return (
            f"现在没有在签到的会。下一个是“{mine[0].title}”，{at}，"
            "开始前 30 分钟起可以签到。这次什么也没有记。"
        )
    return "现在没有要您签到的会，什么也没有记。真到了会的，请告诉会务补记。"


@command(
    "sign_in.code",
    help="会场屏幕上放的签到码",
    role=Role.MEMBER,
    shown=False,
)
def show_code(ask: Ask) -> Answer:
    """Tell the four digits of this minute to whoever leads the meeting."""
    here = {each.id for each in which.begun(ask)}
    found = [
        each
        for each in doors.all_open(ask.session, ask.now)
        if each.id in here and which.may_lead(ask, each)
    ]
    if not found:
        raise Refusal("现在没有由您主持或召集、正在签到的会，没有签到码。")
    lines = [line for each in found for line in _screen(ask, each)]
    return "\n".join([*lines, "每分钟换一个；上一分钟的还认，再早的不认。"])


def _screen(ask: Ask, meeting: Meeting) -> list[str]:
    """Say what the screen at the door shows: the code, how many, whether enough."""
    figures = turnout.figures(ask.session, meeting, ask.now)
    judged = quorum.judge_meeting(ask.session, meeting, figures, ask.now)
    code = codes.code_of(meeting, ask.now)
    lines = [
        f"“{meeting.title}”现在的签到码：{code}",
        f"已签到 {figures.present}/{figures.expected} 人",
    ]
    return [*lines, str(judged)] if judged else lines


def _find_last(ask: Ask) -> Spoken | None:
    row = attendees.last_came(ask.session, ask.speaker.id)
    age = ask.now - row.came_at if row and row.came_at else focus.LASTS
    if row is None or age >= focus.LASTS:
        return None
    return Spoken(FOCUS, {"meeting": row.meeting_id}, age)


def _title(ask: Ask, kept: Kept) -> str:
    return f"“{meetings.find(ask.session, kept['meeting']).title}”的签到"


def _keep_signed(ask: Ask, kept: Kept) -> Answer:
    """Say that one's own signature is not taken back by oneself, and who may."""
    raise Refusal(f"{_title(ask, kept)}自己撤不了，什么也没动。{send_on(ask, *MARKED)}")


LAST = Referring(
    FOCUS,
    title=_title,
    find=_find_last,
    undo=_keep_signed,
    verbs=("签", "打", "报", "到"),
    called=("签到", "到"),
    of=("sign_in", "sign_in.here"),
)
