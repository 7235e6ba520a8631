"""迎检包: what a year lacks, told at once; the papers as one zip when asked for."""

from collections.abc import Iterator
from io import BytesIO

from bot.branch.inspection.items import Asked
from bot.branch.inspection.pack import Packed, survey, write_pack
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.command import Ask, command
from bot.message import Reply
from bot.understanding.slots.past_span import find_past_span

ZIP = "application/zip"
SHOWN = 10
PACKING = ("打包", "打个包", "个包", "导出", "发我一份")
LARGEST = 20 * 1024 * 1024
"""Bytes; what WeCom takes as a file (path/90253)."""


@command(
    "pack",
    help="迎检还缺什么；“打个包按目录排好”把一年的材料发给您",
    role=Role.SECRETARY,
)
def show_pack(ask: Ask) -> Reply | str:
    """Tell what lacks and does not agree; send the papers where a pack is asked for."""
    span = find_past_span(ask.text, ask.now)
    year = span.last.year if span else ask.now.year
    asked = Asked(ask.session, ask.standing.branch, year, ask.now, ask.config)
    if not any(word in ask.text for word in PACKING):
        audit.note(ask.session, ask.member, "pack.view", ask.now, details=str(year))
        return "\n".join(_lines(survey(asked), year))
    out = BytesIO()
    packed = write_pack(asked, out, evidence=False)
    content = out.getvalue()
    if len(content) > LARGEST:
        return "材料太多，聊天里发不了。请管理员在服务器上运行 xiangyang pack。"
    name = f"迎检包-{year}-{ask.now:%m%d-%H%M}.zip"
    send_file(ask.session, name, ZIP, content, ask.member, ask.now)
    audit.note(ask.session, ask.member, "pack.made", ask.now, details=str(year))
    count = sum(len(files) for _, _, files in packed.items)
    return Reply(
        f"{year} 年迎检包：{count} 份材料，“{name}”正在发到您的手机上。"
        f"缺 {len(packed.gaps)} 项，自查有 {len(packed.doubts)} 处要核对，"
        "都列在“00 缺项与自查”里。佐证照片和文件多，由管理员在服务器上打全包。"
    )


def _lines(packed: Packed, year: int) -> Iterator[str]:
    yield f"{year} 年迎检还缺 {len(packed.gaps)} 项："
    for each in packed.gaps[:SHOWN]:
        figures = f"应 {each.due}，有 {each.has}"
        yield f"· {each.item}：{figures}；{each.missing}（{each.who}）"
    if (more := len(packed.gaps) - SHOWN) > 0:
        yield f"……还有 {more} 项，打包里有全的。"
    if packed.doubts:
        yield f"自查有 {len(packed.doubts)} 处要核对："
        for doubt in packed.doubts[:SHOWN]:
            yield f"· {doubt.title}：{doubt.what}"
    yield (
        "真发生过的补录会标“补录”，没有的写“未开展”，不补编。"
        "要材料说“打个包按目录排好”。"
    )


@command(
    "pack.rules",
    help="迎检包里谈心只给数、补录怎么标、缺项怎么补",
    role=Role.SECRETARY,
    shown=False,
)
def say_rules(ask: Ask) -> str:
    """Say what a pack only counts, what it marks, and that nothing is made up."""
    return (
        "谈心谈话在迎检包里只给数，不给名，也没有内容。\n"
        "会后才记的会自动标“补录”，记的那天也留着，不用您标，也去不掉。\n"
        "缺的，真发生过的说“补录 3月10日下午两点 支部委员会”这样一条条补；"
        "没发生的写“未开展”，我不编。缺哪些，说“缺项清单”。"
    )
