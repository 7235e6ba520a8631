"""党费台账: who paid how much for which month; the amount alone, never the pay."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Amount, Day, People, Words
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

DUES = Kind(
    name="dues",
    title="党费",
    intent="dues",
    tells="paid",
    lists="book",
    beside=Path(__file__),
    one="一笔",
    word="党费",
    fields=(
        Day(
            "day",
            "月份",
            needed=True,
            today=True,
            ahead=True,
            also=("所属月份", "缴纳月份"),
            month=True,
        ),
        Day("until", "至", month=True, ahead=True, ends="day", also=("截至月份",)),
        People(
            "people",
            "党员",
            needed=True,
            ask="是谁交的？",
            speaker=True,
            most=1,
            also=("姓名",),
        ),
        Amount(
            "amount",
            "金额",
            needed=True,
            ask="交了多少元？",
            also=("实交", "缴纳金额"),
            unit="元",
            units={"元": 1, "块钱": 1, "块": 1},
            most=100_000,
        ),
        Words("to", "收款人", also=("交给谁", "经办人"), rest=False),
    ),
    columns=("no", "day", "until", "people", "amount", "to", "state", "by"),
    sums=(Sum("笔", "records"), Sum("元", "total")),
    states=(State("told", "本人报"), State("checked", "已核对")),
    moves=(Move("checked", ("told",), ("核实", "核对"), Role.COMMITTEE),),
    sees=Sees.PARTIES,
    seen_by=("组织委员",),
    same=("day", "people"),
    small=(
        *(
            "我",
            "来了",
            "来",
            "交了",
            "收了",
            "收",
            "交",
            "缴了",
            "缴",
            "补交了",
            "补交",
            "收到了",
            "收到",
            "党费",
            "的",
            "已经",
        ),
        *("过", "完", "齐", "了", "，", ","),
    ),
    example="我交了3月党费42元",
)
