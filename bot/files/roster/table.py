"""A file's bytes → its sheets, told apart by content, whatever the name says."""

from bot.files.roster.cells import Sheet
from bot.files.roster.faults import Fault, RosterError, Unreadable, shorten
from bot.files.roster.limits import MAX_BYTES, TOO_LARGE
from bot.files.roster.text import read_text
from bot.files.roster.workbook import is_workbook, read_workbook


def read_sheets(content: bytes, filename: str) -> list[Sheet]:
    """RosterError, with one fault that names the file, when it is no readable table."""
    try:
        return sheets_in(content)
    except Unreadable as why:
        raise RosterError([Fault(str(why), value=shorten(filename))]) from None


def sheets_in(content: bytes) -> list[Sheet]:
    if not content.strip(b" \t\r\n\0"):
        raise Unreadable("文件是空的。")
    if len(content) > MAX_BYTES:
        raise Unreadable(TOO_LARGE)
    return read_workbook(content) if is_workbook(content) else read_text(content)
