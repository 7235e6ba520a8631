"""What an answer says: the value, its source, and the edition of the day."""

from datetime import date
from pathlib import Path

import pytest

from bot.rulebook.answer import BEFORE_OURS, Rulebook, answer_question
from bot.rulebook.load import load_rules
from bot.rulebook.search import Index
from bot.rulebook.wording import load_wording

TODAY = date(2026, 11, 23)

TWO_EDITIONS = """
topic = "公示"
[editions.old]
name = "《样例办法》（旧）"
dated = "2014年"
in_force_from = 2014-01-01
in_force_to = 2026-04-30
source = "样例"
scope = "样例"
confidence = "A"
[editions.new]
name = "《样例办法》（新）"
dated = "2026年5月"
in_force_from = 2026-05-01
source = "样例"
scope = "样例"
confidence = "A"
[[rules]]
id = "sample.days"
edition = "old"
value = { days = 3 }
text = "公示 {days} 天。"
about = ["公示 多久"]
forms = ["公示几天"]
[[rules]]
id = "sample.days"
edition = "new"
value = { days = 5 }
text = "公示 {days} 天。"
about = ["公示 多久"]
forms = ["公示几天"]
"""

OF_2014 = BEFORE_OURS.format(before="（2014年版）")
NOT_OURS = BEFORE_OURS.format(before="")


def tell(question: str, today: date = TODAY) -> str:
    found = answer_question(question, today)
    assert found is not None
    return found.text


def test_an_answer_is_the_value_and_then_its_source() -> None:
    assert tell("支部大会多久开一次").splitlines() == [
        "支部党员大会一般每季度开 1 次。",
        "依据：《中国共产党支部工作条例（试行）》第十一条（2018年10月28日起施行）",
    ]


def test_second_hand_is_said() -> None:
    assert tell("公示几天").endswith("（据公开转载的全文，请以正式文件为准）")
    assert "国办函〔2026〕12号" in tell("打卡是不是强制的")
    assert "二手资料" not in tell("打卡是不是强制的")
    assert "二手资料" in tell("群里能不能要求接龙")


def test_lectures_have_no_national_quarterly_number() -> None:
    assert "全国没有查到每季度几次的统一规定" in tell("党课一个季度几次")


def test_an_election_is_not_computed() -> None:
    said = tell("选举赞成票怎么算")
    assert "未核实" in said
    assert "不替支部算谁当选" in said
    assert "没有查到可引用的正式条文" in said


def test_the_leap_day_has_no_official_rule() -> None:
    assert "没有查到正式规定" in tell("2月29日入党的政治生日是哪天")


def test_before_the_text_that_is_on_file_the_answer_says_so() -> None:
    assert tell("公示几天", date(2026, 5, 10)).startswith(OF_2014)
    assert OF_2014 not in tell("公示几天", date(2026, 5, 11))
    assert NOT_OURS not in tell("支部大会多久开一次", date(2018, 10, 28))
    assert NOT_OURS in tell("支部大会多久开一次", date(2018, 10, 27))


@pytest.mark.parametrize(
    ("today", "days", "edition"),
    [
        (date(2014, 1, 1), "3 天", "（旧）"),
        (date(2026, 4, 30), "3 天", "（旧）"),
        (date(2026, 5, 1), "5 天", "（新）"),
    ],
)
def test_the_edition_in_force_answers(
    tmp_path: Path, today: date, days: str, edition: str
) -> None:
    (tmp_path / "sample.toml").write_text(TWO_EDITIONS, "utf-8")
    rules = load_rules(tmp_path)
    found = Rulebook(rules, Index(rules, load_wording())).answer("公示几天", today)
    assert found is not None
    assert days in found.text
    assert edition in found.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("工资8000交多少党费", "120.00 元（按全部基数的 1.5% 计算）"),
        ("税后八千二每月交多少党费", "123.00 元"),
        ("工资1.2万要交多少党费", "240.00 元（按全部基数的 2% 计算）"),
        ("退休金5200交多少党费", "52.00 元（按全部基数的 1% 计算）"),
        ("退休工资五千交多少党费", "25.00 元（按全部基数的 0.5% 计算）"),
        ("年薪制，这个月领了2万，交多少党费", "400.00 元"),
        ("教学生的老师工资6000交多少党费", "90.00 元"),
        ("税前8000交多少党费", "请告诉我税后"),
        ("年薪20万交多少党费", "党费按月算"),
        ("8万一年要交多少党费", "党费按月算"),
        ("一天300块要交多少党费", "上季度的月平均"),
        ("工资八千多交多少党费", "只说一个准数"),
        ("工资3000到5000交多少党费", "只说一个准数"),
        ("党费15元对不对", "每月的收入，还是交的党费"),
        ("我是研究生交多少党费", "0.2 元"),
        ("工资8000不交党费会怎么样", "自行脱党"),
    ],
)
def test_an_income_in_a_question_is_counted(question: str, said: str) -> None:
    assert said in tell(question)


def test_dues_show_base_source_and_never_the_income() -> None:
    said = tell("工资8123交多少党费")
    assert "121.85 元" in said
    assert "相对固定的、经常性的收入（税后）" in said
    assert "补贴等是否计入以本单位组织部门核定为准" in said
    assert "中组发〔2008〕3号" in said
    assert "8123" not in said


@pytest.mark.parametrize(
    ("question", "said", "article"),
    [
        ("接收预备党员表决要多少人赞成", "无记名投票", "第二十条"),
        ("讨论接收预备党员大会要几个人到会", "书面意见不算到会", "第十九条"),
        ("转正票用举手行不行", "是否必须，以上级要求为准", "第三十二条"),
        ("介绍人老赵有处分，行吗", "不能当介绍人", "第十四条"),
        ("六月毕业的还办得了不", "一般不办理", "第十八条"),
        ("她从外校转来的，能缓半年不", "仍从预备期满那天算", "第三十五条"),
        ("总支能不能批预备党员", "不能审批", "第二十二条"),
        ("预审过了，最晚啥时候开大会", "1 个月内", "第十九条"),
        ("发展对象公示几天", "报上级党委同意", "第十三条"),
    ],
)
def test_the_edition_of_2026_is_answered_as_it_reads(
    question: str, said: str, article: str
) -> None:
    answer = tell(question)
    assert said in answer
    assert f"《中国共产党发展党员工作细则》{article}（2026年5月11日起施行）" in answer
    assert answer.endswith("（据公开转载的全文，请以正式文件为准）")
    assert tell(question, date(2026, 5, 10)).startswith(OF_2014)


def test_votes_are_not_the_article_of_who_may_approve() -> None:
    assert "第二十二条" not in tell("接收预备党员表决书面意见算不算票")
