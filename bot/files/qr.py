"""QR codes, drawn by us: no address of a page goes to somebody else's service."""

from io import BytesIO

import segno


def draw_code(text: str) -> str:
    """Draw a text's code as SVG; a quarter may be lost, as on a crumpled sheet."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, nl=False
    )
    return out.getvalue().decode()
