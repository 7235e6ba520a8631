"""论文专利、媒体报道: what members published, and what was published of the branch."""

from bot.branch.records.fields import (
    Choice,
    Day,
    Link,
    Number,
    Organisation,
    Words,
    options,
)
from bot.branch.records.kind import Sum
from bot.branch.records.kinds.honours import DAY, ENDING, LEVEL, TITLE, kind, people

PAPER = kind(
    "paper",
    "论文专利",
    TITLE,
    Choice(
        "sort",
        "类别",
        options=options(
            "论文 发表",
            "发明专利 发明 专利",
            "实用新型",
            "软件著作权 软著",
            "教材 著作 专著",
        ),
        default="论文",
    ),
    DAY,
    people("作者", ("第一作者", "完成人", "人员")),
    Words("venue", "刊物", also=("期刊", "出版社", "刊名")),
    Number("number", "编号", also=("专利号", "刊号")),
    columns=("no", "title", "sort", "venue", "number", "day", "people", *ENDING),
    same=("title",),
    sums=(Sum("篇（项）", "records"), Sum("人次", "heads")),
    said=("论文", "专利", "发表", "软著", "教材", "期刊"),
    example="发表论文《基于视觉的减速器装配检测》",
)
MEDIA = kind(
    "media",
    "媒体报道",
    Organisation(
        "outlet",
        "媒体",
        needed=True,
        ask="是哪家媒体？",
        bodies=(
            "日报",
            "晚报",
            "晨报",
            "学习强国",
            "新闻网",
            "网",
            "电视台",
            "育人号",
            "先锋",
            "报",
        ),
    ),
    Words(
        "title", "题目", ask="题目是什么？", also=("标题", "名称"), vague=TITLE.vague
    ),
    Day("day", "日期", needed=True, ask="哪一天登出来的？", also=("时间",)),
    Link("link", "链接", also=("网址",)),
    Choice("level", "级别", options=LEVEL.options, ordered=True),
    columns=("no", "day", "outlet", "title", "link", "level", *ENDING),
    sums=(Sum("篇", "records"), Sum("家媒体", "organisations")),
    same=("day", "outlet"),
    said=(
        "报道",
        "日报",
        "晚报",
        "媒体",
        "学习强国推",
        "刊发",
        "上了新闻",
        "登了",
        "推送了",
        "新闻网",
    ),
    example="昨天苏州日报报道了我们技术服务团队",
)
