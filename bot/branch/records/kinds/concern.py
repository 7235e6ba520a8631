"""困难与意见: what somebody brings to the branch, until it is answered and settled."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Choice, Day, People, Words, options
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

NAMED, SECRETARY_ONLY, ANONYMOUS = "署名", "只给书记", "匿名"

CONCERN = Kind(
    name="concern",
    title="困难与意见",
    intent="concern",
    own_commands=True,
    handed_out=False,
    beside=Path(__file__),
    one="一件",
    word="诉求",
    fields=(
        Day("day", "日期", needed=True, today=True),
        Choice(
            "sort",
            "类别",
            options=options(
                "生活 住房 停车 食堂 宿舍 生病 住院",
                "工作 课时 加班 考核",
                "学业 学生 学费 补助",
                "活动 党课 党日 会议",
                "制度 规定 流程",
                "设施 空调 投影 教室 实训室 厕所 灯 网络 设备",
                "其他",
            ),
            default="其他",
        ),
        Choice(
            "sign",
            "署名方式",
            needed=True,
            options=options(
                f"{NAMED} 具名 实名",
                f"{SECRETARY_ONLY} 别说是我 不要说是我 保密",
                f"{ANONYMOUS} 不具名",
            ),
        ),
        Words("what", "诉求", needed=True, ask="是什么事？", also=("内容",)),
        People("people", "提出人", counted=False, most=1),
        People("office", "责任人", counted=False, most=1),
        Words("answer", "答复"),
        Choice("content", "满意度", options=options("满意", "不满意", "未答")),
    ),
    columns=("no", "day", "sort", "what", "office", "state", "answer", "content"),
    sums=(Sum("件", "records"),),
    states=(
        State("received", "收到"),
        State("taken", "办理中"),
        State("answered", "已答复"),
        State("again", "重办"),
        State("closed", "办结"),
    ),
    moves=(
        Move("taken", ("received", "again")),
        Move("answered", ("received", "taken", "again")),
        Move("again", ("answered",), by=Role.MEMBER),
        Move("closed", ("answered",), by=Role.MEMBER),
    ),
    sees=Sees.PARTIES,
    example="反映一下，教室的投影仪坏了",
)
