"""亮身份、承诺: what a member promises for a year, one record a promise."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Choice, Day, People, Words, options
from bot.branch.records.kind import Kind, Move, State, Sum

PLEDGE = Kind(
    name="pledge",
    title="承诺",
    intent="pledge",
    beside=Path(__file__),
    one="一条",
    few=True,
    fields=(
        Words(
            "title",
            "承诺",
            needed=True,
            ask="承诺做什么？最好有数，例：带两个徒弟。",
            also=("内容", "承诺内容"),
            longest=100,
        ),
        People("people", "党员", needed=True, speaker=True, most=1, also=("姓名",)),
        Day("day", "承诺日期", needed=True, today=True),
        Day("until", "期限", ahead=True, due=True, also=("时限", "完成期限")),
        Choice(
            "sort",
            "方面",
            options=options(
                "学习", "工作 教学 科研 徒弟 课", "自律 廉洁", "服务 志愿 企业"
            ),
            default="工作",
        ),
    ),
    columns=("no", "people", "title", "sort", "day", "until", "state", "evidence"),
    sums=(Sum("条", "records"),),
    states=(
        State("told", "待审核"),
        State("public", "已公开"),
        State("kept", "已践诺"),
        State("judged", "已评诺"),
        State("back", "退回", counts=False, returned=True),
    ),
    moves=(
        Move("public", ("told",), ("审核", "公开", "通过"), Role.COMMITTEE),
        Move("back", ("told",), ("退回",), Role.COMMITTEE),
        Move("told", ("back",)),
        Move("kept", ("public",), ("兑现", "践诺", "做到"), Role.MEMBER, evidence=True),
        Move("judged", ("kept",), ("评诺", "评议"), Role.COMMITTEE),
    ),
    same=("title", "people"),
    small=("我今年", "今年", "我", "承诺：", "承诺:", "承诺", "保证", "：", ":"),
    example="我今年承诺带两个徒弟",
    evidence="做到了把照片发来，或说“兑现承诺 3”这样",
)
