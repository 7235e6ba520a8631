"""Who wins what: by the marks, by the call's rule for equals, and never by lot."""

from collections.abc import Mapping

import pytest

from bot.branch.records.kinds.call import ALL_OF_THEM, BY_JURY, BY_THEME
from bot.branch.records.tables import Record
from bot.branch.works.judging import Standing, WorkScore, stand
from bot.branch.works.prizes import Proposal, award, read_prizes
from bot.errors import Refusal

PRIZES = [("一等奖", 1), ("二等奖", 2)]


def work(number: int, level: str | None = None) -> Record:
    return Record(id=number, level=level, title=f"第{number}件")


def standing(
    number: int, total: float, theme: float = 0, level: str | None = None
) -> Standing:
    return Standing(number, work(number, level), 3, total, theme, 0)


def given(proposal: Proposal) -> Mapping[int, str]:
    return proposal.awards


def test_the_best_win_in_their_order() -> None:
    ranked = [standing(1, 90), standing(2, 80), standing(3, 70), standing(4, 60)]
    found = award(ranked, PRIZES, BY_THEME)
    assert given(found) == {1: "一等奖", 2: "二等奖", 3: "二等奖"}
    assert not found.tied


def test_equals_are_told_apart_by_their_theme() -> None:
    ranked = [standing(1, 90, 38), standing(2, 90, 35), standing(3, 70)]
    assert given(award(ranked, PRIZES, BY_THEME))[1] == "一等奖"
    tied = award(ranked, PRIZES, BY_JURY)
    assert [each.mark for each in tied.tied] == [1, 2]
    assert (tied.prize, tied.room) == ("一等奖", 1)
    assert given(tied) == {}


def test_equals_all_win_where_the_call_says_so() -> None:
    ranked = [standing(1, 90), standing(2, 90), standing(3, 70)]
    found = award(ranked, PRIZES, ALL_OF_THEM)
    assert given(found) == {1: "一等奖", 2: "一等奖", 3: "二等奖"}


def test_a_tie_at_the_line_leaves_what_is_sure() -> None:
    ranked = [standing(1, 90), standing(2, 80), standing(3, 70), standing(4, 70)]
    found = award(ranked, PRIZES, BY_THEME)
    assert given(found) == {1: "一等奖", 2: "二等奖"}
    assert [each.mark for each in found.tied] == [3, 4]
    assert found.room == 1


def test_equals_that_all_fit_are_no_tie() -> None:
    ranked = [standing(1, 90), standing(2, 80), standing(3, 80)]
    assert not award(ranked, PRIZES, BY_THEME).tied


def test_what_people_decided_stands_and_is_counted() -> None:
    ranked = [standing(1, 90), standing(2, 90, level="一等奖"), standing(3, 70)]
    found = award(ranked, PRIZES, BY_JURY)
    assert given(found) == {2: "一等奖", 1: "二等奖", 3: "二等奖"}


def test_prizes_are_read_in_their_order() -> None:
    call = Record(id=3)
    told = {"prizes": "三等奖3、一等奖：1，优秀奖 5 名"}
    found = read_prizes(call, told)
    assert found == [("一等奖", 1), ("三等奖", 3), ("优秀奖", 5)]
    assert read_prizes(call, {}) == [("一等奖", 1), ("二等奖", 2), ("三等奖", 3)]
    with pytest.raises(Refusal, match="更正征集 3"):
        read_prizes(call, {"prizes": "若干"})


def marks(*totals: int) -> list[WorkScore]:
    return [WorkScore(theme=each, art=0, fresh=0) for each in totals]


def test_from_five_judges_on_the_highest_and_the_lowest_go() -> None:
    assert stand(1, work(1), marks(10, 20, 30, 40)).total == 25
    assert stand(1, work(1), marks(0, 20, 20, 20, 40)).total == 20
    assert stand(1, work(1), []).total == 0
