"""CSV and its relatives: bytes of any usual encoding → one sheet."""

import csv
import io
import re

from bot.files.roster.cells import Row, Sheet, squeeze
from bot.files.roster.faults import Unreadable
from bot.files.roster.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, TOO_LARGE
from bot.text.encodings import decode

DELIMITERS = ",;\t，；|"
SNIFFED_LINES = 30
NOT_A_TABLE = "这不是表格文件，请用 Excel（.xlsx、.xls）或 CSV。"
WEB_PAGE = "这个文件其实是网页，请用 Excel 打开后另存为 .xlsx 再导入。"
BROKEN_TEXT = "文字编码认不出来，请用 Excel 打开后另存为 .xlsx 再导入。"

BINARY = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
WEB_START = re.compile(r"\s*<(?:!doctype|html|table|\?xml|head|style|meta|!--)", re.I)
EXCEL_HINT = re.compile(r'"?sep=(.)"?\r?\n', re.I)


def read_text(content: bytes) -> list[Sheet]:
    try:
        text = decode(content, "姓名").rstrip("\x1a")
    except UnicodeDecodeError:
        raise Unreadable(BROKEN_TEXT) from None
    except UnicodeError:
        raise Unreadable(NOT_A_TABLE) from None
    if WEB_START.match(text):
        raise Unreadable(WEB_PAGE)
    if BINARY.search(text):
        raise Unreadable(NOT_A_TABLE)
    if hint := EXCEL_HINT.match(text):
        return [Sheet(None, split_rows(text[hint.end() :], hint[1]))]
    return [Sheet(None, split_rows(text, likely_delimiter(text)))]


def likely_delimiter(text: str) -> str:
    """Take the delimiter of the line that names 姓名, else of the first lines."""
    lines = text.split("\n", SNIFFED_LINES)[:SNIFFED_LINES]
    titles = [line for line in lines if "姓名" in squeeze(line)]
    sample = titles[0] if titles else "\n".join(lines)
    return max(DELIMITERS, key=sample.count)


def split_rows(text: str, delimiter: str) -> list[Row]:
    """Rows as Excel counts them: blank lines are rows, quoted line breaks are not."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[Row] = []
    cells = 0
    try:
        for record in reader:
            cells += len(record)
            if len(rows) >= MAX_ROWS or cells > MAX_CELLS or _is_wide(record):
                raise Unreadable(TOO_LARGE)
            rows.append([*record[:MAX_COLUMNS]])
    except csv.Error as error:
        at = f"第 {len(rows) + 1} 行"
        if "field limit" in str(error):
            most = csv.field_size_limit()
            raise Unreadable(f"{at}有一格超过 {most} 个字，请改短。") from None
        raise Unreadable(f"{at}的引号没有成对，请改正。") from None
    return rows


def _is_wide(record: list[str]) -> bool:
    """Whether more columns than a roster can have are filled in."""
    return len(record) > MAX_COLUMNS and any(record[MAX_COLUMNS:])
