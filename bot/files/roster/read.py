"""A roster file → its people, or every fault of the file at once."""

from datetime import date

from bot.files.roster.cells import Sheet, text_of
from bot.files.roster.columns import HEADER_DEPTH, Field, find_header
from bot.files.roster.duplicates import repeated_people
from bot.files.roster.entry import Entry, Roster
from bot.files.roster.faults import Fault, RosterError
from bot.files.roster.rows import Findings, read_rows
from bot.files.roster.table import read_sheets

NO_HEADER = f"没有找到表头：前 {HEADER_DEPTH} 行里要有一行写着“姓名”。"
NOBODY = "有表头，却一个人也没有。"
HIDDEN = "这张工作表是隐藏的，没有读。"
NO_NAMES = f"前 {HEADER_DEPTH} 行里没有“姓名”这一列，这张工作表没有读。"
SHOWN_ROWS = 10


def read_roster(
    content: bytes, filename: str, today: date, *, phones: bool = False
) -> Roster:
    """All people of the file; RosterError, and nothing, when any row is faulty.

    xlsx, xls, ods, or CSV in UTF-8, UTF-16 or GB18030, told apart by content; filename
    is only shown. today bounds the dates. phones: also read the phone numbers.
    """
    sheets = read_sheets(content, filename)
    if len(sheets) == 1:
        sheets[0].name = None
    found = Findings(phones)
    headed = sum(take_sheet(sheet, today, found) for sheet in sheets)
    found.faults += repeated_people(entry for entry in found.entries if entry.name)
    if found.faults:
        raise RosterError(sorted_by_place(found.faults, sheets))
    if not found.entries:
        raise RosterError([Fault(NOBODY if headed else NO_HEADER)])
    found.warnings += gaps(found)
    return Roster(
        tuple(found.entries),
        tuple(found.ignored),
        tuple(found.columns),
        tuple(sorted_by_place(found.warnings, sheets)),
    )


def take_sheet(sheet: Sheet, today: date, found: Findings) -> bool:
    """Whether the sheet has a header; one without is told of, and left."""
    if sheet.hidden:
        found.warnings.append(Fault(HIDDEN, sheet=sheet.name))
        return False
    if header := find_header(sheet.rows):
        read_rows(sheet, header, today, found)
        return True
    if any(text_of(cell) for row in sheet.rows for cell in row):
        found.warnings.append(Fault(NO_NAMES, sheet=sheet.name))
    return False


NOT_MEANT = (
    "不该有的，试导入时从表里删去；已经导入的，删去那一行不会移出名册，"
    "请用 members remove 账号 移出，或请书记对我说“登记转出 姓名”。"
)


def gaps(found: Findings) -> list[Fault]:
    """Columns that are missing altogether, and people left without a branch."""
    warnings = []
    fields = {column.field for column in found.columns}
    missing: dict[Field, str] = {
        "joined": "没有入党日期这一列，算不出政治生日。",
        "full_member_since": "没有转正日期这一列，算不出党龄。",
    }
    warnings += [Fault(said) for use, said in missing.items() if use not in fields]
    if "term" in fields and all(each.elected is None for each in found.entries):
        unknown = [e for e in found.entries if e.term and not e.term.begins]
        if unknown:
            warnings.append(Fault("只有任期、没有换届日期，算不出什么时候换届。"))
    if found.hidden:
        said = f"隐藏的 {len(found.hidden)} 行也读了：{rows_of(found.hidden)}；"
        warnings.append(Fault(said + NOT_MEANT))
    if found.struck:
        said = (
            f"有 {len(found.struck)} 行里画了删除线，也读了：{rows_of(found.struck)}；"
        )
        warnings.append(Fault(said + NOT_MEANT))
    if "branch" in fields and (homeless := [e for e in found.entries if not e.branch]):
        warnings.append(Fault(f"{len(homeless)} 人没有写党支部：{rows_of(homeless)}。"))
    return warnings


def rows_of(entries: list[Entry]) -> str:
    rows = "、".join(
        f"{entry.marked}（第 {entry.row} 行）" for entry in entries[:SHOWN_ROWS]
    )
    return rows + (" 等" if len(entries) > SHOWN_ROWS else "")


def sorted_by_place(faults: list[Fault], sheets: list[Sheet]) -> list[Fault]:
    """By sheet in the workbook's order, then by row; what has no place comes first."""
    order = {sheet.name: position for position, sheet in enumerate(sheets)}
    return sorted(
        faults, key=lambda fault: (order.get(fault.sheet, -1), fault.row or 0)
    )
