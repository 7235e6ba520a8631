"""What docs/operating.md tells an operator to write, word for word."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^# (/etc/systemd/\S+)\n", re.MULTILINE)


def read_block(beginning: str) -> str:
    """Return the one block of the guide that begins so."""
    blocks = FENCED.findall(GUIDE.read_text("utf-8"))
    (found,) = (block for block in blocks if block.startswith(beginning))
    return str(found)


def read_units() -> dict[str, str]:
    """Return the units by their names; of a block of several each begins with its."""
    single = read_block("[Unit]")
    _, *parts = NAMED.split(read_block("# /etc/systemd/"))
    several = dict(zip(parts[::2], parts[1::2], strict=True))
    units = {Path(path).name: text for path, text in several.items()}
    return {"xiangyang.service": single, **units}
