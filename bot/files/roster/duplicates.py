"""The same person twice in one file."""

from collections.abc import Hashable, Iterable, Iterator

from bot.files.roster.entry import Entry
from bot.files.roster.faults import Fault


def repeated_people(entries: Iterable[Entry]) -> Iterator[Fault]:
    """One fault for each later entry that repeats an earlier one.

    Namesakes in one branch are two people where their marks differ. Without marks only
    when both have an account, and even then not when they joined on the same day.
    """
    seen: dict[Hashable, Entry] = {}
    for entry in entries:
        if twin := next((seen[key] for key in asked(entry) if key in seen), None):
            yield repeated(entry, twin)
        for key in told(entry):
            seen.setdefault(key, entry)


def told(entry: Entry) -> Iterator[Hashable]:
    """Yield the keys under which later entries can recognise this one."""
    person = (entry.name, entry.mark, entry.branch)
    yield "name", person
    yield ("account", entry.userid.casefold()) if entry.userid else ("bare", person)
    if entry.joined:
        yield "day", person, entry.joined


def asked(entry: Entry) -> Iterator[Hashable]:
    """Yield the keys under which an earlier entry would be this same person."""
    person = (entry.name, entry.mark, entry.branch)
    if entry.mark or not entry.userid:
        yield "name", person
    if not entry.userid:
        return
    yield "account", entry.userid.casefold()
    yield "bare", person
    yield "day", person, entry.joined


def repeated(entry: Entry, twin: Entry) -> Fault:
    sheet = f"工作表「{twin.sheet}」" if twin.sheet != entry.sheet else ""
    place = f"{sheet}第 {twin.row} 行"
    if entry.userid and (twin.userid or "").casefold() == entry.userid.casefold():
        return Fault(f"账号与{place}重复。", entry.row, "账号", "", entry.sheet)
    if entry.mark:
        sentence = f"与{place}姓名和标记都一样；两个人请用不同的标记，一个人只留一行。"
    else:
        sentence = (
            f"与{place}是同一个人；同名的两个人请在姓名后标明，例：{entry.name}1、"
            f"{entry.name}2，或者各写账号和入党日期。"
        )
    return Fault(sentence, entry.row, "姓名", entry.marked, entry.sheet)
