"""What replies were learnt to mean: yes to a preview, I come to a notice.

A yes sends: what is no yes is hardly ever taken for one. The bars are a little below
what was reached, for replies that nothing was learnt from.
"""

from collections.abc import Iterator

import pytest

from bench.replies import MeantReply, read_replies
from bot.understanding.learnt.gists import TO_DRAFTS, TO_NOTICES

ACTS = ("yes", "no", "hold", "unchange")


def _measured(name: str) -> list[MeantReply]:
    return [each for each in read_replies(name) if each.measured]


def _taken(replies: list[MeantReply], meaning: str) -> Iterator[MeantReply]:
    return (each for each in replies if TO_DRAFTS.find(each.text) == meaning)


@pytest.mark.parametrize("name", ["drafts", "notices"])
def test_no_reply_is_both_learnt_from_and_measured(name: str) -> None:
    texts = [each.text for each in read_replies(name)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("meaning", "least"), [("yes", 0.6), ("no", 0.6), ("hold", 0.8), ("unchange", 0.6)]
)
def test_most_of_what_is_meant_is_heard(meaning: str, least: float) -> None:
    meant = [each for each in _measured("drafts") if each.meaning == meaning]
    heard = [each for each in meant if TO_DRAFTS.find(each.text) == meaning]
    assert len(heard) / len(meant) >= least


@pytest.mark.parametrize("meaning", ACTS)
def test_what_is_taken_is_meant(meaning: str) -> None:
    """Of a hundred that are taken for a yes, at most two were said in doubt."""
    taken = list(_taken(_measured("drafts"), meaning))
    wrong = [each for each in taken if each.meaning != meaning]
    assert all(each.meaning == "unsure" for each in wrong), wrong
    assert len(wrong) <= max(2, len(taken) // 50), wrong


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[玫瑰]",
            "👍",
            "1",
            "",
            "。。。",
            "快递到了",
            "发给谁",
            "刘洋的材料不用发了",
        ),
        *("改四点", "四点发", "是明天还是后天", "把“批评”改“提醒”", "党费谁还没交"),
    ],
)
def test_what_says_something_else_is_neither_yes_nor_no(text: str) -> None:
    assert TO_DRAFTS.find(text) not in ("yes", "no")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *(
            (text, "yes")
            for text in ("就这么着", "看过了，没错", "捎吧", "嗯嗯 就是这句")
        ),
        ("先放着吧我再琢磨琢磨", "hold"),
        ("用不着发了，拉倒吧", "no"),
    ],
)
def test_a_reply_in_other_words_is_heard(text: str, meaning: str) -> None:
    assert TO_DRAFTS.find(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("中，我准到", "come"), ("没问题我肯定去", "come"), ("娃儿发烧去不成了", "away")],
)
def test_whether_one_comes_is_heard_in_other_words(text: str, meaning: str) -> None:
    assert TO_NOTICES.find(text) == meaning
