"""荣誉、项目、学生获奖: what the branch can show of its work."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import (
    Amount,
    Choice,
    Day,
    Number,
    People,
    Words,
    options,
)
from bot.branch.records.kind import Kind, Move, State, Sum

LEVEL = Choice(
    "level",
    "级别",
    needed=True,
    ask="是什么级别的？",
    also=("等级", "层次"),
    ordered=True,
    options=options(
        "国际级 国际",
        "国家级 国家 全国 国赛 教育部 中央 中国",
        "省部级 省级 省赛 省 部级 江苏 教育厅",
        "市厅级 市级 市赛 市 厅级 苏州",
        "校级 校赛 学校 本校 校",
        "院级 院系 系级 系里 学院里",
    ),
)
GRADE = Choice(
    "grade",
    "等次",
    also=("奖项", "名次"),
    options=options(
        "特等奖 特等",
        "一等奖 一等 金奖 金牌 第一名 冠军",
        "二等奖 二等 银奖 银牌 第二名 亚军",
        "三等奖 三等 铜奖 铜牌 第三名 季军",
        "优秀奖 优胜奖 入围奖",
    ),
)
PROJECT_OF = Choice(
    "serves",
    "归口",
    also=("归属",),
    options=options("筑基项目 筑基", "示范项目 示范", "向阳项目 向阳"),
)
STRENGTH = Choice(
    "strength",
    "七个有力",
    options=options(
        "教育党员有力 教育党员",
        "管理党员有力 管理党员",
        "监督党员有力 监督党员",
        "组织师生有力 组织师生",
        "宣传师生有力 宣传师生",
        "凝聚师生有力 凝聚师生",
        "服务师生有力 服务师生",
    ),
)
TITLE = Words(
    "title",
    "名称",
    needed=True,
    ask="全称是什么？",
    also=("题目", "荣誉名称", "项目名称", "获奖名称"),
    vague=(
        "奖",
        "大奖",
        "比赛",
        "大赛",
        "荣誉",
        "称号",
        "奖项",
        "项目",
        "论文",
        "报道",
        "那篇",
        "一篇",
        "一项",
        "个",
    ),
)
DAY = Day(
    "day",
    "日期",
    needed=True,
    ask="证书或文件上是哪一天？",
    also=("时间", "获奖日期", "公布日期"),
)
PAPER_STATES = (
    State("told", "自报"),
    State("shown", "有佐证"),
    State("checked", "已核实"),
)
CHECKED = (
    Move("shown", ("told",), by=Role.MEMBER, evidence=True),
    Move("checked", ("told", "shown"), ("核实", "审核", "入账"), Role.COMMITTEE),
)
ITEMS = (Sum("项", "records"), Sum("人次", "heads"))
GAINED = (
    *(
        "我们团队",
        "我们",
        "我",
        "带着学生",
        "带学生",
        "指导的学生",
        "指导学生",
        "学生",
        "在",
        "参赛",
        "参加",
    ),
    *(
        "获得了",
        "获得",
        "荣获",
        "获评",
        "获",
        "得了",
        "得到",
        "得",
        "拿到了",
        "拿了",
        "拿到",
        "拿",
        "被评为",
        "被评上",
    ),
    *(
        "被授予",
        "评上",
        "评为",
        "当选",
        "发表了",
        "发表",
        "立项了",
        "立项",
        "获批",
        "主持",
        "一篇论文",
        "一篇",
        "论文",
        "一项",
        "专利",
        "了",
        "的",
    ),
)
GENERAL = ("no", "title", "level", "grade", "issuer", "number", "day", "people")
ENDING = ("serves", "strength", "evidence", "state", "by")


def people(title: str, also: tuple[str, ...] = ("获奖人", "成员", "人员")) -> People:
    return People("people", title, needed=True, speaker=True, also=also)


def kind(name: str, title: str, *fields: object, **more: object) -> Kind:
    """Declare one of this family: what all of them share is said once."""
    return Kind(
        name=name,
        title=title,
        intent="honours",
        beside=Path(__file__),
        fields=(*fields, PROJECT_OF, STRENGTH),  # type: ignore[arg-type]
        states=PAPER_STATES,
        moves=CHECKED,
        word="荣誉",
        one="一项",
        small=GAINED,
        evidence="证书或文件拍照发给我，就有佐证了",
        **{"sums": ITEMS, "same": ("title", "level"), **more},  # type: ignore[arg-type]
    )


HONOUR = kind(
    "honour",
    "荣誉",
    TITLE,
    LEVEL,
    GRADE,
    DAY,
    people("获奖人"),
    Words("issuer", "授予单位", also=("颁发单位", "发证单位")),
    Number("number", "文号", also=("证书编号", "编号")),
    columns=(*GENERAL, *ENDING),
    said=("荣誉", "称号", "优秀", "先进", "劳模", "科技副总", "表彰"),
    example="我被评为省优秀共产党员",
)
PROJECT = kind(
    "project",
    "项目",
    TITLE,
    LEVEL,
    DAY,
    Day("until", "结题日期", ahead=True, also=("截止", "结题时间")),
    people("负责人和成员", ("成员", "人员", "负责人")),
    Amount("fund", "经费", unit="万元", units={"万元": 1, "万": 1}, also=("金额",)),
    Number("number", "编号", also=("项目编号", "文号")),
    Words("source", "来源", also=("项目来源", "立项单位")),
    columns=(
        "no",
        "title",
        "number",
        "source",
        "level",
        "fund",
        "day",
        "until",
        "people",
        *ENDING,
    ),
    sums=(Sum("项", "records"), Sum("人次", "heads"), Sum("万元", "total")),
    said=("项目", "课题", "立项"),
    example="立项了省级课题智能产线数字孪生研究",
)
AWARD = kind(
    "award",
    "学生获奖",
    TITLE,
    LEVEL,
    GRADE,
    DAY,
    people("指导教师", ("老师", "指导老师")),
    People("students", "学生", outsiders=True, counted=False, also=("获奖学生",)),
    Number("number", "证书编号", also=("编号",)),
    columns=(
        "no",
        "title",
        "level",
        "grade",
        "students",
        "people",
        "day",
        "number",
        *ENDING,
    ),
    said=("学生", "技能大赛", "毕业设计"),
    example="带学生拿了省技能大赛数控赛项一等奖",
)
