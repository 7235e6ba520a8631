"""谈心谈话: who talked with whom, and when; never what about."""

from pathlib import Path

from bot.branch.records.fields import Choice, Day, People, options
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

COMMITTEE, WITH_MEMBER, MEMBERS = "支委之间", "支委与党员", "党员之间"

TALK = Kind(
    name="talk",
    title="谈心谈话",
    intent="talk",
    tells="told",
    beside=Path(__file__),
    one="一次",
    word="谈话",
    fields=(
        Day("day", "日期", needed=True, today=True, also=("谈话时间", "时间")),
        People(
            "people",
            "双方",
            needed=True,
            speaker=True,
            ask="和谁谈的？",
            also=("谈话人", "人员"),
            most=2,
            least=2,
        ),
        Choice(
            "sort",
            "类别",
            also=("种类",),
            options=options(
                COMMITTEE, WITH_MEMBER, MEMBERS, "同积极分子 积极分子", "转正谈话 转正"
            ),
        ),
        Choice(
            "how",
            "方式",
            options=options("当面 面对面", "电话 通话", "线上 视频"),
            default="当面",
        ),
    ),
    columns=("no", "day", "people", "sort", "how", "state"),
    sums=(Sum("次", "records"),),
    states=(
        State("told", "等对方确认", counts=False),
        State("confirmed", "双方已确认"),
    ),
    moves=(Move("confirmed", ("told",)),),
    sees=Sees.PARTIES,
    seen_by=("组织委员",),
    same=("day", "people"),
    example="昨天和王芳谈心了，记一下",
)
