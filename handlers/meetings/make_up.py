"""补课: who was absent sends a note back, the secretary confirms; counted apart."""

from collections.abc import Sequence

from bot.branch.meetings import attendees, doors, letters, meetings
from bot.branch.meetings.meetings import Meeting
from bot.branch.notices import replies
from bot.branch.people.members import Member, Role
from bot.command import Answer, Ask, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.pressed import answer_press
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.meetings import which
from handlers.meetings.clauses import EDGES

SHORTEST = 6  # characters; 补课 好了 is no note back
KNOWN = "{who}的补课（{said}）已经记过了，没有再改。"
HOW = "看过材料或记录以后，发“补课 ”加几句心得，书记确认后记补课，不算到会。"


@command("attendance.make_up", help="缺席的会补课，交几句心得", acts=True, shown=False)
def hand_in(ask: Ask) -> Answer:
    """List what one missed, or take a note back for it and ask the secretary."""
    note = ask.whole(ask.slots.get("said", "")).strip(EDGES)
    missed = _missed(ask, ask.member)
    if not missed:
        return "您没有缺席、还没补的会，不用补课。"
    if len(note) < SHORTEST:
        return "\n".join(["您没到会、还没补的：", *_list(ask, missed), HOW])
    meant = which.of_words(ask, missed, ask.text, "past")
    if len(meant) != 1:
        return "\n".join(["补的是哪一次？请带上会名或日期：", *_list(ask, missed)])
    meeting = meant[0]
    attendees.note_made_up(ask.session, meeting, ask.member.id, note)
    letters.ask_made_up(ask.session, meeting, ask.member, note, ask.now)
    said = meetings.say(meeting, ask.now)
    return Reply(f"收到了，{said} 的补课已转书记确认。", changed=True)


def _missed(ask: Ask, member: Member) -> list[Meeting]:
    """List what somebody was to come to and did not, as far as it is over."""
    mine = attendees.missed(ask.session, member.id)
    return [
        each
        for each in which.begun(ask)
        if each.id in mine and meetings.is_over(each, ask.now)
    ]


def _list(ask: Ask, missed: Sequence[Meeting]) -> list[str]:
    lines = []
    for each in missed[: which.MOST]:
        items = "；".join(meetings.agenda(ask.session, each))
        about = f"；内容：{items}" if items else ""
        by = f"；主讲：{each.lecturer}" if each.lecturer else ""
        lines.append(f"{meetings.say(each, ask.now)}{about}{by}")
    return lines


@command(
    "attendance.made_up",
    help="登记补课，例：登记补课 刘洋",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def confirm_made_up(ask: Ask) -> Answer:
    """Note that somebody has made a meeting up: by name, or by the card's button."""
    if ask.message.kind == "event":
        return answer_press(ask, lambda: _pressed(ask))
    scope = Scope(ask.session, ask.standing.branch)
    words = ask.slots.get("person") or ask.words
    named = find_named(scope, words)
    if named is None:
        raise Refusal("谁补课了？例：登记补课 刘洋")
    missed = which.of_words(ask, _missed(ask, named.member), ask.text, "past")
    if not missed:
        raise Refusal(f"{named.member.called}没有缺席、还没补的会。")
    if len(missed) > 1:
        listed = "\n".join(_list(ask, missed))
        raise Refusal(f"{named.member.called}缺了几次，补的是哪一次？\n{listed}")
    return _note(ask, missed[0], named.member)


def _note(ask: Ask, meeting: Meeting, member: Member) -> Reply:
    said = meetings.say(meeting, ask.now)
    if not doors.make_up(ask.session, meeting, member.id, ask.now):
        return Reply(KNOWN.format(who=member.called, said=said))
    return Reply(
        f"记下了：{member.called}补了“{said}”。补课另算，不算到会。", changed=True
    )


def _pressed(ask: Ask) -> Answer:
    number, _, rest = ask.words.partition(":")
    person, _, word = rest.partition(":")
    if not (number.isdecimal() and person.isdecimal()):
        raise NotMeant
    meeting = meetings.find(ask.session, int(number))
    member = ask.session.get(Member, int(person))
    if member is None or not which.is_own(ask, meeting):
        raise Refusal("这不是您的支部的补课。")
    row = attendees.find(ask.session, meeting, member.id)
    if row is not None and row.made_up_at is not None:
        if ticket := ask.message.ticket:
            replies.grey_out(ask.session, ask.member, ticket, "已确认", ask.now)
        said = meetings.say(meeting, ask.now)
        return Reply(KNOWN.format(who=member.called, said=said))
    granted = word == "yes"
    if granted:
        reply = _note(ask, meeting, member)
    else:
        reply = Reply(f"退回了{member.called}的补课，已告诉本人。", changed=True)
    if ticket := ask.message.ticket:
        words = "已确认" if granted else "已退回"
        replies.grey_out(ask.session, ask.member, ticket, words, ask.now)
    become = "确认了" if granted else "退回了，请补充心得再发一次，或者跟书记说"
    said = f"您的补课（{meetings.say(meeting, ask.now)}）书记{become}。"
    letters.tell(ask.session, member, f"made_up:{ask.message.id}", said, ask.now)
    return reply
