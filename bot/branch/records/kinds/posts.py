"""三室一岗: the pioneer posts, and the studios of the branch."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Choice, Day, People, Words, options
from bot.branch.records.kind import Kind, Move, State, Sum

STATES = (State("up", "在岗"), State("down", "已摘牌", counts=False))
MOVES = (Move("down", ("up",), ("摘牌", "撤岗")), Move("up", ("down",), ("重新挂牌",)))

SMALL = (
    *("设立一个", "设立", "新设", "设一个", "设个", "设", "登记一个", "登记"),
    *("党员先锋岗", "先锋岗", "工作室", "书记", "劳模", "博士", "牵头", "负责"),
)

POST = Kind(
    name="post",
    title="党员先锋岗",
    intent="posts",
    tells="set",
    lists="",
    beside=Path(__file__),
    one="一个",
    word="先锋岗",
    few=True,
    fields=(
        Words(
            "title", "岗名", needed=True, ask="这个岗叫什么？", also=("名称", "岗位")
        ),
        People(
            "people",
            "党员",
            needed=True,
            ask="谁在这个岗？",
            also=("姓名", "责任人"),
            most=3,
        ),
        Words("place", "场所", ask="在哪个实训室？", also=("实训室", "地点")),
        Words("duties", "职责", also=("岗位职责",)),
        Words("promise", "承诺", also=("岗位承诺",)),
        Day("day", "挂牌日期", today=True, also=("挂牌",)),
    ),
    columns=("no", "title", "place", "people", "duties", "promise", "day", "state"),
    sums=(Sum("个岗", "records"), Sum("人", "heads")),
    states=STATES,
    moves=MOVES,
    said=("先锋岗", "岗"),
    together=("三室一岗",),
    same=("title",),
    told_by=Role.SECRETARY,
    small=SMALL,
    example="设先锋岗 数控精度岗，王芳，场所：数控实训室",
)
STUDIO = Kind(
    name="studio",
    title="工作室",
    intent="posts",
    tells="set",
    beside=Path(__file__),
    one="一个",
    word="先锋岗",
    few=True,
    fields=(
        Choice(
            "sort",
            "哪一室",
            needed=True,
            options=options("书记工作室 书记", "劳模工作室 劳模", "博士工作室 博士"),
        ),
        People(
            "people",
            "牵头人和成员",
            needed=True,
            ask="谁牵头、有谁？",
            also=("成员", "牵头人"),
        ),
        Words("title", "方向", ask="做什么方向？", also=("研究方向",)),
        Words("place", "地点", also=("场所",)),
        Words("hours", "开放时段", also=("开放时间",)),
        Day("day", "挂牌日期", today=True, also=("挂牌",)),
    ),
    columns=("no", "sort", "people", "title", "place", "hours", "day", "state"),
    sums=(Sum("个室", "records"), Sum("人", "heads")),
    states=STATES,
    moves=MOVES,
    said=("工作室", "书记工作室", "劳模工作室", "博士工作室"),
    same=("sort",),
    told_by=Role.SECRETARY,
    small=SMALL,
    example="设工作室 劳模工作室，王芳牵头",
)
