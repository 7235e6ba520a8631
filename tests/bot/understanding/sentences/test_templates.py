"""Sentences read whole: slots, gaps, pieces; the most literal one; own words."""

import pytest

from bot.branch.people.members import Role
from bot.command import Command, command
from bot.text.phrases import Line, Phrases
from bot.understanding.reading import Understanding
from bot.understanding.sentences.form import read_form
from bot.understanding.sentences.templates import Sentence, Templates
from bot.understanding.text import normalise


def offer(intent: str, *templates: str, role: Role = Role.MEMBER) -> Command:
    every = [Line(text, "a.phrases", n) for n, text in enumerate(templates, 1)]
    lines = tuple(each for each in every if not each.text.startswith("! "))
    nevers = tuple(
        Line(each.text[2:], each.file, each.number)
        for each in every
        if each.text.startswith("! ")
    )
    pieces = {"drop": "(取消|删掉|去掉)", "write": "(登记|补<again>)", "again": "登"}
    phrases = Phrases(templates=lines, nevers=nevers, pieces=pieces)
    return command(intent, help="", phrases=phrases, role=role)(lambda _: "")


def find(text: str, *commands: Command, role: Role = Role.SECRETARY) -> Sentence | None:
    return Templates(commands).find(normalise(text), role)


TRAINING = offer("training", "给{who}<write>[一下|一次]培训[ ]{rest}")


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("给王芳登记培训 昨天半天", {"who": "王芳", "rest": "昨天半天"}),
        ("麻烦您给王芳、李伟补登一次培训：昨天", {"who": "王芳、李伟", "rest": "昨天"}),
        ("给 王芳 登记 培训，ABC", {"who": "王芳", "rest": "ABC"}),
    ],
)
def test_slots_are_as_typed(text: str, slots: dict[str, str]) -> None:
    found = find(text, TRAINING)
    assert found
    assert found.slots == slots


@pytest.mark.parametrize(
    "text",
    [
        "给王芳登记",
        "假如给王芳登记培训 昨天",
        "老张说给王芳登记培训 昨天",
        "给王芳登记培训",
    ],
)
def test_it_is_read_whole_or_not_at_all(text: str) -> None:
    assert find(text, TRAINING) is None


def test_a_gap_is_wanted_where_one_is_written() -> None:
    noted = offer("note", "记 {rest}")
    assert find("记 买书", noted)
    assert find("记：买书", noted)
    assert find("记买书", noted) is None


def test_a_time_begins_with_a_time() -> None:
    moved = offer("move", "改到{when}发")
    assert find("改到明早九点发", moved)
    assert find("改到王芳发", moved) is None
    quiet = offer("quiet", "别发[{day}]")
    found = find("别发谢谢", quiet)
    assert found
    assert found.slots == {}


def test_a_run_of_times_is_nothing_else() -> None:
    told = offer("told", "{when=times}提醒{task}")
    found = find("请在每周五下午提醒交表", told)
    assert found
    assert found.slots == {"when": "请在每周五下午", "task": "交表"}
    assert found.task == "交表"
    assert find("王芳每周五下午提醒交表", told) is None
    assert find("每周五下午的提醒交表", told) is None


def test_an_example_word_for_word_is_of_its_own_intent() -> None:
    mine = offer("mine", "{when=times}提醒{task}")
    phrases = Phrases(examples=(Line("每周五提醒大家"),))
    theirs = command("theirs", help="", phrases=phrases)(lambda _: "")
    assert find("每周五提醒大家交表", mine, theirs)
    assert find("每周五提醒大家。", mine, theirs) is None


def test_a_time_is_no_thing_and_says_nothing_else() -> None:
    moved = offer("move", "把{what=matter}改到{when}")
    found = find("把例会改到明年5月20日", moved)
    assert found
    assert found.around.strip(",") == "例会"
    assert find("把明天改到后天", moved) is None


def test_a_span_says_a_time_or_how_long_and_nothing_that_is_sent() -> None:
    quiet = offer("quiet", "{span}[ ]别发")
    for text in ("到周五别发", "三天别发", "我开会呢，两小时内别发", "这几天别发"):
        assert find(text, quiet), text
    for text in ("王芳的祝福别发", "明早那个提醒别发", "乱七八糟的别发"):
        assert find(text, quiet) is None, text


def test_hours_are_of_every_day() -> None:
    quiet = offer("quiet", "{hours}别发")
    assert find("晚上八点以后别发", quiet)
    assert find("十点以后别发", quiet)
    assert find("今晚八点以后别发", quiet) is None
    assert find("周末别发", quiet) is None


def test_a_person_is_one_name_and_says_nothing_by_itself() -> None:
    gone = offer("gone", "{person}走了")
    for name in ("孙丽", "李明", "莫言", "买买提·依明"):
        found = find(f"{name}走了", gone)
        assert found
        assert found.slots == {"person": name}
        assert not found.around.strip(",")
    for text in ("大家走了", "孙丽要走了", "李伟 孙丽走了", "会议走了"):
        assert find(text, gone) is None, text
    found = find("听说孙丽走了", gone)
    assert found is None or "听说" in found.around


def test_letters_are_those_that_the_clock_writes() -> None:
    quiet = offer("quiet", "别发{letters}提醒")
    found = find("别发节点提醒", quiet)
    assert found
    assert found.slots == {"letters": "节点"}
    assert find("别发喝水提醒", quiet) is None


def test_what_shows_and_records_is_meant_only_as_an_order() -> None:
    reads = Understanding([offer("quiet", "[{span}]别发{letters}提醒")])
    assert reads.read("三天别发学习提醒").meant
    assert not reads.read("王芳说三天别发学习提醒").meant


def test_a_slot_of_given_words_says_which() -> None:
    found = find("李伟的祝福照常发", offer("greet", "{name}的祝福{how:照常|先别}发"))
    assert found
    assert found.slots == {"name": "李伟", "how": "照常"}
    assert found.own == "的祝福照常发"


def test_the_most_literal_wins_and_first_what_one_may() -> None:
    wide, narrow = offer("wide", "删掉{what}"), offer("narrow", "删掉{what}提醒")
    barred = offer("barred", "删掉{what}的提醒", role=Role.SECRETARY)
    for both in ((wide, narrow), (narrow, wide)):
        found = find("删掉周报的提醒吧", *both)
        assert found
        assert found.template.intent == "narrow"
    found = find("删掉周报的提醒", narrow, barred, role=Role.MEMBER)
    assert found
    assert found.template.intent == "narrow"
    found = find("删掉周报的提醒", narrow, barred)
    assert found
    assert found.template.intent == "barred"


def test_what_an_intent_never_means_is_not_its_own() -> None:
    mine = offer("mine", "<drop>{what}[的]提醒", "! <drop>[{what}]学习[的]提醒")
    found = find("删掉周报的提醒", mine)
    assert found
    assert found.slots == {"what": "周报"}
    assert find("取消学习提醒", mine) is None
    assert find("删掉小组学习的提醒吧", mine) is None
    ours = offer("ours", "<drop>{what}提醒")
    found = find("取消学习提醒", mine, ours)
    assert found
    assert found.template.intent == "ours"


def test_a_thing_is_not_what_follows_something_done() -> None:
    mine = offer("mine", "<drop>{what=topic}的提醒")
    assert find("取消过年的提醒", mine)
    assert find("取消了周报的提醒", mine) is None
    assert find("删掉过周报的提醒", mine) is None


def test_lines_passed_over_are_not_tried() -> None:
    templates = Templates([TRAINING])
    said = normalise("给王芳登记培训 昨天")
    found = templates.find(said, Role.SECRETARY)
    assert found
    assert templates.find(said, Role.SECRETARY, [found.template.line]) is None


def test_around_are_neither_own_nor_free_words() -> None:
    found = find("麻烦请给王芳登记培训 不知道谁来", TRAINING)
    assert found
    assert found.around.replace(",", "") == "王芳"
    assert found.free == "不知道谁来"


def test_a_time_in_its_slot_tells_only_when() -> None:
    moved = offer("move", "把{day}的学习改成{rest}")
    found = find("把下周三如果有空的学习改成看片", moved)
    assert found
    assert found.around.replace(",", "") == "如果有空"


def test_a_time_may_be_wanted_alone() -> None:
    dropped = offer("drop", "取消{day=time}[的学习]")
    found = find("取消下周三的学习", dropped)
    assert found
    assert found.slots == {"day": "下周三"}
    assert find("取消下周三的提醒", dropped) is None


def test_words_may_begin_with_a_time() -> None:
    plan = offer("plan", "学习安排 {dated}")
    found = find("学习安排：周一 党史；周二 党章", plan)
    assert found
    assert found.slots == {"dated": "周一 党史；周二 党章"}
    assert find("学习安排：党史", plan) is None


def test_of_two_as_literal_the_higher_office_counts() -> None:
    own = offer("own", "登记党课 {rest}")
    held = offer("held", "登记{name}", "登记党课 {rest}", role=Role.SECRETARY)
    for both in ((own, held), (held, own)):
        found = find("登记党课 昨天", *both)
        assert found
        assert found.template.intent == "held"


def test_who_may_not_means_something_else_by_a_line_that_yields() -> None:
    lines = (Line("{day}不学了", "a.phrases", 1, yields=True),)
    plan = command("plan", help="", phrases=Phrases(templates=lines), role=Role.LEADER)
    assert find("周三不学了", plan(lambda _: ""), role=Role.LEADER)
    assert find("周三不学了", plan(lambda _: ""), role=Role.MEMBER) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(a|b", "left open"),
        ("a)b", "closed"),
        ("{nobody}走了", "kind nobody"),
        ("<none>走", "<none>"),
        ("[走]{rest}", "no word of its own"),
        ("{who", "not to be read"),
    ],
)
def test_a_wrong_template_is_a_fault(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_form(text, {}, "")


def test_a_fault_is_told_by_its_line() -> None:
    with pytest.raises(ValueError, match=r"a.phrases:2"):
        Templates([offer("x", "走了{rest}", "(a")])


CHANGED = offer("reword", "(修改|改)祝福[ ]{who} {text}", "{name}的祝福改成[ ]{text}")


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("修改祝福 王芳 感谢 您", {"who": "王芳", "text": "感谢 您"}),
        ("修改 祝福：李 伟的 祝福 您", {"who": "李", "text": "伟的 祝福 您"}),
        ("王 芳 的祝福 改成 ：感谢您", {"name": "王 芳", "text": "感谢您"}),
    ],
)
def test_white_space_parts_slots_and_no_words(text: str, slots: dict[str, str]) -> None:
    found = find(text, CHANGED)
    assert found
    assert found.slots == slots


@pytest.mark.parametrize(
    "name",
    [
        "我们",
        "大家",
        "听说王芳",
        "昨天王芳",
        "我妈妈",
        "先不要给王芳",
        "假如欧阳静",
        "王芳没",
    ],
)
def test_what_says_more_is_no_name(name: str) -> None:
    assert find(f"{name}的祝福改成：好", CHANGED) is None


@pytest.mark.parametrize("name", ["赵明", "莫言", "欧阳明", "卞荷"])
def test_a_name_says_nothing(name: str) -> None:
    found = find(f"{name}的祝福改成：好", CHANGED)
    assert found
    assert found.slots["name"] == name
    assert found.around.strip(",:") == ""


def test_what_is_asked_is_a_question() -> None:
    asked = offer("see", "{name}的祝福{asked}")
    found = find("王芳的祝福写的什么", asked)
    assert found
    assert found.slots == {"name": "王芳", "asked": "写的什么"}
    assert find("王芳的祝福写得好", asked) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [("王芳的祝福改成什么好", "什么好"), ("王芳的祝福改成：少了什么都不行", "")],
)
def test_what_is_told_after_a_colon_is_not_judged(text: str, told: str) -> None:
    found = find(text, CHANGED)
    assert found
    assert (found.free, found.told) == ("", told)
    assert "什么" not in found.around


def test_what_is_there_is_told_by_who_knows() -> None:
    dropped = offer("drop", "删掉{own}[了]")
    said, asked = normalise("删掉 建校日吧"), list[tuple[str, str]]()

    def known(intent: str, words: str) -> bool:
        asked.append((intent, words))
        return words == "建校日"

    found = Templates([dropped]).find(said, Role.MEMBER, known=known)
    assert found
    assert found.slots == {"own": "建校日"}
    assert asked == [("drop", "建校日")]
    assert Templates([dropped]).find(said, Role.MEMBER) is None
    other = normalise("删掉周报")
    assert Templates([dropped]).find(other, Role.MEMBER, known=known) is None


@pytest.mark.parametrize("text", ["我们的祝福改成：好", "大家的祝福改成：好"])
def test_nobody_is_called_we_or_all(text: str) -> None:
    assert find(text, CHANGED) is None


TELL = offer("tell", "通知{audience}:{text}", "通知{names},{text}")


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("通知没回复的人：别忘了", {"audience": "没回复的人", "text": "别忘了"}),
        ("通知第3组：交表", {"audience": "第3组", "text": "交表"}),
        (
            "通知王芳、李伟老师，谁来都行",
            {"names": "王芳、李伟老师", "text": "谁来都行"},
        ),
    ],
)
def test_whom_somebody_tells_is_not_judged(text: str, slots: dict[str, str]) -> None:
    found = find(text, TELL)
    assert found
    assert found.slots == slots
    assert (found.around.strip(","), found.told) == ("", "")


@pytest.mark.parametrize(
    "text", ["通知谁：明天来", "通知我：明天来", "通知14:30开会", "通知大家，明天来"]
)
def test_nobody_is_told_so(text: str) -> None:
    assert find(text, TELL) is None


def is_offered(intent: str, words: str) -> bool:
    return (intent, words) in {("choose", "能参加"), ("choose", "请假")}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("能参加", {"choice": "能参加"}),
        ("能参加吧，谢谢书记", {"choice": "能参加"}),
        ("请假，孩子不知道怎么了", {"choice": "请假", "note": "孩子不知道怎么了"}),
        ("不能参加", None),
        ("我要请假", None),
    ],
)
def test_what_is_there_needs_no_other_words(
    text: str, slots: dict[str, str] | None
) -> None:
    chosen, leave = (
        offer("choose", "{choice}", "{choice} {note}"),
        offer("x", "请假[ {rest}]"),
    )
    for both in ((chosen, leave), (leave, chosen)):
        found = Templates(both).find(normalise(text), Role.MEMBER, known=is_offered)
        intent = found and found.template.intent
        assert intent == ("choose" if slots else "x" if text == "我要请假" else None)
        assert slots is None or (found and found.slots == slots)
    assert find(text, chosen) is None


def test_what_fits_what_is_never_meant_is_none() -> None:
    never = Phrases(
        templates=(Line("{what}谁参加", "a", 1),),
        nevers=(Line("(提醒|通知){rest}", "a", 2),),
    )
    asked = command("asked", help="", phrases=never)(lambda _: "")
    assert find("周五的会谁参加", asked)
    assert find("请通知大家谁参加", asked) is None


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("把上次的通知再发我", "上次的"),
        ("假如把通知再发我", None),
        ("别把那条通知再发我", None),
    ],
)
def test_which_of_several_says_nothing_of_the_order(
    text: str, which: str | None
) -> None:
    found = find(text, offer("again", "[把]{which}通知再发我"))
    assert (found and found.slots["which"]) == which
    assert found is None or "上次" not in found.around
