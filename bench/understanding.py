"""How often the understanding is right, how often it acts wrongly, and how fast."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bot.command import Commands, whole_of
from bot.understanding.reading import Reading, Understanding
from server.setup import wiring

LABELLED = Path(__file__).parents[1] / "tests" / "understanding" / "labelled.tsv"
# Commands that show and record: they may only record when the reading is meant.
RECORDS_TOO = (
    "talk vote service honours visit study checklist profile members "
    "dues concern submit_work mute"
)

EXPORTS = {"records.export": "export", "my_data.export": "my_data"}


@dataclass(frozen=True)
class Labelled:
    """One utterance. intents: those that are right; may_act: it orders something.

    first: the one that it is most likely to be.
    """

    split: str
    first: str
    intents: frozenset[str]
    may_act: bool
    text: str


@dataclass(frozen=True)
class Score:
    of: int
    right: int
    asked_back: int
    false_actions: tuple[str, ...]
    wrong: tuple[str, ...]
    microseconds: float


def read_labelled() -> list[Labelled]:
    lines = LABELLED.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [
        Labelled(split, every[0], frozenset(every), may_act == "1", text)
        for split, intents, may_act, text in rows
        for every in [intents.split("|")]
    ]


def learn() -> tuple[Understanding, Commands]:
    """Take what the assistants of this process know: learning it takes seconds."""
    commands, understanding = wiring.learn()
    return understanding, commands


def is_right(each: Labelled, reading: Reading) -> bool:
    offered = reading.choices if reading.intent == "choose" else (reading.intent,)
    return not each.intents.isdisjoint(_whole(name) for name in offered)


def _whole(intent: str) -> str:
    """Name the whole that is labelled: what is exported of a kind is an export."""
    return EXPORTS.get(intent, whole_of(intent))


def acts(reading: Reading, commands: Commands) -> bool:
    command = commands.by_intent.get(reading.intent)
    return bool(command and command.acts)


def is_false_action(each: Labelled, reading: Reading, commands: Commands) -> bool:
    """Whether something would be done that was not asked for."""
    if each.may_act:
        return acts(reading, commands) and not is_right(each, reading)
    whole = whole_of(reading.intent)
    records = whole in RECORDS_TOO.split() and reading.meant
    return acts(reading, commands) or (records and not is_right(each, reading))


def _read(understanding: Understanding, text: str) -> Reading:
    """Read a text as it is read where nothing is open."""
    reading = understanding.read(text)
    return reading.thought or reading


def measure(
    understanding: Understanding, commands: Commands, every: Iterable[Labelled]
) -> Score:
    asked = list(every)
    begun = perf_counter()
    readings = [_read(understanding, each.text) for each in asked]
    took = perf_counter() - begun
    both = list(zip(asked, readings, strict=True))
    wrong = [each.text for each, reading in both if not is_right(each, reading)]
    return Score(
        of=len(asked),
        right=len(asked) - len(wrong),
        asked_back=sum(reading.intent == "choose" for reading in readings),
        false_actions=tuple(
            each.text for each, heard in both if is_false_action(each, heard, commands)
        ),
        wrong=tuple(wrong),
        microseconds=took / len(asked) * 1e6,
    )


def main() -> None:
    begun = perf_counter()
    understanding, commands = learn()
    print(f"understanding: learnt in {(perf_counter() - begun) * 1000:.0f} ms")
    labelled = read_labelled()
    for split in ("train", "measure"):
        half = [each for each in labelled if each.split == split]
        score = measure(understanding, commands, half)
        print(
            f"{split}: {score.of} utterances, {score.right / score.of:.1%} right"
            f" ({score.asked_back / score.of:.0%} asked back),"
            f" {len(score.false_actions)} false actions,"
            f" {score.microseconds:.0f} µs a message"
        )


if __name__ == "__main__":
    main()
