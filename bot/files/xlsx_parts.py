"""The parts of an xlsx, as its relations name them, however a program wrote the names.

Part names compare without case ([ECMA-376] part 2, 6.2.2); some programs write them
with backslashes or call the workbook xl/workbook2.xml.
"""

import io
import posixpath
import zipfile
from xml.etree import ElementTree

ROOT = ""
WORKBOOK = "xl/workbook.xml"


class Package:
    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = {plain_name(name): name for name in self.zip.namelist()}

    def read(self, part: str) -> bytes:
        """Raise KeyError if there is no such part."""
        return self.zip.read(self.names[plain_name(part)])

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """By id: what it is (the end of its type), and the part that it leads to."""
        folder, name = posixpath.split(part)
        known = posixpath.join(folder, "_rels", f"{name}.rels")
        if plain_name(known) not in self.names:
            return {}
        found = {}
        for each in ElementTree.fromstring(self.read(known)):
            target = each.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(posixpath.join("/", folder, target))
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = kind, path.lstrip("/")
        return found

    def related(self, part: str, kind: str) -> str | None:
        """Find the part of that kind that this one leads to."""
        found = self.relations(part).values()
        return next((path for what, path in found if what == kind), None)

    def workbook(self) -> str:
        part = self.related(ROOT, "officeDocument") or WORKBOOK
        return part if plain_name(part) in self.names else WORKBOOK

    def for_library(self) -> bytes | None:
        """Write it anew with the names that the reading library knows, if need be."""
        workbook = plain_name(self.workbook())
        real = self.names.get(workbook, WORKBOOK).replace("\\", "/").casefold()
        folder, name = posixpath.split(workbook)
        if real == WORKBOOK or folder != "xl":
            return None
        renamed = {
            workbook: WORKBOOK,
            f"xl/_rels/{name}.rels": "xl/_rels/workbook.xml.rels",
        }
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as new:
            for plain, real in self.names.items():
                new.writestr(renamed.get(plain, plain), self.zip.read(real))
        return written.getvalue()


def plain_name(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()
