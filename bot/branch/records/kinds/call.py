"""作品征集: a call for works, with its sorts, its day, its jury and its prizes."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Amount, Choice, Day, People, Words, options
from bot.branch.records.kind import Kind, Move, State, Sum

BY_THEME, ALL_OF_THEM, BY_JURY = "比主题分", "并列都给", "评委合议"
TOGETHER, POPULAR = "合在一起评", "投人气"

CALL = Kind(
    name="call",
    title="作品征集",
    intent="submit_work.call",
    beside=Path(__file__),
    one="一次",
    word="征集",
    few=True,
    fields=(
        Words(
            "title",
            "名称",
            needed=True,
            ask="征集叫什么？例：廉洁文化周。",
            longest=40,
        ),
        Words("theme", "主题", longest=60),
        Words(
            "sorts",
            "类别",
            needed=True,
            ask="收哪几类？有：摄影、书画、微视频、征文。",
        ),
        Day(
            "day",
            "截止日期",
            needed=True,
            ahead=True,
            due=True,
            ask="收到哪天为止？（当天 24 点截止）",
            also=("截止", "截止时间"),
        ),
        Amount("most", "每人最多", unit="件", also=("每人件数",), most=20),
        Words("prizes", "奖项"),
        Choice(
            "scope",
            "怎么分奖",
            options=options(f"{TOGETHER} 不分类", "分类别评 按类别评 分类评"),
            default=TOGETHER,
        ),
        Choice(
            "tie",
            "同分",
            options=options(BY_THEME, f"{ALL_OF_THEM} 并列", f"{BY_JURY} 合议"),
            default=BY_THEME,
        ),
        Choice(
            "popular",
            "人气",
            options=options("不投票", f"{POPULAR} 人气投票 开人气"),
            default="不投票",
        ),
        People("jury", "评委", outsiders=True, counted=False, most=20),
        Words("rules", "要求", longest=500),
        Day("shown_until", "公示截止", ahead=True, due=True),
    ),
    columns=(
        *("no", "title", "theme", "sorts", "day", "most", "prizes", "scope", "tie"),
        *("popular", "jury", "rules", "shown_until", "state", "by"),
    ),
    sums=(Sum("次征集", "records"),),
    states=(
        State("open", "征集中"),
        State("judging", "盲评中"),
        State("public", "公示中"),
        State("announced", "已公布"),
    ),
    moves=(
        Move("judging", ("open",)),
        Move("open", ("judging",)),
        Move("public", ("judging",)),
        Move("judging", ("public",)),
        Move("announced", ("public",)),
    ),
    same=("title", "day"),
    told_by=Role.SECRETARY,
    small=(
        "发起一次",
        "发起",
        "开始",
        "作品征集",
        "征集",
        "收到",
        "到",
        "截止",
        "一次",
    ),
    example="发起征集 廉洁文化周，类别：摄影和书画，12月10日截止",
)
