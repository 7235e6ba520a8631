"""Cards told in words: a number is of the last, a word of the last few."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.inbox import told_cards
from bot.inbox.told_cards import MOST, Press
from bot.message import Button, Card
from tests.conftest import LONG_AGO as NOW

MINE, OTHERS = "official:a", "official:b"


def tell(session: Session, *titles: str, thread: str = MINE, second: int = 0) -> None:
    """Tell cards with a button of each one's own, and one that all have."""
    now = NOW + timedelta(seconds=second)
    for each in titles:
        buttons = (Button(f"看{each}", f"see:{each}"), Button("收到", f"ok:{each}"))
        told_cards.note(session, thread, Card(each, "", buttons), now)


def press(session: Session, said: str, thread: str = MINE) -> str | None:
    found = told_cards.press(session, thread, said, NOW)
    return found.key if found else None


def test_a_number_is_of_the_last_card_as_long_as_nothing_else_is_said(
    session: Session,
) -> None:
    tell(session, "甲", "乙")
    for other in ("0", "3"):
        tell(session, "乙")
        assert press(session, other) is None
        assert press(session, "1") is None, "something was said since"
    tell(session, "乙")
    assert press(session, "2") == "ok:乙"
    assert press(session, "2") is None, "the card before is not the last one told"
    assert press(session, "收到") == "ok:甲"
    assert press(session, "收到") is None


def test_a_word_presses_the_last_card_that_has_it_and_only_that_is_done(
    session: Session,
) -> None:
    tell(session, "甲", "乙", "丙")
    tell(session, "丁", thread=OTHERS)
    assert press(session, "看乙") == "see:乙"
    assert press(session, "看乙") is None
    assert press(session, "收到") == "ok:丙"
    found = told_cards.press(session, MINE, "看甲", NOW)
    assert found == Press("see:甲", "甲")
    assert press(session, "看丁") is None
    assert press(session, "1", OTHERS) == "see:丁"


def test_so_many_are_remembered_and_each_once(session: Session) -> None:
    tell(session, *"甲乙丙丁戊")
    tell(session, "甲")
    for each in "乙丙丁戊":
        assert press(session, f"看{each}") == f"see:{each}"
    assert press(session, "看甲") == "see:甲"
    assert press(session, "看甲") is None, "told twice, it is one"
    tell(session, *"一二三四五六")
    assert MOST == 5
    assert [press(session, f"看{each}") for each in "一二"] == [None, "see:二"]


@pytest.mark.parametrize("said", ["1", "看甲"])
def test_a_card_without_buttons_is_nothing_to_press(
    session: Session, said: str
) -> None:
    tell(session, "甲")
    told_cards.note(session, MINE, Card("乙", "", ()), NOW)
    assert press(session, said) == "see:甲"
