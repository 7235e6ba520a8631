"""Which rows below a header are people, and why the others are not."""

import re

from bot.files.roster.cells import Sheet, is_placeholder, squeeze, text_of
from bot.files.roster.columns import Header, is_name_title

BLANK = "空行"
REPEATED_HEADER = "重复的表头"
TOTAL = re.compile(
    r"(?:本页|党员)?(?:合计|总计|小计|共计|累计|总人数|人数)|总数|(?:以上|总)?共\d+[人名]"
    r"|.{1,20}(?:合计|小计|总计)[:：]?$"
)
NOTE = re.compile(
    r"[※★]|第\d+页|截[止至]\d{4}"
    r"|(?:备注|附注|注|说明|填[表写]说明|填表人?|制表人?|填报人|填报单位|单位"
    r"|(?:填报|填表|制表|统计|打印|截[止至])?(?:日期|时间)|盖章|签[名字]|截[止至])"
    r"\d*(?:[:：(（.、]|$)"
    r"|(?:审[核批]人?|经办人?|联系人|联系电话|负责人|(?:党?支部)?书记(?:签[名字])?)[:：(（]"
)
SAMPLE = re.compile(r"(?:示例|样例|范例|举例|例)\d*[:：]?")
HEADING = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]"
    r"|.*(?:党小组|支部|党总支|党委|名[册单]|花名册|一览表|登记表|统计表)(?:[（(].*)?$"
    r"|(?:正式党员|预备党员|入党积极分子|积极分子|发展对象)(?:[:：(（].*)?$"
)
SENTENCE = re.compile(r"[。；;，,！!]|^[（(]?\d{1,2}[.、)）]\D.{8,}")
NUMBERED = re.compile(r"[（(]?\d{1,2}[.、)）]\D")
LONG_NUMBER = re.compile(r"\d{11}|\d[eE]\+1\d")


def why_ignored(sheet: Sheet, row: int, header: Header) -> str | None:
    """Why this row is no person, in Chinese; None when it is one, complete or not."""
    own = own_texts(sheet, row)
    if not own:
        return BLANK
    if any("名" in text and is_name_title(text) for text in own.values()):
        return REPEATED_HEADER
    name = own.get(header.places["name"], "")
    for text in dict.fromkeys((own[min(own)], name)):
        if reason := why_of_opening(text):
            return reason
    if len(own) == 1 and (reason := why_of_lonely(name, *own.values())):
        return reason
    if is_numbering(own):
        return "列号"
    return None if name else why_of_nameless(own, header)


def own_texts(sheet: Sheet, row: int) -> dict[int, str]:
    """Squeeze the texts of a row, by column; what merges share out is left aside."""
    texts = {
        column: squeeze(text_of(cell))
        for column, cell in enumerate(sheet.rows[row])
        if cell != ""
    }
    return {column: text for column, text in texts.items() if text}


def why_of_opening(text: str) -> str | None:
    """Of the row's first cell or the one in the name's place: what follows a table."""
    if TOTAL.match(text):
        return "合计"
    if NOTE.match(text):
        return "说明"
    return "示例" if SAMPLE.fullmatch(text) else None


def why_of_lonely(name: str, text: str) -> str | None:
    """Judge a row with one cell: it may also be a person's bare name."""
    if not name and text.isdecimal() and len(text) < 7:
        return "只有序号"
    if not name and NUMBERED.match(text):
        return "说明"
    if HEADING.match(text):
        return "小标题"
    return "说明" if SENTENCE.search(text) else None


def why_of_nameless(own: dict[int, str], header: Header) -> str | None:
    """Take it for a person where a column of use is filled or a long number shows."""
    used = header.places.values()
    if any(column in used and not is_placeholder(text) for column, text in own.items()):
        return None
    if any(LONG_NUMBER.search(text) for text in own.values()):
        return None
    return "没有姓名，也没有名册要用的内容"


def is_numbering(own: dict[int, str]) -> bool:
    """Know the columns' own numbers, 1 2 3 …, that statistical forms have."""
    texts = list(own.values())
    return len(texts) >= 3 and texts == [str(n + 1) for n in range(len(texts))]
