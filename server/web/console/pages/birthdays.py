"""/console/birthdays/: the political birthdays to come, their cards and words."""

from dataclasses import replace
from datetime import timedelta

from flask import Response as File
from werkzeug.wrappers import Response

from bot.branch.birthdays import card_looks, cards, greetings, notes, plans
from bot.branch.birthdays.card_looks import SIZE_NAMES
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people import audit
from bot.branch.people.tree import home
from bot.calendar.say import say_date, say_whole_day
from bot.errors import Refusal
from bot.files.print import PDF
from server.web.console.desk import Desk
from server.web.console.files import send_as, show_picture
from server.web.console.page import Page
from server.web.console.pages.people import find
from server.web.console.paging import turn_to
from server.web.pages.answers import PageRefusal

BIRTHDAYS = Page("birthdays", "政治生日", order=70)
AHEAD = timedelta(days=90)
NO_CARD = "这张贺卡画不出来（字太多）。"
SETTINGS = "console.settings"


@BIRTHDAYS.get("/", looks=True)
def list_birthdays(desk: Desk) -> str:
    today = desk.now.date()
    days = greetings.days_between(desk.session, desk.branch, today, today + AHEAD)
    rows = turn_to(
        len(days),
        lambda offset, limit: greetings.complete(
            desk.session, days[offset : offset + limit]
        ),
    )
    shown = [each.member_id for each in rows.rows]
    others = [each for each in shown if each != desk.member.id]
    if others:
        action = "birthday.view"
        audit.note(desk.session, desk.member, action, desk.now, subjects=others)
    look = card_looks.look(desk.session, _place(desk))
    place = home(desk.session, desk.branch.id)
    return desk.show(
        "birthdays.html",
        rows=rows,
        birthdays=[(each, say_whole_day(each.day)) for each in rows.rows],
        look=look,
        styles=card_looks.style_names(),
        sizes=SIZE_NAMES,
        changed=audit.last_done(desk.session, SETTINGS, place),
        seen=desk.mark(look.style, look.size, look.seal),
    )


@BIRTHDAYS.get("/<int:number>", looks=True)
def show_birthday(desk: Desk, number: int) -> str:
    birthday = _find(desk, number)
    who = [number]
    audit.note(desk.session, desk.member, "notes.view", desk.now, subjects=who)
    return desk.show(
        "birthday.html",
        birthday=birthday,
        day=say_whole_day(birthday.day),
        joined=say_date(birthday.joined),
        fits=cards.fits(birthday),
        lost=cards.say_lost(birthday),
        greeted=greetings.is_greeted(desk.session, birthday),
        notes=notes.listed(desk.session, birthday.to),
        usual=greetings.USUAL_WORDS,
        seen=desk.mark(birthday.words, birthday.stopped),
    )


@BIRTHDAYS.get("/<int:number>/card.png", looks=True)
def send_card(desk: Desk, number: int) -> File:
    birthday = _find(desk, number)
    audit.note(desk.session, desk.member, "card", desk.now, subjects=[number])
    picture = cards.draw(birthday)
    if picture is None:
        raise PageRefusal(404, NO_CARD)
    return show_picture(picture, "image/png")


@BIRTHDAYS.get("/<int:number>/card-<form>.pdf", looks=True)
def send_paper(desk: Desk, number: int, form: str) -> File:
    """Send the card as it is printed: with a white margin, or with bleed."""
    wanted = {each: each for each in cards.PAPERS}.get(form)  # type: ignore[call-overload]
    if wanted is None:
        raise PageRefusal(404, "没有这种打印样式。")
    birthday = _find(desk, number)
    audit.note(desk.session, desk.member, "card", desk.now, subjects=[number])
    paper = cards.draw(birthday, wanted)
    if paper is None:
        raise PageRefusal(404, NO_CARD)
    return send_as(paper, f"政治生日-{birthday.name}.pdf", PDF)


@BIRTHDAYS.post("/<int:number>/words", again=show_birthday)
def reword(desk: Desk, number: int) -> Response:
    birthday = _to_change(desk, number)
    said = desk.sent.get("words", "").strip()
    words = plans.check_words(said) if said else None
    plans.reword(desk.session, birthday.to, words, desk.member, desk.now)
    word = "改好了。" if words else "改回平常的话了。"
    return desk.done(word, "birthdays-show_birthday", number=number)


@BIRTHDAYS.post("/<int:number>/stop", again=show_birthday)
def stop(desk: Desk, number: int) -> Response:
    birthday = _to_change(desk, number)
    if "resume" in desk.sent:
        plans.resume(desk.session, birthday.to, desk.member, desk.now)
        said = "恢复了，到那天照常祝福。"
    else:
        plans.stop(desk.session, birthday.to, desk.member, desk.now)
        said = "停发了，这一年不祝福。"
    return desk.done(said, "birthdays-show_birthday", number=number)


@BIRTHDAYS.post("/look", again=list_birthdays)
def choose_look(desk: Desk) -> Response:
    """Choose how the branch's cards look; who did it is written down."""
    known = card_looks.look(desk.session, _place(desk))
    desk.check_unchanged(known.style, known.size, known.seal)
    styles = {each: each for each in card_looks.style_names()}
    sizes = {each: each for each in SIZE_NAMES}
    style = styles.get(desk.sent.get("style", ""))
    size = sizes.get(desk.sent.get("size", ""))  # type: ignore[call-overload]
    if style is None or size is None:
        raise Refusal("没有这种样式或尺寸。")
    seal = card_looks.check_seal(desk.sent.get("seal", known.seal))
    wanted = replace(known, style=style, size=size, seal=seal)
    card_looks.choose(desk.session, _place(desk), wanted)
    place = home(desk.session, desk.branch.id)
    audit.note(
        desk.session,
        desk.member,
        SETTINGS,
        desk.now,
        branch=place,
        details=f"贺卡 {wanted.words}，印章 {wanted.seal}",
    )
    return desk.done(f"以后的贺卡用{wanted.words}。", "birthdays-list_birthdays")


def _place(desk: Desk) -> int:
    return home(desk.session, desk.branch.id).id


def _find(desk: Desk, number: int) -> Birthday:
    member = find(desk, number)
    if not greetings.may_greet(member):
        raise PageRefusal(404, "这位同志没有政治生日可祝。")
    return greetings.coming(desk.session, member, desk.now.date())


def _to_change(desk: Desk, number: int) -> Birthday:
    birthday = _find(desk, number)
    greetings.take_open(desk.session, birthday)
    desk.check_unchanged(birthday.words, birthday.stopped)
    return birthday
