"""Whatever the assistant tells one to say works: there, by who was told, at once.

Every play is played, and after each line what it suggests is said back in that
situation, undone again. What only code holds is read alone.
"""

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.understanding import learn
from bot.message import Message
from bot.understanding.slots.moment import is_only_time
from tests.handlers.test_offered import offered
from tests.people import USERID
from tests.stage import Stage

ROOT = Path(__file__).parents[2]
PLAYS = sorted((ROOT / "tests" / "conversations").glob("*.txt"))
TOLD = re.compile(r"^ (?P<who>bot|\S+?)(?P<sign>[<>]) (?P<text>.*)", re.DOTALL)
NUMBER = count()
SEEN: set[tuple[str, str, str]] = set()
BLANK = "…"
NOON = datetime(2026, 3, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
OF_GRAMMAR = frozenset(("最晚", "每两周的周几", "把", "王伟", "半天"))
"""Parts of a sentence, named where a time, a name or a length is asked for."""


def form_of(text: str) -> str:
    """Leave the form of a line: figures and titles do not make another."""
    return re.sub(r"\d+|“[^”]{13,}”", "#", text)[:60]


def tell(stage: Stage, name: str, text: str) -> str:
    message = Message("wecom", USERID[name], id=f"told-{next(NUMBER)}", text=text)
    return stage.assistant.answer(message, dry_run=True).intent


def hear(stage: Stage, line: str) -> Iterator[tuple[str, str]]:
    """Play a line; yield who was told what."""
    speaker = re.split("[>*#]", line, maxsplit=1)[0]
    told: list[str] = []
    for each in stage.play(line).splitlines()[1:]:
        if each.startswith("    > "):
            told[-1] += "\n" + each.removeprefix("    > ")
        else:
            told.append(each)
    for each in told:
        hit = TOLD.match(each)
        if hit is None:
            continue
        who = speaker if hit["who"] == "bot" else hit["who"].split("、")[-1]
        yield who, hit["text"]


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.stem)
def test_what_is_suggested_works_where_it_is(play: Path, stage: Stage) -> None:
    wrong: list[tuple[str, str, str]] = []
    for line in play.read_text("utf-8").splitlines():
        if line.startswith((" ", "#")) or not line:
            continue
        for who, text in hear(stage, line):
            for each in offered(text):
                key = form_of(text), form_of(each), who
                if key in SEEN or BLANK in each or who not in USERID:
                    continue
                SEEN.add(key)
                if tell(stage, who, each) in ("none", "choose", "denied"):
                    wrong.append((who, each, text))
    assert wrong == []


def literals() -> Iterator[str]:
    """List the texts in the code that a member may read."""
    for folder in ("handlers", "bot/branch", "bot/understanding", "scheduler"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_what_only_code_suggests_is_known() -> None:
    """An answer to a question is tried in a play; all else is a sentence of its own."""
    understanding, _ = learn()
    lines = "\n".join(play.read_text("utf-8") for play in PLAYS)
    tried = {form_of(each) for each in offered(lines)}
    strange = {
        each
        for text in literals()
        for each in offered(text)
        if form_of(each) not in tried and not {BLANK, "{"} & set(each)
        if not is_only_time(each, NOON)
        if understanding.read(each).intent in ("none", "choose")
    }
    assert strange <= OF_GRAMMAR
