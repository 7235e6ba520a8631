"""JSON as others send it: no depth."""

import json
import re
from typing import Any

MAX_DEPTH = 64
# Strings and whatever is no bracket; what is begun and not ended ends with the text.
NO_BRACKET = re.compile(
    rb'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[^\[\]{}"]+', flags=re.DOTALL
)
OPENING = b"[{"


def read_json(text: str | bytes) -> Any:
    """Read JSON from outside. Raises ValueError, also for what is nested too deep.

    The standard library would go down until the stack ends, and whatever the collector
    of garbage then calls, deep down there, fails in its place.
    Not strict: platforms leave control characters in what people typed.
    """
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    if _is_too_deep(raw):
        raise ValueError("JSON nested too deep")
    return json.loads(text, strict=False)


def _is_too_deep(raw: bytes) -> bool:
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in NO_BRACKET.sub(b"", raw):
        depth += 1 if bracket in OPENING else -1
        if depth > MAX_DEPTH:
            return True
    return False
