"""The table of expressions: each as it stands on the calendar, or asked back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.when import read_when

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLE = Path(__file__).with_name("expressions.tsv")


@dataclass(frozen=True)
class Line:
    now: datetime
    text: str
    coming: tuple[datetime, ...]
    kind: str


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.strip()).replace(tzinfo=SHANGHAI)


def _lines() -> Iterator[Line]:
    now = _moment("2026-11-25 10:00")
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("@"):
            now = _moment(line[1:])
        elif line.startswith("?"):
            yield Line(now, line.split("\t")[1], (), "ask")
        elif line and not line.startswith("#"):
            text, coming, kind = line.split("\t")
            moments = tuple(map(_moment, coming.split("|")))
            yield Line(now, text, moments, kind)


LINES = list(_lines())


def test_the_table_is_long_enough() -> None:
    assert len(LINES) >= 200


@pytest.mark.parametrize(
    "line", LINES, ids=lambda line: f"{line.now:%m-%d} {line.text}"
)
def test_expression(line: Line) -> None:
    when = read_when(line.text, line.now)
    assert (when.unclear is not None) is (line.kind == "ask"), when
    assert when.next == line.coming
    if line.kind != "ask":
        assert when.recurring is ("rule" in line.kind)
        assert when.deadline is ("deadline" in line.kind)
        assert when.echo
        assert (when.rule is not None) is when.recurring
