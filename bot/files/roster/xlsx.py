"""How the sheets of an xlsx look: formats, formulas not worked out, what is hidden."""

import re
from xml.etree import ElementTree
from xml.parsers import expat

from bot.files.roster.looks import Looks
from bot.files.roster.number_formats import BUILT_IN, matters
from bot.files.xlsx_parts import Package

REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
CONSTANT = re.compile(r'"((?:[^"]|"")*)"')
UNKNOWN_FORMULA = "=公式"
FALSE = ("0", "false")
MOST_COLUMNS = 16384


def look_at_xlsx(package: Package) -> dict[str, Looks]:
    """By sheet name."""
    workbook = package.workbook()
    parts = package.relations(workbook)
    styles = Styles(package, workbook)
    looks = {}
    for sheet in ElementTree.fromstring(package.read(workbook)).iter():
        if local(sheet.tag) == "sheet":
            _kind, part = parts[attribute(sheet, "id")]
            reader = SheetReader(styles)
            reader.read(package.read(part))
            looks[sheet.get("name", "")] = reader.looks
    return looks


class Styles:
    """codes, struck: by the number of a cell's style. strings: those struck out."""

    def __init__(self, package: Package, workbook: str) -> None:
        self.codes: dict[int, str] = {}
        self.struck: set[int] = set()
        self.strings: set[int] = set()
        if (part := package.related(workbook, "styles")) is not None:
            self._read_styles(ElementTree.fromstring(package.read(part)))
        if (part := package.related(workbook, "sharedStrings")) is not None:
            texts = ElementTree.fromstring(package.read(part))
            self.strings = {at for at, text in enumerate(texts) if is_struck(text)}

    def _read_styles(self, root: ElementTree.Element) -> None:
        groups = {local(group.tag): list(group) for group in root}
        codes = BUILT_IN | {
            int(each.get("numFmtId", "0")): each.get("formatCode", "")
            for each in groups.get("numFmts", [])
        }
        fonts = [is_struck(font) for font in groups.get("fonts", [])]
        for style, each in enumerate(groups.get("cellXfs", [])):
            code = codes.get(int(each.get("numFmtId", "0")), "")
            if matters(code):
                self.codes[style] = code
            font = int(each.get("fontId", "0"))
            if font < len(fonts) and fonts[font]:
                self.struck.add(style)


class SheetReader:
    """Walks the cells of one sheet; a sheet's text may be too large for a tree."""

    def __init__(self, styles: Styles) -> None:
        self.styles, self.looks = styles, Looks()
        self.row = self.column = -1
        self.cell: dict[str, str] | None = None
        self.texts: dict[str, str] = {}
        self.inside = ""
        self.inline_struck = False

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._hear
        parser.Parse(xml, True)  # noqa: FBT003  # C takes no names

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.row, self.column = self._place(attributes.get("r", ""))
            self.cell, self.texts, self.inline_struck = attributes, {}, False
        elif self.cell is not None:
            self.inside = name
            if name in ("f", "v"):
                self.texts.setdefault(name, "")
            elif name == "strike" and attributes.get("val") not in FALSE:
                self.inline_struck = True
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 2)) - 1
            self.column = -1
            if attributes.get("hidden", "0") not in FALSE:
                self.looks.hidden_rows.append(self.row)
        elif name == "col" and attributes.get("hidden", "0") not in FALSE:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.looks.hidden_columns += range(first - 1, min(last, MOST_COLUMNS))

    def _place(self, reference: str) -> tuple[int, int]:
        """Read B7; a cell that does not say where it is comes after the last one."""
        if found := REFERENCE.fullmatch(reference):
            return int(found[2]) - 1, column_number(found[1])
        return self.row, self.column + 1

    def _hear(self, text: str) -> None:
        if self.inside in ("f", "v"):
            self.texts[self.inside] += text

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name != "c":
            self.inside = ""
            return
        if self.cell is not None:
            self._note(self.cell)
        self.cell = None

    def _note(self, cell: dict[str, str]) -> None:
        kind, value, place = cell.get("t"), self.texts.get("v"), (self.row, self.column)
        style = int(cell.get("s", "0"))
        if kind == "e" and value:
            self.looks.texts.append((*place, value))
        elif "f" in self.texts and (value is None or not (value or kind == "str")):
            self.looks.texts.append((*place, unfinished(self.texts["f"])))
        if code := self.styles.codes.get(style):
            self.looks.codes.append((*place, code))
        shared = kind == "s" and value and int(value) in self.styles.strings
        filled = value or kind == "inlineStr"
        if self.inline_struck or shared or (style in self.styles.struck and filled):
            self.looks.struck.append(place)


def unfinished(formula: str) -> str:
    """Spell a formula that no program has worked out; ="0007" needs no working out."""
    if constant := CONSTANT.fullmatch(formula.strip()):
        return constant[1].replace('""', '"')
    return f"={formula}" if formula else UNKNOWN_FORMULA


def is_struck(element: ElementTree.Element) -> bool:
    """Whether a font, or a part of a text, is struck out."""
    strikes = (each for each in element.iter() if local(each.tag) == "strike")
    return any(each.get("val") not in FALSE for each in strikes)


def column_number(letters: str) -> int:
    """Count from 0: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def attribute(element: ElementTree.Element, name: str) -> str:
    return next((v for k, v in element.items() if local(k) == name), "")


def local(tag: str) -> str:
    """Drop the namespace of a name."""
    return tag.rpartition("}")[2]
