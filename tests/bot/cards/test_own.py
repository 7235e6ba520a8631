"""A branch's own style and fonts: drawn, told where wrong, and kept within limits."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from bot.branch.birthdays import cards
from bot.branch.birthdays.card_looks import Look
from bot.cards.birthday import draw_birthday_card
from bot.cards.sheet import Sheet
from bot.errors import Refusal
from bot.files.print.fonts import faces
from bot.files.print.own import own_cards, use_folder
from tests.bot.branch.birthdays.test_cards import BIRTHDAY
from tests.bot.cards.conftest import read_text
from tests.bot.cards.test_birthday import WANG

DOCS = Path(__file__).parents[3] / "docs" / "cards.md"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    use_folder(str(tmp_path))
    yield tmp_path
    use_folder("")


def draw(folder: Path, template: str) -> bytes:
    (folder / "向日葵.typ").write_text(template, "utf-8")
    return draw_birthday_card(WANG, Sheet("向日葵", "white"))


def test_the_style_of_the_guide_is_drawn(folder: Path) -> None:
    [template] = re.findall(r"```typst\n(.*?)```", DOCS.read_text("utf-8"), re.S)
    drawn = draw(folder, template)
    assert "王芳同志" in read_text(drawn)
    assert drawn != draw_birthday_card(WANG, Sheet("paper", "white"))
    assert drawn == draw(folder, template)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("#let x = ", "expected expression"),
        ('#panic("没有底图")', "没有底图"),
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../sheet.py")', "root"),
        ('#import "@preview/cetz:0.4.2": *', "failed to download"),
    ],
)
def test_what_is_wrong_with_it_is_told(folder: Path, template: str, told: str) -> None:
    with pytest.raises(Refusal, match=f"样式“向日葵”的模板有错：.*{told}"):
        draw(folder, template)


def test_on_the_day_there_is_a_card_all_the_same(folder: Path) -> None:
    (folder / "坏.typ").write_text("#let", "utf-8")
    birthday = replace(BIRTHDAY, look=Look("坏"))
    assert cards.draw(birthday) == cards.draw(BIRTHDAY)
    with pytest.raises(Refusal, match="坏"):
        cards.check_drawn(birthday)


def test_another_state_of_a_template_is_another_style(folder: Path) -> None:
    (folder / "向日葵.typ").write_text("#let", "utf-8")
    before = own_cards().digest("向日葵")
    (folder / "向日葵.typ").write_text("#let x = 1", "utf-8")
    assert own_cards().digest("向日葵") not in (before, "")
    assert own_cards().digest("red") == ""


def test_fonts_of_the_folder_are_asked_last(folder: Path) -> None:
    ours = faces()
    copy(ours[0], folder / "楷体.otf")
    assert faces() == (*ours, folder / "楷体.otf")
    assert "王芳同志" in read_text(draw_birthday_card(WANG, Sheet("red", "white")))


def test_a_style_that_is_gone_is_refused_by_name(folder: Path) -> None:
    (folder / "松.typ").write_text("", "utf-8")
    with pytest.raises(Refusal, match=r"没有“竹”.*red、paper、dawn、松"):
        draw_birthday_card(WANG, Sheet("竹"))
