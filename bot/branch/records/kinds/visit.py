"""参观接待: who comes, and who came: 批次 and 人次 apart, only real heads counted."""

from pathlib import Path

from bot.branch.records.fields import (
    Amount,
    Choice,
    Day,
    Organisation,
    People,
    Phone,
    Words,
    options,
)
from bot.branch.records.kind import Kind, Move, State, Sum

HALF_A_YEAR = 183
BODIES = (
    *("学院", "大学", "学校", "职大", "职院", "纺院", "公司", "集团", "厂"),
    *("支部", "总支", "党委", "教育厅", "教育局", "街道", "社区"),
)
"""What the name of a body that comes to see us ends in."""
PERSONS = {"个人": 1, "人": 1, "位": 1, "名": 1, "个": 1}

VISIT = Kind(
    name="visit",
    title="参观接待",
    intent="visit",
    beside=Path(__file__),
    one="一批",
    word="接待",
    fields=(
        Day(
            "day",
            "日期",
            needed=True,
            ahead=True,
            ask="哪天来？",
            also=("时间", "来访日期"),
        ),
        Organisation(
            "company",
            "来访单位",
            needed=True,
            ask="是哪个单位来？",
            also=("单位",),
            bodies=BODIES,
        ),
        Amount(
            "real",
            "实到人数",
            unit="人",
            units=PERSONS,
            also=("实到", "人数"),
            most=2000,
        ),
        Amount("booked", "预约人数", unit="人", also=("预计人数", "约"), most=2000),
        Choice(
            "sort",
            "类别",
            options=options(
                "上级 教育厅 市委 省厅 教育局 领导",
                "院校 学院 大学 学校 职院 职大 纺院 中学",
                "企业 公司 厂 机械 模具 精密 科技 轴承 阀门",
                "学生 新生",
                "社区 街道",
                "兄弟支部 支部 总支 党委",
            ),
            default="院校",
        ),
        People("people", "讲解", ask="谁讲解？", also=("讲解员",), counted=False),
        Words("what", "事由", also=("来意",)),
        Words("place", "地点", also=("场所", "路线")),
        Choice("part", "时段", options=options("上午 早上", "下午", "全天")),
        Words("opinion", "意见", also=("来访意见",)),
        Words("answer", "答复"),
        Phone("contact", "联系电话", also=("联系人电话",), private=HALF_A_YEAR),
    ),
    columns=(
        *("no", "day", "part", "company", "sort", "booked", "real", "what", "people"),
        *("place", "opinion", "state", "by"),
    ),
    sums=(Sum("批次", "records"), Sum("人次", "total")),
    states=(
        State("booked", "已约", counts=False),
        State("received", "已接待"),
        State("off", "取消", counts=False),
        State("asked", "待确认", counts=False),
    ),
    moves=(
        Move("received", ("booked",), ("到了", "已接待")),
        Move("off", ("booked", "asked"), ("取消", "不来了")),
        Move("asked", ("booked",)),
        Move("booked", ("asked",)),
    ),
    same=("day", "company"),
    small=("来", "接待了", "接待", "能不能接", "能接不", "参观", "，", ","),
    example="下周二金华职院来20个人参观",
)
