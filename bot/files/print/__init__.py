"""What is only printed: PDF out of Typst templates, made by a child process.

Typst keeps about 90 MB once it has drawn; `serve` keeps its own memory so.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from bot.errors import Refusal
from bot.files.print.fonts import find_lost
from bot.files.print.own import own_cards
from bot.files.print.press import PRESS, Form, Job, NotPrinted

PDF, PNG = "application/pdf", "image/png"
FAILED = "这份文件暂时排不出来，请过一会儿再试。"
TEMPLATES = Path(__file__).with_name("templates")
PPI = 110
Template: TypeAlias = Literal["sheet", "ballot", "poster", "certificate", "plate"]
Values: TypeAlias = Mapping[str, Any]


def print_pdf(template: Template, values: Values) -> bytes | None:
    """Print values, as JSON takes them, by a template; None where that failed."""
    return _print(template, values, "pdf")


def draw_png(template: Template, values: Values) -> bytes | None:
    """Draw the first page of a template as a picture for a phone; None: it failed."""
    return _print(template, values, "png")


def must_have(content: bytes | None) -> bytes:
    """Return what was printed. Raises Refusal where nothing was."""
    if not content:
        raise Refusal(FAILED)
    return content


def _print(template: Template, values: Values, form: Form) -> bytes | None:
    whole = {**values, "lost": find_lost(values)}
    job = Job(
        root=str(TEMPLATES),
        values=json.dumps(whole, ensure_ascii=False),
        form=form,
        main=f"{template}.typ",
        fonts=own_cards().font_folders(),
        ppi=PPI,
    )
    try:
        return PRESS.print(job) or None
    except NotPrinted:
        return None
