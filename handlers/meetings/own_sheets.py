"""A list as a spreadsheet, or filled into the branch's own form where it has one."""

from functools import partial

from bot.branch.meetings import own_papers
from bot.branch.people.send_file import make_book, send_book, send_file
from bot.branch.people.tree import Branch
from bot.command import Ask
from bot.files.word import DOCX
from bot.files.xlsx import Sheet


def send_list(ask: Ask, branch: Branch, sheet: Sheet, year: int) -> tuple[str, str]:
    """Send a list; return the file's name, and what is wrong with one's own form."""
    form = own_papers.find_form(ask.config.papers.forms, branch.name, sheet.title)
    fault = ""
    if form is not None:
        values = own_papers.values_of_list(branch, sheet, year, ask.now)
        made = ask.made.get("own", partial(own_papers.write_own, form, values)) or b""
        if made and not made.startswith(own_papers.FAULT):
            name = f"{sheet.title}-{year}.docx"
            send_file(ask.session, name, DOCX, made, ask.member, ask.now)
            return name, ""
        why = made.removeprefix(own_papers.FAULT).decode()
        fault = own_papers.say_fault(sheet.title, why)
    name = f"{sheet.title}-{year}.xlsx"
    send_book(ask.session, name, make_book([sheet], ask.made), ask.member, ask.now)
    return name, fault
