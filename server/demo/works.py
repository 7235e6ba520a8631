"""Two years of the sample branch's works, told by its people: invented, and marked so.

Each is said to the assistant as anybody would say it, so that every list, sum, page and
paper has something in it. What is marked 样例 was never done by anybody.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Protocol

from server.twin.world import World

YES = "确认"
# Who says it, how many days ago it was, and the words; {day} is that day.
TOLD: tuple[tuple[str, int, str], ...] = (
    (
        "zhaomin",
        700,
        "设先锋岗 样例数控岗，王芳，场所：数控实训室，职责：设备点检，{day}",
    ),
    (
        "zhaomin",
        699,
        "设先锋岗 样例装配岗，李伟，场所：装配实训室，职责：带学生，{day}",
    ),
    *(
        (
            "zhaomin",
            698,
            f"设先锋岗 样例{post}岗，{who}，场所：{post}实训室，职责：{duty}，{{day}}",
        )
        for post, who, duty in (
            ("焊接", "刘洋", "安全巡查"),
            ("铸造", "周涛", "设备点检"),
            ("检测", "孙丽", "样件复核"),
            ("传动", "吴强", "带学生"),
            ("钳工", "郑洁", "工具管理"),
            ("机器人", "冯晨", "开放日讲解"),
            ("电控", "端木蕊", "接线检查"),
            ("模具", "陈静", "图纸归档"),
            ("液压", "赵敏", "设备点检"),
            ("仿真", "王芳", "素材整理"),
            ("增材", "李伟", "耗材管理"),
            ("视觉", "刘洋", "带学生"),
            ("产线", "冯晨", "安全巡查"),
            ("测绘", "郑洁", "图纸归档"),
        )
    ),
    ("zhaomin", 698, "设工作室 劳模工作室，王芳牵头，方向：样例夹具改造，{day}"),
    ("zhaomin", 697, "设工作室 书记工作室，赵敏牵头，方向：样例谈心答疑，{day}"),
    ("zhaomin", 696, "设工作室 博士工作室，端木蕊牵头，方向：样例数字孪生，{day}"),
    ("wangfang", 690, "登记服务 {day} 去样例机械调试设备半天"),
    ("liwei", 655, "登记服务 {day} 去样例轴承厂培训操作工3小时"),
    ("liuyang", 610, "登记服务 {day} 去样例社区志愿服务2小时"),
    ("wangfang", 560, "登记服务 {day} 去样例轴承厂排故一天"),
    ("chenjing", 500, "登记服务 {day} 去样例敬老院志愿服务半天"),
    ("liwei", 430, "登记服务 {day} 去样例机械改造夹具一天"),
    ("wangfang", 365, "登记服务 {day} 去样例阀门公司调试机床半天"),
    ("liuyang", 300, "登记服务 {day} 去样例社区志愿服务3小时"),
    ("liwei", 210, "登记服务 {day} 去样例轴承厂调试设备一天"),
    ("wangfang", 120, "登记服务 {day} 去样例机械编程培训4小时"),
    ("chenjing", 60, "登记服务 {day} 去样例社区志愿服务半天"),
    ("wangfang", 25, "登记服务 {day} 去样例阀门公司检修设备半天"),
    ("wangfang", 640, "登记荣誉 样例省教学能力大赛一等奖省教育厅，{day}"),
    ("liwei", 420, "登记荣誉 样例市优秀共产党员称号，{day}"),
    ("chenjing", 200, "登记荣誉 样例校级先进工作者称号，{day}"),
    ("liwei", 500, "我被评为样例省科技副总，{day}"),
    ("wangfang", 450, "登记荣誉 样例省教学成果奖特等奖省教育厅，{day}"),
    ("zhaomin", 410, "登记荣誉 样例国家级教学创新团队，{day}"),
    ("zhaomin", 390, "登记荣誉 样例省党建工作创新奖三等奖省教育厅，{day}"),
    ("liwei", 260, "样例日报报道了我们技术服务团队，{day}"),
    ("zhaomin", 130, "光明日报报道了我们支部（样例），{day}"),
    ("duanmurui", 230, "登记论文 样例基于视觉的减速器装配检测，{day}"),
    ("wangfang", 380, "带学生拿了样例省技能大赛数控赛项一等奖，{day}"),
    ("liwei", 150, "带学生拿了样例国家技能大赛装配赛项二等奖，{day}"),
    ("liwei", 350, "立项了样例省级课题智能产线数字孪生研究，{day}"),
    ("zhaomin", 620, "登记接待 样例学院 18人，讲解王芳，{day}"),
    ("zhaomin", 400, "登记接待 样例轴承厂 12人，讲解李伟，{day}"),
    ("zhaomin", 180, "登记接待 样例大学 25人，讲解王芳，{day}"),
    ("zhaomin", 520, "登记接待 样例机械 150人，讲解李伟，{day}"),
    ("zhaomin", 450, "登记接待 样例职业学院 180人，讲解王芳，{day}"),
    ("zhaomin", 340, "登记接待 样例研究院 160人，讲解端木蕊，{day}"),
    ("zhaomin", 250, "登记接待 样例教育厅 120人，讲解赵敏，{day}"),
    ("zhaomin", 100, "登记接待 样例阀门公司 190人，讲解李伟，{day}"),
    ("zhaomin", 40, "登记接待 样例中学 30人，讲解刘洋，{day}"),
    ("wangfang", 330, "登记素材 样例大国工匠修轴记，课程：数控编程，工匠精神"),
    ("liwei", 320, "登记素材 样例减速器国产化，课程：机械设计，报国情怀"),
    ("wangfang", 0, "我今年承诺带两个徒弟（样例）"),
    ("liwei", 0, "我今年承诺讲四次党课（样例）"),
    ("chenjing", 0, "我今年承诺走访六家企业（样例）"),
    ("wangfang", 0, "我交了上个月党费42元"),
    ("liwei", 0, "我交了上个月党费38元"),
)
CHECKLISTS = (
    "设清单 五个一：党性体检；谈心谈话；咬耳扯袖；读一本书（样例）；"
    "讲一次微党课（样例）",
    "设清单 七个一：读一本红书（样例）；践行一次承诺；听一次课；带一名徒弟；志愿服务；"
    "走访一家企业；写一篇心得",
)
"""Only the first three of 五个一 are on record; all else is invented."""
TALKS = (
    ("chenjing", 45, "和李伟谈心了，{day}，记一下", "liwei"),
    ("zhaomin", 40, "和王芳谈心了，{day}，记一下", "wangfang"),
    ("zhaomin", 35, "和陈静谈心了，{day}，记一下", "chenjing"),
    ("liuyang", 30, "和郑洁谈心了，{day}，记一下", "zhengjie"),
)
MARKS = (("wangfang", "党性体检"), ("liwei", "党性体检"), ("chenjing", "咬耳扯袖"))
BULLETIN = "{day}出个简报"
CONCERN = "反映一下，样例实训室的空调坏了"
MARKED = (
    ("zhoutao", ((36, 28, 26), (33, 26, 24), (35, 27, 25))),
    ("sunli", ((35, 28, 27), (34, 25, 24), (34, 27, 25))),
)
NUMBER = re.compile(r"第 (\d+)")
CALL = "发起征集 样例廉洁文化周，类别：摄影、书画、征文，评委：周涛、孙丽，{day}截止"
NEXT_CALL = "发起征集 样例工匠身影，类别：摄影、微视频，{day}截止"
WORKS = (
    ("wangfang", "投稿 摄影《样例清风》，没有人像，网上也可以"),
    ("liwei", "投稿 书画《样例正气歌》，没有人像，只在校内"),
    ("chenjing", "投稿 征文《样例家风》，网上也可以"),
)


class Talker(Protocol):
    """Where one talks to the assistant."""

    world: World


def tell_works(demo: Talker, today: date) -> None:
    """Have everybody tell what was done, the oldest first, each with a yes."""
    for userid, said in said_of(today):
        _tell(demo, userid, said)
    for said in CHECKLISTS:
        _tell(demo, "zhaomin", said)
    for userid, item in MARKS:
        _tell(demo, userid, f"五个一 {item} 完成")
    for userid, ago, words, other in TALKS:
        number = _tell(demo, userid, words.format(day=_say(today - timedelta(ago))))
        demo.world.say(other, f"谈过 {number}")
    _tell(demo, "zhaomin", BULLETIN.format(day=_say(today - timedelta(25))))
    demo.world.say("wangfang", CONCERN)
    number = _tell(demo, "wangfang", "1")
    demo.world.say("zhaomin", f"受理诉求 {number}")
    _tell(demo, "zhaomin", f"回复诉求 {number} （样例）已报修，换了新的")
    demo.world.say("wangfang", f"满意 {number}")


def judge_works(demo: Talker, today: date) -> None:
    """Have the works passed, judged and awarded; then the next call is open."""
    _tell(demo, "zhaomin", "作品形式审查全部通过")
    _tell(demo, "zhaomin", "开始盲评")
    for userid, marks in MARKED:
        for number, (theme, art, fresh) in enumerate(marks, 1):
            said = f"{number}号 主题{theme} 艺术{art} 创新{fresh}"
            demo.world.say(userid, said)
    _tell(demo, "zhaomin", "按这个定奖")
    _tell(demo, "zhaomin", NEXT_CALL.format(day=_say(today + timedelta(days=25))))


def announce_works(demo: Talker, _today: date) -> None:
    """Have the result announced, once it was open to objections long enough."""
    demo.world.say("zhaomin", "公布作品结果")


def _tell(demo: Talker, userid: str, said: str) -> str:
    """Say something, and yes to it; return the number that it got."""
    demo.world.say(userid, said)
    found = NUMBER.search(demo.world.say(userid, YES).text)
    return found[1] if found else ""


def said_of(today: date) -> Iterator[tuple[str, str]]:
    """Yield who says what."""
    for userid, ago, words in sorted(TOLD, key=lambda each: -each[1]):
        yield userid, words.format(day=_say(today - timedelta(days=ago)))
    yield "zhaomin", CALL.format(day=_say(today + timedelta(days=1)))
    yield from WORKS


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
