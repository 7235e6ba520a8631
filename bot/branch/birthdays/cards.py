"""The picture that goes with a greeting: drawn once for the same words, then kept."""

from dataclasses import astuple, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from bot.branch.birthdays.greetings import Birthday
from bot.branch.people.members import Member
from bot.cards.birthday import BirthdayCard, draw_birthday_card, gather_values
from bot.cards.deferred import Drawn
from bot.cards.sheet import PLAIN, STYLES, FormName, Sheet
from bot.errors import Refusal
from bot.files.print import PDF, PNG
from bot.files.print.fonts import leave_drawable, missing_letters, missing_signs
from bot.files.print.own import own_cards
from bot.message import Picture
from bot.outbox import Importance, Plan, Window, attachments, put_to

log = structlog.get_logger(__name__)

EDITION = 2
"""Of the drawing: raised when cards come to look different."""

PAPERS: tuple[FormName, ...] = ("white", "bleed")


def make_card(birthday: Birthday, notes: int | None = None) -> BirthdayCard:
    """Gather what is printed. notes: how many of the colleagues' words, or all."""
    return BirthdayCard(
        name=birthday.name,
        joined=birthday.joined,
        years=birthday.years,
        party_age=birthday.party_age,
        branch=birthday.branch,
        wishes=birthday.words,
        motto="光荣在党50年" if birthday.honoured else "",
        notes=_printed(birthday)[:notes],
        on=birthday.day,
    )


def _printed(birthday: Birthday) -> tuple[tuple[str, str], ...]:
    """List the notes as they can be drawn: who, and what.

    A sign that no face has is left out; of nothing but such signs, a note is in the
    message alone.
    """
    drawn = ((each.author, leave_drawable(each.text)) for each in birthday.notes)
    return tuple((author, text) for author, text in drawn if text)


def draw(birthday: Birthday, form: FormName | None = None) -> bytes | None:
    """Draw the card with as many notes as fit; None if it cannot be drawn.

    PNG, or PDF where it is to be printed. form: if not as the branch chose. Where the
    branch's own template fails, in the style that we bring: there is a card that day.
    """
    sheet = birthday.look.sheet(form)
    drawn = _draw(birthday, sheet)
    if drawn is None and sheet.style not in STYLES:
        log.warning("own_card_failed", style=sheet.style)
        drawn = _draw(birthday, replace(sheet, style=PLAIN.style))
    return drawn


def _draw(birthday: Birthday, sheet: Sheet) -> bytes | None:
    for notes in range(len(_printed(birthday)), -1, -1):
        try:
            return draw_birthday_card(make_card(birthday, notes), sheet)
        except Refusal:
            continue
    return None


def check_drawn(birthday: Birthday) -> None:
    """Draw the card as the branch wants it, without notes; Raises Refusal: why not."""
    draw_birthday_card(make_card(birthday, 0), birthday.look.sheet())


def fits(birthday: Birthday) -> bool:
    """Tell whether these words have room on a card; draws nothing."""
    try:
        gather_values(make_card(birthday, 0))
    except Refusal:
        return False
    return True


def say_lost(birthday: Birthday) -> str:
    """Say, to who looks the card over, what it cannot show as it is; mostly nothing."""
    told = ""
    if lost := missing_letters(birthday.name + birthday.branch):
        told += f"“{lost}”字库里没有，贺卡上是写着读音的方框。"
    if lost := missing_letters(birthday.words or ""):
        told += f"话里的“{lost}”字库里没有，贺卡上是写着读音的方框。"
    if lost := missing_signs(birthday.words or ""):
        told += f"“{lost}”贺卡上印不出来，卡上印其余的字。"
    return told


def find(
    session: Session, birthday: Birthday, form: FormName | None = None
) -> int | None:
    """Return the attachment if the same card was drawn before."""
    return attachments.find(session, _mark(birthday, form))


def keep(
    session: Session,
    birthday: Birthday,
    picture: bytes | None,
    now: datetime,
    form: FormName | None = None,
) -> int | None:
    """Keep a drawn card; None if there is none to keep."""
    if picture is None:
        return None
    mime, ending = (PDF, "pdf") if form in PAPERS else (PNG, "png")
    name = f"政治生日-{birthday.name}-{birthday.day.year}.{ending}"
    return attachments.keep(session, name, mime, picture, now, _mark(birthday, form))


def find_or_keep(
    session: Session,
    birthday: Birthday,
    made: Drawn,
    now: datetime,
    form: FormName | None = None,
) -> int | None:
    """Return the card as an attachment, drawn beforehand; None if none can be."""
    found = find(session, birthday, form)
    if found is None:
        picture = made.get(_mark(birthday, form), partial(draw, birthday, form))
        found = keep(session, birthday, picture, now, form)
    return found


def show(
    session: Session, card: int | None, to: Member, now: datetime, key: str
) -> bool:
    """Send a kept card to somebody who asks; False if there is none."""
    if card is None:
        return False
    window = Window(now, now.replace(hour=23, minute=59, second=59))
    kind: Literal["picture", "file"] = (
        "file" if attachments.is_file(session, card) else "picture"
    )
    plan = Plan(key, "reply", Picture(card, kind), window, Importance.ANSWER)
    put_to(session, plan, to.userid, to.id, now=now)
    return True


def _mark(birthday: Birthday, form: FormName | None) -> str:
    sheet = birthday.look.sheet(form)
    printed = (
        EDITION,
        own_cards().digest(sheet.style),
        astuple(sheet),
        astuple(make_card(birthday)),
    )
    return sha256(f"card:{printed}".encode()).hexdigest()
