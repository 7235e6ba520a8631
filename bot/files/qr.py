"""QR codes, drawn by us: no address of a page goes to somebody else's service."""

from io import BytesIO
from pathlib import Path

import segno


def save_code(text: str, path: Path) -> None:
    """Save a text's code as PNG, for a phone to read off a screen or a sheet."""
    segno.make(text, error="q", micro=False).save(str(path), kind="png", scale=8)


def draw_code(text: str) -> str:
    """Draw a text's code as SVG; a quarter may be lost, as on a crumpled sheet."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, nl=False
    )
    return out.getvalue().decode()
