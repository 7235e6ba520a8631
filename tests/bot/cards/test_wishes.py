"""What a card says where nobody wrote: it differs with the years."""

from bot.cards.birthday import LONGEST_WISHES
from bot.cards.wishes import DECADES, PROBATION, USUAL, choose_wishes
from bot.files.print.fonts import missing_glyphs


def test_every_mark_of_a_life_has_words_of_its_own() -> None:
    years = [0, 1, 5, 10, 20, 30, 40, 50, *DECADES]
    words = [choose_wishes(each, each) for each in years]
    assert len({*words, USUAL, PROBATION}) == len(years) + 2
    assert all(len(each) <= LONGEST_WISHES for each in words)
    assert not missing_glyphs("".join(words) + USUAL + PROBATION)


def test_between_them_the_words_are_the_usual_ones() -> None:
    assert {choose_wishes(each, each) for each in (2, 4, 15, 49, 61)} == {USUAL}


def test_a_probationer_is_not_told_of_years_as_a_full_member() -> None:
    assert choose_wishes(1, None) == PROBATION
    assert choose_wishes(1, 0) != PROBATION
