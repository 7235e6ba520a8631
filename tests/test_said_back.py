"""Whatever one is told to say works: what a play's lines suggest is said on the spot.

A suggestion of one form is said back in the first play that has it, and a play goes
on no longer than it has one. What a page of the guides says one may say is said too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.handlers.test_offered import offered
from tests.said_back import Form, SaidBack, forms_in
from tests.stage import Stage
from tests.test_conversations import BLOCK, GUIDES, SCRIPTS

pytestmark = pytest.mark.thorough


def _share(scripts: Sequence[Path]) -> Iterator[tuple[Path, int, set[Form]]]:
    """Yield each play that suggests something new: up to where, and what is not new."""
    known = set[Form]()
    for script in scripts:
        told = forms_in(script.read_text("utf-8"))
        ends = [end for end, form in told if form not in known]
        if ends:
            yield script, max(ends), set(known)
        known |= {form for _, form in told}


@pytest.mark.parametrize(
    ("script", "end", "tried"),
    [pytest.param(*each, id=each[0].stem) for each in _share(SCRIPTS)],
)
def test_conversation(
    script: Path, end: int, tried: Iterable[Form], stage: Stage
) -> None:
    said_back = SaidBack(stage, tried)
    stage.play(script.read_text("utf-8")[:end], after=said_back.try_all)
    assert said_back.wrong == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_guide(guide: Path, stage: Stage) -> None:
    """What is said between the parts of a page may be said just there."""
    said_back, page = SaidBack(stage), guide.read_text("utf-8")
    for told, block in zip_longest(BLOCK.split(page), BLOCK.findall(page)):
        said_back.try_said("赵敏", [*offered(told), *_cells(told)])
        stage.play(block or "", after=said_back.try_all)
    assert said_back.wrong == []


def _cells(told: str) -> Iterator[str]:
    """List the sentences in the last column of the tables."""
    for row in re.findall(r"^\|.*\|(.+)\|$", told, re.MULTILINE):
        if row.strip(" -") and "[" not in row and row.strip() != "就说":
            yield from offered("、".join(f"说“{each}”" for each in row.split(" · ")))
