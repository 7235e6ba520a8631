"""The same person twice in one file."""

from collections.abc import Hashable, Iterable, Iterator

from bot.roster.entry import Entry
from bot.roster.faults import Fault


def repeated_people(entries: Iterable[Entry]) -> Iterator[Fault]:
    """One fault for each later entry that repeats an earlier one.

    Namesakes in one branch are two people only when both have an account, and even
    then not when they joined on the same day.
    """
    seen: dict[Hashable, Entry] = {}
    for entry in entries:
        if twin := next((seen[key] for key in asked(entry) if key in seen), None):
            yield repeated(entry, twin)
        for key in told(entry):
            seen.setdefault(key, entry)


def told(entry: Entry) -> Iterator[Hashable]:
    """Yield the keys under which later entries can recognise this one."""
    person = (entry.name, entry.branch)
    yield "name", person
    yield ("account", entry.userid.casefold()) if entry.userid else ("bare", person)
    if entry.joined:
        yield "day", person, entry.joined


def asked(entry: Entry) -> Iterator[Hashable]:
    """Yield the keys under which an earlier entry would be this same person."""
    person = (entry.name, entry.branch)
    if not entry.userid:
        yield "name", person
        return
    yield "account", entry.userid.casefold()
    yield "bare", person
    yield "day", person, entry.joined


def repeated(entry: Entry, twin: Entry) -> Fault:
    sheet = f"工作表「{twin.sheet}」" if twin.sheet != entry.sheet else ""
    place = f"{sheet}第 {twin.row} 行"
    if entry.userid and (twin.userid or "").casefold() == entry.userid.casefold():
        return Fault(f"账号与{place}重复。", entry.row, "账号", "", entry.sheet)
    sentence = f"与{place}是同一个人；同名的两个人请各写账号和入党日期。"
    return Fault(sentence, entry.row, "姓名", entry.name, entry.sheet)
