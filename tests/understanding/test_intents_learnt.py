"""What was learnt from said sentences: that it is whole, generalises, and never acts.

A third of what is measured is heard rightly by nothing else; the bars are a little
below what was reached, for sentences that nothing was learnt from.
"""

from pathlib import Path

import pytest

from bench.said import read_said
from bot.branch.people.members import Role
from bot.command import Commands
from bot.understanding.learnt.intents import (
    WEIGHTS,
    Learned,
    cut,
    marks_of,
    write_weights,
)
from bot.understanding.ranking import plain
from bot.understanding.reading import Understanding
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.words.smalltalk import NOTHING

SAID = list(read_said())
MEASURED = [each for each in SAID if each.measured]


@pytest.fixture(scope="module")
def learned(commands: Commands) -> Learned:
    return Learned([*commands.by_intent, NOTHING])


def test_what_was_learnt_is_of_commands_that_there_are(commands: Commands) -> None:
    """A command that was renamed or taken away: `make learn` writes them anew."""
    intents = WEIGHTS.read_text("utf-8").split("\n", 1)[0].split()
    assert set(intents) - {NOTHING, *commands.by_intent} == set()
    assert {each.intent for each in SAID} <= {NOTHING, *commands.by_intent}


def test_no_sentence_is_both_learnt_from_and_measured() -> None:
    texts = [normalise(each.text).text for each in SAID]
    assert len(texts) == len(set(texts))


@pytest.mark.thorough
def test_what_was_never_heard_is_guessed_mostly_rightly(learned: Learned) -> None:
    first = among = 0
    for each in MEASURED:
        marks = marks_of(listen(normalise(each.text).text))
        guesses = [guess.intent for guess in learned.guess(plain(each.text), marks)]
        first += guesses[0] == each.intent
        among += each.intent in guesses[:3]
    assert first / len(MEASURED) >= 0.72
    assert among / len(MEASURED) >= 0.88


@pytest.mark.thorough
def test_nothing_is_done_unseen_that_was_not_ordered(
    understanding: Understanding, commands: Commands
) -> None:
    """Of what only tells, jokes or supposes, next to nothing calls an act."""
    idle = [each for each in MEASURED if each.intent == NOTHING]
    unseen = []
    for each in idle:
        reading = understanding.read(each.text, Role.SECRETARY)
        thought = reading.thought
        command = commands.by_intent.get(thought.intent) if thought else None
        if command and command.acts and not command.previewed:
            unseen.append(each.text)
    assert len(unseen) <= len(idle) // 200, unseen


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("没吭声的那几个再问问看", "nudge"),
        ("302那个会挪到周五上午去", "plan_event.move"),
        ("咱们支部满五十年党龄的老同志是哪几位", "birthdays.honoured"),
        ("周三我得送孩子看病 支部大会去不成了", "leave"),
    ],
)
def test_an_order_in_other_words_is_heard(
    understanding: Understanding, text: str, intent: str
) -> None:
    reading = understanding.read(text, Role.SECRETARY)
    heard = reading.thought or reading
    assert intent in (heard.intent, *heard.choices), heard.why


@pytest.mark.parametrize(
    "text", ["收到[弱]", "确认", "谢谢", "好的", "再说吧", "发通知 先测试一下吧"]
)
def test_what_is_short_turned_down_or_small_talk_is_left_to_the_rest(
    understanding: Understanding, text: str
) -> None:
    assert understanding.read(text, Role.SECRETARY).thought is None


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "some.weights"
    told = {"打卡": [(0, 20), (1, -20)], "请假": [(0, -20), (1, 20)]}
    write_weights(["checkin", "leave"], [0.0, 0.0], told, path)
    learned = Learned(["checkin", "leave"], path)
    assert learned.guess("打卡")[0].intent == "checkin"
    assert learned.guess("请假")[0].share > 0.99
    assert Learned(["leave"], path).guess("打卡")[0].intent == "leave"
    assert learned.guess("天气") == []


def test_the_ends_of_a_text_and_what_it_does_are_pieces() -> None:
    assert cut("打卡", ["疑问"]) == {
        "^",
        "打",
        "卡",
        "$",
        "^打",
        "打卡",
        "卡$",
        "<疑问>",
    }
