"""What a branch brings for its cards: styles of its own, as templates, and fonts.

They lie in one folder that the settings name ([cards] folder). A file 向日葵.typ is the
style 向日葵; it is compiled in a child of its own, that reaches neither network nor
disk. Fonts (.otf, .ttf, .ttc) draw what ours have no glyph for.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FONTS = frozenset((".otf", ".ttf", ".ttc"))


@dataclass(frozen=True)
class OwnCards:
    """folder: None where a branch brings nothing."""

    folder: Path | None = None

    def list_styles(self) -> list[str]:
        """List the names of the styles, in order."""
        found = self.folder.glob("*.typ") if self.folder else ()
        return sorted(each.stem for each in found)

    def read_template(self, style: str) -> str | None:
        """Return a style's template; None where there is none of that name."""
        if self.folder is None or style not in self.list_styles():
            return None
        return (self.folder / f"{style}.typ").read_text("utf-8")

    def digest(self, style: str) -> str:
        """Tell one state of a style from another; "" of those that are ours."""
        source = self.read_template(style)
        return "" if source is None else sha256(source.encode()).hexdigest()

    def list_fonts(self) -> tuple[Path, ...]:
        if self.folder is None:
            return ()
        found = (each for each in self.folder.iterdir() if each.suffix.lower() in FONTS)
        return tuple(sorted(found))

    def font_folders(self) -> tuple[str, ...]:
        return (str(self.folder),) if self.list_fonts() else ()


class _Kept:
    """Like the fonts of a machine: one for all of a process."""

    cards = OwnCards()


def use_folder(folder: str) -> None:
    """Take a folder's styles and fonts from now on; "" for none."""
    found = Path(folder) if folder else None
    _Kept.cards = OwnCards(found if found and found.is_dir() else None)


def own_cards() -> OwnCards:
    return _Kept.cards
