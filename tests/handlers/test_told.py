"""Whatever the assistant tells one to say works; here, what only its code tells.

What it tells in a play is said back there (tests/said_back.py).
"""

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.understanding import learn
from bot.understanding.slots.moment import is_only_time
from tests.handlers.test_offered import offered
from tests.said_back import BLANK, form_of
from tests.test_conversations import SCRIPTS

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
OF_GRAMMAR = frozenset(("最晚", "每两周的周几", "把", "王伟", "半天"))
"""Parts of a sentence, named where a time, a name or a length is asked for."""

ANSWERS = frozenset(
    [
        *("主持 赵敏", "修改内容 周三学习", "原因 周三学习", "地点改成 周三学习"),
        *("带两个徒弟", "时间改成 周三学习", "时间改成周四", "赞成9反对0弃权1"),
    ]
)
"""Answers to drafts that no play shows yet; to be shortened, never added to."""


def literals() -> Iterator[str]:
    """List the texts in the code that a member may read."""
    for folder in ("handlers", "bot/branch", "bot/understanding", "scheduler"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


@pytest.mark.thorough
def test_what_only_code_suggests_is_known() -> None:
    """An answer to a question is tried in a play; all else is a sentence of its own."""
    understanding, _ = learn()
    lines = "\n".join(script.read_text("utf-8") for script in SCRIPTS)
    tried = {form_of(each) for each in offered(lines)}
    strange = {
        each
        for text in literals()
        for each in offered(text)
        if form_of(each) not in tried and not {BLANK, "{"} & set(each)
        if not is_only_time(each, NOON)
        if understanding.read(each).intent in ("none", "choose")
    }
    assert strange <= OF_GRAMMAR | ANSWERS
