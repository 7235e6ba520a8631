"""约谈: who asks whom for a talk, and when; what about is between the two."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Day, People, Words
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

HALF_A_YEAR = 183
OPEN = ("asked", "moved", "agreed")

APPOINTMENT = Kind(
    name="appointment",
    title="约谈",
    intent="appointment",
    own_commands=True,
    handed_out=False,
    beside=Path(__file__),
    one="一次",
    word="约谈",
    fields=(
        Day("day", "日期", ahead=True, also=("约谈日期",)),
        Words("time", "时间", also=("几点",)),
        People("people", "约的人", needed=True, most=1, also=("提出人",)),
        People("host", "被约的人", needed=True, most=1, counted=False),
        Words("topic", "想谈什么", private=HALF_A_YEAR),
    ),
    columns=("no", "day", "time", "people", "host", "state", "at"),
    sums=(Sum("次", "records"),),
    states=(
        State("asked", "等对方答应", counts=False),
        State("moved", "改了时间，等约的人答应", counts=False),
        State("agreed", "约好了", counts=False),
        State("declined", "婉拒", counts=False),
        State("off", "取消", counts=False),
        State("done", "谈过了"),
    ),
    moves=(
        Move("agreed", ("asked", "moved"), by=Role.MEMBER),
        Move("moved", OPEN, by=Role.MEMBER),
        Move("asked", OPEN, by=Role.MEMBER),
        Move("declined", OPEN, by=Role.MEMBER),
        Move("off", OPEN, by=Role.MEMBER),
        Move("done", ("agreed",), by=Role.MEMBER),
    ),
    sees=Sees.ALONE,
    example="想找书记谈谈，下周二下午三点",
)
