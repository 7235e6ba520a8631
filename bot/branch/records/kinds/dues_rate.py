"""每月应交党费: what each owes a month, as told by herself or the secretary."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Amount, Day, People
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

RATE = Kind(
    name="dues_rate",
    title="每月应交党费",
    intent="dues_rate",
    beside=Path(__file__),
    one="一条",
    word="应交党费",
    few=True,
    fields=(
        Day(
            "day",
            "从哪月起",
            needed=True,
            today=True,
            ahead=True,
            month=True,
            also=("起始月份", "月份"),
        ),
        People("people", "党员", needed=True, speaker=True, most=1, also=("姓名",)),
        Amount(
            "amount",
            "每月应交",
            needed=True,
            ask="每月应交多少元？只说党费的数，不用说工资。",
            also=("金额", "应交", "应交金额"),
            unit="元",
            units={"元": 1, "块钱": 1, "块": 1},
            most=100_000,
        ),
    ),
    columns=("no", "day", "people", "amount", "state", "by"),
    states=(State("told", "本人报"), State("checked", "已核对")),
    moves=(Move("checked", ("told",), ("核对",), Role.COMMITTEE),),
    sums=(Sum("条", "records"),),
    sees=Sees.PARTIES,
    seen_by=("组织委员",),
    same=("day", "people"),
    small=(
        *("我", "每个月", "每月", "一个月", "月月", "应交", "应该交", "该交", "要交"),
        *("党费", "的", "交", "是", "改成", "改为", "起", "开始", "从", "，", ","),
    ),
    example="我每月应交党费50元",
)
