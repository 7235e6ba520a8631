"""The bar: ≥ 97 % right or offered, and no false action, on both halves."""

import re

import pytest

from bench.understanding import measure, read_labelled
from bot.command import Commands
from bot.understanding.reading import Understanding
from bot.understanding.text import normalise
from bot.understanding.words.smalltalk import SMALL_TALK

LABELLED = read_labelled()
CONTRACT = """
    help checkin my_checkins ranking my_birthday birthdays events sign_in leave dues
    study notices receipt checklist posts profile talk concern submit_work vote
    service honours visit observances ask my_data mute undo broadcast notice_status
    nudge recall_notice remind reminders cancel_reminder plan_event attendance stats
    export members development none
"""
INTENTS = frozenset(CONTRACT.split())


@pytest.mark.parametrize(
    "split", [pytest.param("train", marks=pytest.mark.thorough), "measure"]
)
def test_bar_is_met(
    understanding: Understanding, commands: Commands, split: str
) -> None:
    half = [each for each in LABELLED if each.split == split]
    score = measure(understanding, commands, half)
    assert score.false_actions == ()
    assert score.right / score.of >= 0.97, score.wrong


def test_set_covers_the_contract() -> None:
    for split in ("train", "measure"):
        half = [each for each in LABELLED if each.split == split]
        assert len(half) >= 320
        assert sum(not each.may_act for each in half) >= 140
        assert frozenset().union(*(each.intents for each in half)) == INTENTS


def test_every_intent_has_a_command_with_enough_examples(commands: Commands) -> None:
    assert set(commands.by_intent) >= INTENTS - {"none"}
    few = [
        each.intent
        for each in commands.by_intent.values()
        if each.intent in INTENTS and len(each.examples) < 12
    ]
    assert few == []


def test_nothing_measured_is_an_example(commands: Commands) -> None:
    known = {_bare(text) for talk in SMALL_TALK.values() for text in talk.split()}
    for each in commands.by_intent.values():
        known |= {_bare(text) for text in each.examples} - set(each.names)
    measured = {_bare(each.text) for each in LABELLED if each.split == "measure"}
    trained = {_bare(each.text) for each in LABELLED if each.split == "train"}
    assert measured & (known | trained) - {""} == set()


def _bare(text: str) -> str:
    return re.sub(r"[^\w]", "", normalise(text).text)
