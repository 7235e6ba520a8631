"""How fast cards are drawn: one, a hundred different ones, and one drawn before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

from bench.figures import Figure
from bot.branch.birthdays import cards
from bot.branch.birthdays.card_looks import SIZE_NAMES, STYLE_NAMES, Look
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people.members import Member, add_member
from bot.branch.people.tree import plant
from bot.cards.deferred import Drawn, NotDrawn
from bot.maintenance.upgrade import upgrade
from bot.storage.database import Storage

MANY = 100
NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
BIRTHDAY = Birthday(
    member_id=1,
    userid="wangfang",
    name="王芳",
    called="王芳",
    joined=date(2011, 3, 2),
    day=date(2026, 3, 2),
    years=15,
    party_age=14,
    branch="智能制造教工党支部",
    branch_id=1,
)


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Count by the clock on the wall: a child draws. None is there before the first."""
    first = _took(lambda: cards.draw(BIRTHDAY))
    printed = replace(BIRTHDAY, look=Look("paper", "a5"))
    first_a5 = _took(lambda: cards.draw(printed))
    others = [replace(BIRTHDAY, name=f"王{each}") for each in NAMES[:10]]
    each = _took(lambda: [cards.draw(other) for other in others]) / len(others)
    paper = _took(lambda: cards.draw(BIRTHDAY, "white"))
    every = list(_different())
    hundred = _took(lambda: [cards.draw(each) for each in every])
    return [
        Figure("the first card, with the child begun", first * 1000, "ms", 3000),
        Figure("the first card on A5", first_a5 * 1000, "ms", None),
        Figure("a card, for a phone", each * 1000, "ms", 300),
        Figure("a card to print, PDF", paper * 1000, "ms", 300),
        Figure(f"{MANY} cards in three styles, two sizes", hundred, "s", 60),
        Figure("cards a second", MANY / hundred, "/s"),
        Figure("a card drawn before", _kept(folder, now) * 1000, "ms", 20),
    ]


def _different() -> list[Birthday]:
    looks = [Look(style, size) for style in STYLE_NAMES for size in SIZE_NAMES]
    return [
        replace(
            BIRTHDAY,
            name=f"王{NAMES[number % len(NAMES)]}{NAMES[number // len(NAMES)]}",
            years=number % 50 + 1,
            look=looks[number * len(looks) // MANY],
        )
        for number in range(MANY)
    ]


def _kept(folder: Path, now: datetime) -> float:
    storage = Storage(f"sqlite:///{folder / 'cards.db'}")
    upgrade(storage)
    made = Drawn()

    def show(key: str) -> None:
        with storage.write() as session:
            member = session.get_one(Member, number)
            card = cards.find_or_keep(session, BIRTHDAY, made, now)
            cards.show(session, card, member, now, key)

    with storage.write() as session:
        number = add_member(session, "王芳", plant(session, BIRTHDAY.branch), now).id
    try:
        show("first")
    except NotDrawn as wanted:
        made.add(wanted)
    show("first")
    took = _took(lambda: show("second"))
    storage.close()
    return took


def _took(draw: Callable[[], object]) -> float:
    begun = perf_counter()
    draw()
    return perf_counter() - begun
