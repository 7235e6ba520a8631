"""The photos of a bulletin: chosen with consent, and packed with its paper."""

from pathlib import Path

from bot.branch.people.send_file import send_file
from bot.branch.records import bulletin_photos
from bot.branch.records.fields import Choice
from bot.branch.records.kinds.bulletin import BULLETIN
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from bot.understanding.slots.listed_number import number_ahead
from handlers.records.bulletins import find_bulletin

FILE = Path(BULLETIN.beside)
ZIP = "application/zip"
AGAIN = "改过了，三审要重新来。"


@command(
    "bulletin.photos",
    help="简报有哪些照片可用，例：简报 5 的照片",
    phrases=read_beside(FILE, "bulletin.photos"),
    shown=False,
)
def show_photos(ask: Ask) -> str:
    row = find_bulletin(ask)
    every = bulletin_photos.photos_of(ask.session, row)
    ask.offer("records.evidence", "照片现在发给我就行", record=row.id)
    if not every:
        return f"简报 {row.id} 还没有照片。现在发给我就行。"
    lines = [
        f"{each.place}. {each.of}的佐证 {each.number}"
        f"{f'（用，{each.consent}）' if each.consent else ''}"
        for each in every
    ]
    return "\n".join(
        [
            f"简报 {row.id} 可用的照片：",
            *lines,
            f"要用说“简报 {row.id} 用第1张，没有人像”或者“都同意了”；"
            f"不用说“简报 {row.id} 不用第1张”；打包说“简报 {row.id} 打包”。"
            "还有照片现在发给我就行。",
        ]
    )


@command(
    "bulletin.photo",
    help="简报用哪张照片，例：简报 5 用第1张，没有人像",
    phrases=read_beside(FILE, "bulletin.photo"),
    acts=True,
    previewed=True,
    shown=False,
)
def choose_photo(ask: Ask) -> Reply:
    row, place = find_bulletin(ask), _place(ask)
    field = WORK.by_name["portrait"]
    assert isinstance(field, Choice)
    consent = field.find(ask.text) or ""
    again = bulletin_photos.choose(
        ask.session, row, place, consent, ask.member, ask.now
    )
    more = AGAIN if again else ""
    return Reply(f"简报 {row.id} 用第 {place} 张（{consent}）。{more}", changed=True)


@command(
    "bulletin.no_photo",
    help="简报不用哪张照片，例：简报 5 不用第1张",
    phrases=read_beside(FILE, "bulletin.no_photo"),
    acts=True,
    previewed=True,
    shown=False,
)
def leave_out(ask: Ask) -> Reply:
    row, place = find_bulletin(ask), _place(ask)
    again = bulletin_photos.leave_out(ask.session, row, place, ask.member, ask.now)
    more = AGAIN if again else ""
    return Reply(f"简报 {row.id} 不用第 {place} 张了。{more}", changed=True)


@command(
    "bulletin.pack",
    help="简报的文件和照片打成一个包，例：简报 5 打包",
    phrases=read_beside(FILE, "bulletin.pack"),
    shown=False,
)
def send_pack(ask: Ask) -> Reply:
    """Send the paper and the photos that may be shown, in one zip."""
    row = find_bulletin(ask)
    content, count = bulletin_photos.write_zip(ask.session, row)
    name = f"简报{row.id}-{_title(row)}.zip"
    send_file(ask.session, name, ZIP, content, ask.member, ask.now)
    shown = f"和 {count} 张照片" if count else "（没有选照片）"
    return Reply(f"“{name}”正在发到您的手机上：文件{shown}。没说同意的照片没有放。")


def _title(row: Record) -> str:
    return (row.title or "")[:30]


def _place(ask: Ask) -> int:
    place = number_ahead(ask.slots.get("n", ""))
    if place is None:
        raise Refusal("第几张？说“简报 5 用第1张，没有人像”这样。")
    return place
