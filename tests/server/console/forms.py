"""The forms of a page, as a browser has them, and what somebody types into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

Attributes: TypeAlias = list[tuple[str, str | None]]
WHEN = {
    "number": "7",
    "date": "2026-02-17",
    "month": "2026-02",
    "time": "03:17",
    "datetime-local": "2026-02-17T03:17",
}
WRITTEN = "另写"
CLOSED = ("hidden", "submit", "file", "radio")


@dataclass
class Form:
    """kept: what it carries. held: what stands in the fields that one fills.

    fits: what another could stand there.
    """

    action: str
    kept: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    fits: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._in = ("", "")
        """The select or textarea that is being read, by its tag and name."""
        self._option: tuple[str, bool] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(told.get("action", ""))
            if told.get("method") == "post":
                self.found.append(self._form)
        elif self._form is None:
            return
        elif tag in ("select", "textarea") and told.get("name"):
            self._in, self._text = (tag, told["name"]), ""
            self._form.held[told["name"]] = ""
            self._form.fits[told["name"]] = f"{WRITTEN}{len(self._form.fits)}"
        elif tag == "option" and self._in[0] == "select":
            self._option, self._text = (told.get("value", ""), "selected" in told), ""
        elif tag == "input" and told.get("name"):
            self._input(self._form, told)

    def _input(self, form: Form, told: Mapping[str, str]) -> None:
        name, sort = told["name"], told.get("type", "text")
        if sort == "hidden":
            form.kept[name] = told["value"]
        elif sort == "checkbox":
            form.held.setdefault(name, "")
            form.fits[name] = told["value"]
            if "checked" in told:
                form.held[name] = told["value"]
        elif sort not in CLOSED:
            form.held[name] = told.get("value", "")
            form.fits[name] = WHEN.get(sort, f"{WRITTEN}{len(form.fits)}")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        where, name = self._in
        if tag == "form":
            self._form = None
        elif self._form is None:
            return
        elif tag == "option" and self._option:
            value, chosen = self._option[0] or self._text, self._option[1]
            self._form.fits[name] = value
            if chosen:
                self._form.held[name] = value
        elif tag == "textarea" and where == tag:
            self._form.held[name] = self._text
        if tag == where:
            self._in = ("", "")


def forms_of(page: str) -> list[Form]:
    """List the forms of a page that do something."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
