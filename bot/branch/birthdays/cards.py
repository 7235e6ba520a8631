"""The picture that goes with a greeting: drawn once for the same words, then kept."""

from dataclasses import astuple
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy.orm import Session

from bot.branch.birthdays.greetings import Birthday
from bot.branch.people.members import Member
from bot.cards.birthday import (
    DEFAULT_WISHES,
    BirthdayCard,
    draw_birthday_card,
    lay_out_birthday,
)
from bot.cards.deferred import Drawn
from bot.cards.fonts import leave_drawable, missing_glyphs
from bot.cards.sheet import SIZES, SizeName
from bot.cards.styles import STYLES
from bot.errors import Refusal
from bot.message import Picture
from bot.outbox import Importance, Plan, Window, attachments, put_to

EDITION = 1
"""Of the drawing: raised when cards come to look different."""


def make_card(birthday: Birthday, notes: int | None = None) -> BirthdayCard:
    """Gather what is printed. notes: how many of the colleagues' words, or all."""
    return BirthdayCard(
        name=birthday.name,
        joined=birthday.joined,
        years=birthday.years,
        party_age=birthday.party_age,
        branch=birthday.branch,
        wishes=birthday.words or DEFAULT_WISHES,
        motto="光荣在党50年" if birthday.honoured else "",
        notes=_printed(birthday)[:notes],
        on=birthday.day,
    )


def _printed(birthday: Birthday) -> tuple[tuple[str, str], ...]:
    """List the notes as they can be drawn: who, and what.

    A sign that no face has is left out; a name is whole, or its note is in the message
    alone, as is one of nothing but such signs.
    """
    drawn = ((each.author, leave_drawable(each.text)) for each in birthday.notes)
    return tuple(
        (author, text) for author, text in drawn if text and not missing_glyphs(author)
    )


def draw(birthday: Birthday, size: SizeName | None = None) -> bytes | None:
    """Draw the card (PNG) with as many notes as fit; None if it cannot be printed."""
    for notes in range(len(_printed(birthday)), -1, -1):
        card = make_card(birthday, notes)
        try:
            look = birthday.look
            return draw_birthday_card(card, look.style, size or look.size)
        except Refusal:
            continue
    return None


def fits(birthday: Birthday) -> bool:
    """Tell whether a card with these words can be printed; draws nothing."""
    look = birthday.look
    try:
        lay_out_birthday(make_card(birthday, 0), STYLES[look.style], SIZES[look.size])
    except Refusal:
        return False
    return True


def find(
    session: Session, birthday: Birthday, size: SizeName | None = None
) -> int | None:
    """Return the attachment if the same card was drawn before."""
    return attachments.find(session, _mark(birthday, size))


def keep(
    session: Session,
    birthday: Birthday,
    picture: bytes | None,
    now: datetime,
    size: SizeName | None = None,
) -> int | None:
    """Keep a drawn card; None if there is none to keep."""
    if picture is None:
        return None
    name = f"政治生日-{birthday.name}-{birthday.day.year}.png"
    mark = _mark(birthday, size)
    return attachments.keep(session, name, "image/png", picture, now, mark)


def find_or_keep(
    session: Session,
    birthday: Birthday,
    made: Drawn,
    now: datetime,
    size: SizeName | None = None,
) -> int | None:
    """Return the card as an attachment, drawn beforehand; None if none can be."""
    found = find(session, birthday, size)
    if found is None:
        picture = made.get(_mark(birthday, size), partial(draw, birthday, size))
        found = keep(session, birthday, picture, now, size)
    return found


def show(
    session: Session, card: int | None, to: Member, now: datetime, key: str
) -> bool:
    """Send a kept card to somebody who asks; False if there is none."""
    if card is None:
        return False
    window = Window(now, now.replace(hour=23, minute=59, second=59))
    plan = Plan(key, "reply", Picture(card), window, Importance.ANSWER)
    put_to(session, plan, to.userid, to.id, now=now)
    return True


def _mark(birthday: Birthday, size: SizeName | None) -> str:
    look = birthday.look
    printed = (EDITION, look.style, size or look.size, astuple(make_card(birthday)))
    return sha256(f"card:{printed}".encode()).hexdigest()
