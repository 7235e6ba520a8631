"""A text stands for a passage only if it says the same: measured, and searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.paraphrase import COVERED, LITTLE, SAME, coverage, find_fault
from bot.rulebook.load import load_shipped

MEETING = "支部党员大会一般每季度开 1 次，重要的事要由到会的正式党员表决。"
CLAIM = "差旅报销找李老师，每周三下午在系办公室办，不要带“发票”原件，最多报 500 元。"
TERM = "预备期为一年，从支部大会通过之日算起；需要继续考察的可以延长，但不能超过一年。"
DUTY = "党员应当按时交纳党费，没有正当理由连续六个月不交纳的，按自行脱党处理。"
PASSAGES = sorted({rule.text for rule in load_shipped()})
# Other ways of writing what stands there: 之 is read as 的.
FOLDED = frozenset("".join(many for many, _ in SAME))
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("支部党员大会一般每季度开一次，重要的事要由到会正式党员表决", MEETING),
        ("支部的党员大会一般每个季度开1次。重要的事要由到会正式党员表决", MEETING),
        (
            "差旅报销就找李老师，每周三下午在系办公室办。不要带“发票”原件，至多报500元",
            CLAIM,
        ),
        (
            "咱预备期为1年，从支部大会通过之日算起，需要继续考察可以延长，不能超过1年",
            TERM,
        ),
        ("党员应该按时交党费。没正当理由连续6个月不交的，就按自行脱党处理", DUTY),
    ],
)
def test_the_same_in_other_words(text: str, passage: str) -> None:
    assert find_fault(text, passage) is None


@pytest.mark.parametrize(
    ("text", "passage", "fault"),
    [
        ("", MEETING, "nothing said"),
        (MEETING + MEETING, MEETING, "longer"),
        (MEETING.replace("1", "2"), MEETING, "other facts"),
        (MEETING.replace("季度", "年"), MEETING, "other facts"),
        (MEETING.replace("一般", ""), MEETING, "other facts"),
        (MEETING.replace("要由", "由"), MEETING, "other facts"),
        (MEETING.replace("正式", ""), MEETING, "other facts"),
        (MEETING.replace("正式", "预备"), MEETING, "other facts"),
        (MEETING.replace("。", "？"), MEETING, "other facts"),
        (CLAIM.replace("不要", "要"), CLAIM, "other facts"),
        (CLAIM.replace("500", "5000").replace("，", ""), CLAIM, "other facts"),
        (CLAIM.replace("“发票”", "“车票”"), CLAIM, "other facts"),
        (CLAIM.replace("“", "").replace("”", ""), CLAIM, "other facts"),
        (CLAIM.replace("周三", "周五"), CLAIM, "other facts"),
        (CLAIM.replace("最多", "至少"), CLAIM, "other facts"),
        (CLAIM.replace("李老师", "王老师"), CLAIM, "added words"),
        (CLAIM.replace("差旅", "住宿"), CLAIM, "added words"),
        (TERM.replace("从支部大会通过", "书记说"), TERM, "from nowhere"),
        (TERM.replace("可以", "不可以").replace("但", ""), TERM, "other facts"),
        (TERM.replace("不能", "能"), TERM, "other facts"),
        (TERM.replace("一年，从", "两年，从"), TERM, "other facts"),
        ("党委讨论，报支部审批", "支部讨论，报党委审批", "a clause from nowhere"),
        ("党委先讨论再报支部", "支部先讨论再报党委", "added words"),
        ("报销", "报销找李老师签字，再交系办公室留底", "words left out"),
        (TERM.replace("支部大会", "大会"), TERM, "words left out"),
        (DUTY.replace("正当", ""), DUTY, "words left out"),
        (DUTY.replace("自行", ""), DUTY, "words left out"),
        (DUTY.replace("按时", ""), DUTY, "words left out"),
        (DUTY.replace("六个月", "六月"), DUTY, "other facts"),
    ],
)
def test_what_is_not_the_same(text: str, passage: str, fault: str) -> None:
    assert fault in (find_fault(text, passage) or "")


def test_how_a_clause_is_measured() -> None:
    assert coverage("支部大会", "支部大会每季度开") == 1
    assert coverage("支部的大会", "支部大会每季度开") == 1
    assert coverage("支部开大会", "支部大会每季度开") < COVERED
    assert coverage("书记主持", "支部大会每季度开") == 0


@given(st.sampled_from(PASSAGES))
def test_every_rule_stands_for_itself(passage: str) -> None:
    assert find_fault(passage, passage) is None


@given(st.sampled_from(PASSAGES), st.sampled_from(PASSAGES))
def test_no_rule_stands_for_another(one: str, other: str) -> None:
    assert (find_fault(one, other) is None) == (one == other)


@given(st.sampled_from(PASSAGES), HAN, st.data())
def test_no_character_from_elsewhere_is_put_in(
    passage: str, char: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(passage) - 1))
    text = passage[:at] + char + passage[at + 1 :]
    if char not in passage and char not in LITTLE and char not in FOLDED:
        assert find_fault(text, passage)


@given(st.sampled_from(PASSAGES), st.data())
def test_no_figure_or_negation_is_dropped_or_added(
    passage: str, data: st.DataObject
) -> None:
    weighing = [at for at, char in enumerate(passage) if char in "不未无非0123456789"]
    if weighing:
        at = data.draw(st.sampled_from(weighing))
        assert find_fault(passage[:at] + passage[at + 1 :], passage)
    at = data.draw(st.integers(0, len(passage)))
    for added in "不未无非7":
        spoilt = passage[:at] + added + passage[at:]
        assert find_fault(spoilt, passage + "。。")


@given(st.text(max_size=12), st.text(max_size=12))
def test_nothing_makes_it_stumble(text: str, passage: str) -> None:
    assert find_fault(text, text) in (None, "nothing said")
    if find_fault(text, passage) is None:
        assert len(text) <= len(passage)
