"""A card as a sheet: its style and form, and how it becomes a picture or a paper."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.errors import Refusal
from bot.files.print.fonts import find_lost
from bot.files.print.own import own_cards
from bot.files.print.press import PRESS, Job, NotPrinted, print_alone

SizeName = Literal["phone", "a5"]
FormName = Literal["phone", "a5", "white", "bleed"]
"""phone, a5: pictures; white: A5 with a white margin, for an office's printer; bleed:
A5 with 3 mm around to be cut off, for a print shop. The last two are PDF."""
StyleName = Literal["red", "paper", "dawn"]

STYLES: tuple[StyleName, ...] = ("red", "paper", "dawn")
SEAL, LONGEST_SEAL = "不忘初心", 4
PPI: dict[FormName, int] = {"phone": 72, "a5": 300}
"""A unit of a phone's sheet is a point, so that it is 1080 pixels wide."""
TEMPLATES = Path(__file__).with_name("templates")
UNDRAWN = "贺卡暂时画不出来，请过一会儿再试。"
TOO_MUCH = "放不下"  # as body.typ says it
BLANK = b"\x89PNG\r\n\x1a\n"

_unprinted: ContextVar[bool] = ContextVar("unprinted", default=False)


@dataclass(frozen=True)
class Sheet:
    """How a card is to look. seal: what stands in the leisure seal."""

    style: str = "red"
    form: FormName = "phone"
    seal: str = SEAL


PLAIN = Sheet()


@contextmanager
def unprinted() -> Iterator[None]:
    """Have cards checked and not drawn: where nobody will look at them."""
    token = _unprinted.set(True)
    try:
        yield
    finally:
        _unprinted.reset(token)


def draw(values: Mapping[str, Any], sheet: Sheet) -> bytes:
    """Draw a card: PNG, or PDF where it is to be printed; equal cards, equal bytes.

    values: what body.typ reads. Raises Refusal where the texts have no room, for a
    style that there is not, and where drawing failed.
    """
    check_style(sheet.style)
    if _unprinted.get():
        return BLANK
    whole = {
        "form": sheet.form,
        "style": sheet.style,
        "seal": sheet.seal,
        "lost": find_lost([values, sheet.seal]),
        "bare": False,
        **values,
    }
    try:
        return _print(json.dumps(whole, ensure_ascii=False), sheet)
    except NotPrinted as error:
        why = str(error)
        if TOO_MUCH in why:
            raise Refusal("字太多，贺卡上放不下，请缩短寄语。") from error
        if sheet.style not in STYLES:
            told = why or "排不出来，或者用了太久"
            raise Refusal(f"贺卡样式“{sheet.style}”的模板有错：{told}") from error
        raise Refusal(UNDRAWN) from error


def _print(values: str, sheet: Sheet) -> bytes:
    """Print by a template of ours, or by the branch's own, which is left alone."""
    ppi = PPI.get(sheet.form)
    own = own_cards()
    source = None if sheet.style in STYLES else own.read_template(sheet.style)
    job = Job(
        root=str(TEMPLATES),
        values=values,
        form="png" if ppi else "pdf",
        main="card.typ",
        source=source,
        fonts=own.font_folders(),
        ppi=ppi or 72,
    )
    return PRESS.print(job) if source is None else print_alone(job)


def check_style(name: str) -> None:
    """Refuse a style that there is not, with those that there are."""
    known = [*STYLES, *own_cards().list_styles()]
    if name not in known:
        raise Refusal(f"没有“{name}”这种贺卡样式，可选：{'、'.join(known)}。")


def measure_ems(text: str) -> float:
    """Tell about how wide a text is, in ems: a western sign is half as wide."""
    return sum(0.55 if char.isascii() else 1.0 for char in text)


def check_length(what: str, text: str, most: float) -> None:
    """Refuse a line that could not be read any more where it has room."""
    if measure_ems(text) > most:
        raise Refusal(f"{what}太长（{len(text)}字），贺卡上放不下，请缩短。")
