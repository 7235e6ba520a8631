"""三链课程、课程思政: what a course can use, found by a question."""

from pathlib import Path

from bot.branch.records.fields import Choice, Day, Link, People, Words, options
from bot.branch.records.kind import Kind, Sum

RESOURCE = Kind(
    name="resource",
    title="课程思政素材",
    intent="resource",
    beside=Path(__file__),
    one="一份",
    word="素材",
    few=True,
    fields=(
        Words(
            "title", "名称", needed=True, ask="素材叫什么？", also=("案例名称", "题目")
        ),
        Words("course", "课程", needed=True, ask="哪门课用的？", also=("课程名称",)),
        Choice(
            "element",
            "元素",
            needed=True,
            ask="属于哪种思政元素？",
            also=("思政元素",),
            options=options(
                "报国情怀 报国 家国", "时代风尚 时代", "工程伦理 伦理", "工匠精神 工匠"
            ),
        ),
        Choice(
            "sort",
            "类型",
            options=options(
                "案例", "视频 录像 微课", "课件 PPT ppt", "文章", "图片 照片"
            ),
            default="案例",
        ),
        Choice(
            "license",
            "授权",
            options=options("本支部用", "本校可用 别的学院 全校", "公开"),
            default="本支部用",
        ),
        Words("chapter", "章节"),
        People("people", "作者", needed=True, speaker=True),
        Day("day", "日期", needed=True, today=True),
        Link("link", "链接", also=("网址",)),
    ),
    columns=(
        *("no", "course", "chapter", "element", "title", "sort", "people", "license"),
        *("link", "day"),
    ),
    sums=(Sum("份", "records"),),
    same=("title", "course"),
    small=("上传", "传一个", "登记", "一份", "素材", "一个", "案例", "：", ":"),
    example="登记素材 大国工匠修轴记，课程：数控编程，工匠精神",
    evidence="有图片的话现在发给我就行",
)
