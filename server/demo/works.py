"""Two years of the sample branch's works, told by its people: invented, and marked so.

Each is said to the assistant as anybody would say it, so that every list, sum, page and
paper has something in it. What is marked 样例 was never done by anybody.
"""

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
    ("zhaomin", 698, "设工作室 劳模工作室，王芳牵头，{day}"),
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
    ("wangfang", 380, "带学生拿了样例省技能大赛数控赛项一等奖，{day}"),
    ("liwei", 150, "带学生拿了样例国家技能大赛装配赛项二等奖，{day}"),
    ("liwei", 350, "立项了样例省级课题智能产线数字孪生研究，{day}"),
    ("zhaomin", 620, "登记接待 样例学院 18人，讲解王芳，{day}"),
    ("zhaomin", 400, "登记接待 样例轴承厂 12人，讲解李伟，{day}"),
    ("zhaomin", 180, "登记接待 样例大学 25人，讲解王芳，{day}"),
    ("zhaomin", 40, "登记接待 样例中学 30人，讲解刘洋，{day}"),
    ("wangfang", 330, "登记素材 样例大国工匠修轴记，课程：数控编程，工匠精神"),
    ("liwei", 320, "登记素材 样例减速器国产化，课程：机械设计，报国情怀"),
    ("wangfang", 0, "我今年承诺带两个徒弟（样例）"),
    ("liwei", 0, "我今年承诺讲四次党课（样例）"),
    ("chenjing", 0, "我今年承诺走访六家企业（样例）"),
    ("wangfang", 0, "我交了上个月党费42元"),
    ("liwei", 0, "我交了上个月党费38元"),
)
CALL = "发起征集 样例廉洁文化周，类别：摄影、书画、征文，{day}截止"
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
        demo.world.say(userid, said)
        demo.world.say(userid, YES)


def said_of(today: date) -> Iterator[tuple[str, str]]:
    """Yield who says what."""
    for userid, ago, words in sorted(TOLD, key=lambda each: -each[1]):
        yield userid, words.format(day=_say(today - timedelta(days=ago)))
    yield "zhaomin", CALL.format(day=_say(today + timedelta(days=14)))
    yield from WORKS


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
