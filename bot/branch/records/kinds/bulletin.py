"""简报: drafted from what is recorded, reviewed three times by others, then sent."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Choice, Day, Link, People, Words, options
from bot.branch.records.kind import Kind, Move, State, Sum

REVIEWS = ("first", "second", "third")
"""The states that reviews lead to, and the fields of who gave them, in their order."""
LONGEST_TEXT = 3000

BULLETIN = Kind(
    name="bulletin",
    title="简报",
    intent="bulletin",
    own_commands=True,
    beside=Path(__file__),
    one="一篇",
    word="简报",
    few=True,
    fields=(
        Words("title", "标题", needed=True, also=("题目",), longest=60),
        Day("day", "活动日期", needed=True, also=("日期",)),
        Words("text", "正文", needed=True, longest=LONGEST_TEXT),
        Words("sources", "出处"),
        Words("photos", "照片", longest=LONGEST_TEXT),
        People("people", "撰稿", needed=True, speaker=True, also=("作者",)),
        *(
            People(name, title, outsiders=True, counted=False, most=1)
            for name, title in zip(REVIEWS, ("一审", "二审", "三审"), strict=True)
        ),
        Choice(
            "platform",
            "报送平台",
            options=options(
                "智慧党建平台 智慧党建", "育人号", "学习强国 强国", "校园网"
            ),
        ),
        Day("sent_on", "报送日期"),
        Link("link", "链接", also=("网址",)),
    ),
    columns=(
        *("no", "title", "people", "platform", "sent_on", "link", "state", "day"),
        *REVIEWS,
    ),
    sums=(Sum("篇", "records"),),
    states=(
        State("draft", "草稿"),
        State("first", "一审过了"),
        State("second", "二审过了"),
        State("third", "三审过了"),
        State("sent", "已报送"),
        State("adopted", "已采用"),
        State("refused", "未采用"),
    ),
    moves=(
        Move("first", ("draft",), by=Role.COMMITTEE),
        Move("second", ("first",), by=Role.COMMITTEE),
        Move("third", ("second",), by=Role.COMMITTEE),
        Move("sent", ("third",)),
        Move("adopted", ("sent",)),
        Move("refused", ("sent",)),
        Move("draft", REVIEWS, by=Role.COMMITTEE),
    ),
    told_by=Role.SECRETARY,
    example="昨天的党日出个简报",
)
