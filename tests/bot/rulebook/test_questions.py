"""How people ask, and what the rules must not answer."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rulebook.answer import answer_question
from bot.rulebook.load import load_shipped
from bot.rulebook.search import THRESHOLD, shipped_index

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)
ASKED = [
    line.split("\t")
    for line in (HERE / "asked.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
TYPED = [
    line.split("\t")
    for line in (HERE / "phone.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
OUTSIDE = (HERE / "outside.txt").read_text("utf-8").splitlines()
FORMS = {form: rule.id for rule in load_shipped() for form in rule.forms}
ON = {rule.id for rule in load_shipped() if rule.enabled}


def test_the_questions_are_many_and_not_those_that_the_rules_know() -> None:
    assert len(ASKED) >= 200
    assert len(OUTSIDE) >= 60
    assert {rule for rule, _ in ASKED} <= ON
    assert not {question for _, question in ASKED} & FORMS.keys()


def rule_for(question: str) -> str:
    """Name the rule that answers, "-" for none; what answers says how surely."""
    found = answer_question(question, TODAY)
    if found is None:
        return "-"
    assert THRESHOLD <= found.score <= 1, question
    assert found.why in FORMS, question
    return found.rule.id


# A thousand questions: a test for each would take longer to list than to ask.


def test_a_question_finds_its_rule() -> None:
    found = [(question, rule, rule_for(question)) for rule, question in ASKED]
    assert [each for each in found if each[1] != each[2]] == []


@pytest.mark.thorough
def test_what_is_typed_on_a_phone_gets_no_other_rule() -> None:
    found = [(question, rules, rule_for(question)) for rules, question in TYPED]
    assert [each for each in found if each[2] not in each[1].split("|")] == []


def test_what_the_rules_do_not_know_is_not_answered() -> None:
    found = [(question, rule_for(question)) for question in OUTSIDE]
    assert [each for each in found if each[1] != "-"] == []


@pytest.mark.thorough
def test_every_form_finds_its_own_rule() -> None:
    missed = [
        form
        for form, rule in FORMS.items()
        if rule in ON and shipped_index().search(form)[0].rule.id != rule
    ]
    assert missed == []


def test_what_is_switched_off_is_not_found() -> None:
    for form in ("五个一是什么", "换届提前几个月提醒"):
        found = answer_question(form, TODAY)
        assert found is None or found.rule.enabled


def test_a_question_after_a_greeting_is_still_a_question() -> None:
    found = answer_question("你好，我刚转来，打听一下，预备期多长？谢谢", TODAY)
    assert found is not None
    assert found.rule.id == "develop.probation"


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    found = answer_question(text, TODAY)
    assert found is None or found.text


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from(
            [
                "支部大会",
                "党费",
                "八千",
                "多久",
                "\ue000",
                "，",
                "1.2万",
                "预备期",
                "²",
                "税前",
            ]
        ),
        max_size=12,
    ).map("".join)
)
def test_no_jumble_of_words_raises(text: str) -> None:
    found = answer_question(text, TODAY)
    assert found is None or found.rule.enabled
