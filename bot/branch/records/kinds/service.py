"""技术服务、志愿服务: what members did for companies and people outside."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import (
    Amount,
    Choice,
    Day,
    Number,
    Organisation,
    People,
    Words,
    options,
)
from bot.branch.records.kind import Kind, Move, State, Sum

SERVICE = Kind(
    name="service",
    title="服务",
    intent="service",
    beside=Path(__file__),
    one="一次",
    fields=(
        Day("day", "日期", needed=True, today=True, also=("时间", "服务日期")),
        Organisation(
            "company",
            "服务对象",
            needed=True,
            ask="去的是哪家企业（或者社区、学校）？",
            also=("企业", "单位", "公司", "哪家", "服务单位", "企业名称"),
            spared=("sort", "志愿服务"),
        ),
        People("people", "人员", needed=True, speaker=True, also=("参加人员", "人")),
        Amount(
            "hours",
            "时长",
            needed=True,
            ask="每人用了多久？例：半天、3小时。",
            also=("工时", "每人工时", "用时"),
            unit="小时",
            units={"分钟": 1 / 60, "小时": 1, "h": 1, "钟头": 1, "学时": 1, "天": 8},
            each=True,
            most=240,
        ),
        Choice(
            "sort",
            "类别",
            options=options(
                "技术服务 技术 调试 维修 编程 排故 故障 攻关 改造 安装 检修 设备 机床",
                "培训 讲课 授课 上课",
                "咨询 诊断 论证",
                "志愿服务 志愿 义务 义工 敬老院 社区 慰问 看望 探望 老党员 老同志 植树"
                " 打扫 劝导",
                "讲解 宣讲",
            ),
            default="技术服务",
        ),
        Choice(
            "paid",
            "有偿无偿",
            options=options("无偿 免费 义务 不收钱", "有偿 收费 合同 付费 横向"),
            default="无偿",
        ),
        Words("what", "内容", ask="做了些什么？", also=("事项", "服务内容")),
        Number("contract", "合同号"),
        Words("confirmed", "企业确认"),
        Words("opinion", "企业意见", also=("对方意见",)),
    ),
    columns=(
        *("no", "day", "company", "what", "people", "heads", "hours", "total"),
        *("sort", "paid", "contract", "confirmed", "opinion", "state", "evidence"),
        "by",
    ),
    sums=(
        Sum("次", "records"),
        Sum("人次", "heads"),
        Sum("工时", "total"),
        Sum("家单位", "organisations"),
    ),
    states=(
        State("told", "自报"),
        State("confirmed", "企业已确认"),
        State("entered", "已入账"),
    ),
    moves=(
        Move("confirmed", ("told",), by=Role.MEMBER, evidence=True),
        Move(
            "entered", ("told", "confirmed"), ("核实", "入账", "审核"), Role.COMMITTEE
        ),
    ),
    same=("day", "company"),
    apart="paid",
    example="今天去万盛机械调试设备半天",
    evidence="有企业盖章的单子或照片，现在发给我就行",
)
