"""A desk speaks for whoever sits at it, as if what it does were told in chat."""

from bot.branch.people.members import Speaker
from bot.command import Ask
from bot.message import Message
from bot.outbox.ways import PEOPLE
from server.web.console.desk import ONCE, Desk


def ask_of(desk: Desk) -> Ask:
    """Make what a command's rules want to know of who does something, and when."""
    member = desk.member
    key = desk.sent.get(ONCE, "") if desk.sent else ""
    return Ask(
        speaker=Speaker(member.id, member.name),
        standing=desk.standing,
        message=Message(
            PEOPLE,
            member.userid or "",
            f"console:{member.id}:{key}",
            conversation=f"console:{member.id}",
        ),
        words="",
        now=desk.now,
        session=desk.session,
        commands=desk.assistant.commands,
        config=desk.config,
    )
