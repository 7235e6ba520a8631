"""作品: an entry for a call, with what may be shown of it and to whom."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records.fields import Choice, Day, Link, People, Words, options
from bot.branch.records.kind import Kind, Move, Sees, State, Sum

PHOTO, PAINTING, VIDEO, ESSAY = "摄影", "书画", "微视频", "征文"
EVERYWHERE, INSIDE, NOWHERE = "网上也可以", "只在校内", "不展示"
NOBODY, AGREED, UNASKED = "没有人像", "都同意了", "还没问"
LONGEST_STATEMENT = 200

WORK = Kind(
    name="work",
    title="作品",
    intent="submit_work",
    beside=Path(__file__),
    one="一件",
    fields=(
        Words(
            "title",
            "题目",
            needed=True,
            ask="作品叫什么？",
            also=("作品名称", "名称"),
            longest=60,
        ),
        Words("call", "征集", longest=60),
        Choice(
            "sort",
            "类别",
            needed=True,
            ask="是哪一类？",
            options=options(
                f"{PHOTO} 照片 拍 相片",
                f"{PAINTING} 书法 绘画 国画 篆刻 剪纸 漫画",
                f"{VIDEO} 视频 短片 动画",
                f"{ESSAY} 文章 散文 诗 随笔 心得",
            ),
        ),
        Choice(
            "award",
            "奖项",
            options=options("特等奖", "一等奖", "二等奖", "三等奖", "优秀奖"),
            ordered=True,
        ),
        Choice(
            "group", "组别", options=options("教工组", "学生组 学生"), default="教工组"
        ),
        Choice(
            "show",
            "展示",
            needed=True,
            ask="获奖不获奖都可能展出，同意吗？（随时可以改）",
            options=options(
                f"{EVERYWHERE} 可以展示 同意展示 都可以 公开",
                f"{INSIDE} 校内 别往外网放 别放网上 不上网 别上网",
                f"{NOWHERE} 不展 别展 不同意展示 不要展示",
            ),
        ),
        Choice(
            "portrait",
            "人像",
            needed=True,
            ask="里面有认得出的人吗，本人同意展示吗？",
            options=options(
                f"{NOBODY} 没有人 没人像 没人 无人像",
                f"{AGREED} 征得同意 本人同意 已经同意 都同意",
                f"{UNASKED} 没问过 还没问过",
            ),
        ),
        Choice(
            "ai",
            "AI",
            options=options("没用 没用AI 未用AI 没有用AI", "用了 用了AI 用AI"),
            default="没用",
        ),
        Words("statement", "说明", also=("作品说明",), longest=LONGEST_STATEMENT),
        People("people", "作者", needed=True, speaker=True, outsiders=True, most=10),
        People("tutor", "指导教师", outsiders=True, counted=False, most=3),
        Day("day", "交稿日期", today=True),
        Link("link", "链接", also=("网盘",)),
    ),
    columns=(
        *("no", "call", "group", "sort", "title", "people", "tutor", "award", "show"),
        *("portrait", "ai", "statement", "link", "day", "state"),
    ),
    sums=(Sum("件", "records"), Sum("人次", "heads")),
    states=(
        State("told", "已收"),
        State("checked", "形式审查通过"),
        State("judged", "已评"),
        State("shown", "展出中"),
        State("down", "已撤展"),
        State("back", "退回修改", counts=False, returned=True),
    ),
    moves=(
        Move("checked", ("told",)),
        Move("back", ("told", "checked")),
        Move("told", ("back", "checked")),
        Move("judged", ("checked",)),
        Move("checked", ("judged",)),
        Move("shown", ("judged", "down")),
        Move("down", ("shown",)),
    ),
    sees=Sees.PARTIES,
    seen_by=("纪检",),
    told_by=Role.MEMBER,
    small=(
        *("我拍了一张", "我拍了张", "我画了一幅", "我写了一篇", "我交一份", "交一份"),
        *("提交", "投稿", "交", "投", "上交", "我的", "作品", "廉洁文化周", "廉洁周"),
        *("一幅", "一篇", "一张", "一个", "一件", "的", "：", ":"),
    ),
    example="投稿 摄影《清风徐来》，没有人像，网上也可以",
)
