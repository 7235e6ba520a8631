"""五个一、七个一: what is on a list, and what of it somebody has done."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Amount, Choice, Day, People, Words, options
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

LISTS = ("五个一", "六个一", "七个一", "八个一")
BY_HAND = "自己报"
LINKED = {"谈心谈话": "talk", "技术服务": "service", "志愿服务": "service"}
"""What marks an item by itself → of which kind those records are."""
DONE, EXEMPT = "完成", "免做"
WHOLE = "整张清单"
"""What somebody is freed of who need do nothing of a list in a year."""

LIST = Choice("list", "清单", needed=True, options=options(*LISTS))
TITLE = Words("title", "项目", needed=True, also=("内容", "项"), longest=60)

TASK = Kind(
    name="task",
    title="清单项目",
    word="清单",
    intent="checklist",
    tells="item",
    beside=Path(__file__),
    one="一项",
    fields=(
        LIST,
        TITLE,
        Day("day", "起始日期", needed=True, today=True, also=("起始",)),
        Choice(
            "period",
            "周期",
            options=options("每月 月", "每季度 季", "每学期 学期", "每年 年"),
            default="每年",
        ),
        Amount("target", "次数", unit="次", units={"次": 1, "个": 1}, most=100),
        Choice(
            "marked_by",
            "怎么算完成",
            options=options(BY_HAND, *LINKED),
            default=BY_HAND,
        ),
    ),
    columns=("no", "list", "title", "period", "target", "marked_by", "day"),
    sums=(Sum("项", "records"),),
    told_by=Role.SECRETARY,
    example="七个一：读一本书、听一次课、每季度谈一次心",
)
MARK = Kind(
    name="mark",
    title="清单完成",
    word="清单",
    intent="checklist",
    tells="item",
    beside=Path(__file__),
    fields=(
        LIST,
        TITLE,
        Day("day", "日期", needed=True, today=True, also=("完成日期",)),
        People("people", "党员", needed=True, speaker=True, most=1, also=("姓名",)),
        Choice("how", "情况", options=options(DONE, EXEMPT), default=DONE),
    ),
    columns=("no", "list", "title", "people", "day", "how", "state", "evidence", "by"),
    same=("list", "title", "people", "day"),
    sums=(Sum("项", "records"),),
    states=(State("told", "自报"), State("confirmed", "已确认")),
    moves=(Move("confirmed", ("told",), ("确认", "核实"), Role.COMMITTEE),),
    sees=Sees.PARTIES,
    seen_by=("组织委员", "纪检委员"),
    example="七个一 读一本书 完成",
)
