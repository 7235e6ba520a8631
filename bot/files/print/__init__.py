"""What is only printed: PDF out of Typst templates, made by a child process.

Typst keeps about 90 MB once it has drawn; `serve` keeps its own memory so.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from bot.errors import Refusal
from bot.files.sandbox import Crashed, ask_child

PDF, PNG = "application/pdf", "image/png"
SECONDS = 40.0
FAILED = "这份文件暂时排不出来，请过一会儿再试。"
Template: TypeAlias = Literal["sheet", "ballot", "poster", "certificate", "plate"]
Values: TypeAlias = Mapping[str, Any]


def print_pdf(template: Template, values: Values) -> bytes | None:
    """Print values, as JSON takes them, by a template; None where that failed."""
    content = json.dumps(values, ensure_ascii=False).encode()
    try:
        return ask_child("bot.files.print.child", template, content, SECONDS) or None
    except Crashed:
        return None


def draw_png(template: Template, values: Values) -> bytes | None:
    """Draw the first page of a template as a picture for a phone; None: it failed."""
    content = json.dumps(values, ensure_ascii=False).encode()
    name = f"{template}.png"
    try:
        return ask_child("bot.files.print.child", name, content, SECONDS) or None
    except Crashed:
        return None


def must_have(content: bytes | None) -> bytes:
    """Return what was printed. Raises Refusal where nothing was."""
    if not content:
        raise Refusal(FAILED)
    return content
