"""What of the colleagues' words is printed: all but the signs that no face has."""

from dataclasses import replace
from datetime import date

from bot.branch.birthdays.cards import draw, make_card
from bot.branch.birthdays.greetings import Birthday
from bot.branch.birthdays.notes import Note
from bot.cards.birthday import gather_values

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


def printed(*notes: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    written = tuple(Note(n, who, said) for n, (who, said) in enumerate(notes))
    card = make_card(replace(BIRTHDAY, notes=written))
    gather_values(card)  # refuses what it cannot
    return card.notes


def test_only_the_sign_is_left_out_and_no_other_note() -> None:
    assert printed(
        ("李伟", "愿您永葆初心"),
        ("陈静", "桃李满园🎉🎉，初心如磐💪"),
        ("何雪", "一家人👨‍👩‍👧 👍🏻 1️⃣ 路同行"),
        ("刘洋", "岁月如歌"),
    ) == (
        ("李伟", "愿您永葆初心"),
        ("陈静", "桃李满园，初心如磐"),
        ("何雪", "一家人 1 路同行"),
        ("刘洋", "岁月如歌"),
    )


def test_a_note_of_nothing_but_signs_is_in_the_message_alone() -> None:
    assert printed(("李伟", "🎂🎉"), ("陈静", "岁月如歌")) == (("陈静", "岁月如歌"),)


def test_a_name_that_no_face_has_is_printed_with_a_frame_for_it() -> None:
    notes = (("王𠮷", "您好"), ("陈静", "岁月如歌"))
    assert printed(*notes) == notes


def test_the_card_is_drawn() -> None:
    notes = (Note(1, "李伟", "桃李满园🎉"), Note(2, "陈静", "岁月如歌"))
    assert draw(replace(BIRTHDAY, notes=notes)) is not None
