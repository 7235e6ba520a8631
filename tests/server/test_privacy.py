"""docs/privacy.md speaks of every table, and of none that is not there."""

import re

from bot.maintenance import schema
from tests.acceptance.programs import ROOT

PAGE = ROOT / "docs" / "privacy.md"


def test_every_table_is_told_of() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if "| `" in line]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told == schema.METADATA.tables.keys()
