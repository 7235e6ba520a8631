"""A branch's own paper: its docx with named places, filled in by a child process.

Places are written as docxtpl reads them: {{地点}}, {%p for each in 决议 %}.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bot.files.sandbox import Crashed, ask_child

SECONDS = 30.0
BROKEN = "打不开，可能已损坏"


def fill(template: bytes, values: Mapping[str, Any]) -> tuple[bytes, str]:
    """Fill a docx's places; return it, and what is wrong with it where it is empty."""
    packed = {"template": b64encode(template).decode(), "values": values}
    content = json.dumps(packed, ensure_ascii=False).encode()
    try:
        told = ask_child("bot.files.own.child", "docx", content, SECONDS)
    except Crashed:
        return b"", BROKEN
    if told.startswith(b"PK"):
        return told, ""
    return b"", told.decode("utf-8", "replace") or BROKEN
