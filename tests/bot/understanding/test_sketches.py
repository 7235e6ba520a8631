"""What a text is about, by a few words in any order."""

import pytest

from bot.branch.people.members import Role
from bot.text.phrases import Line, Phrases
from bot.understanding.sentences.forms import Section
from bot.understanding.sketches import Fit, Sketches, pause
from bot.understanding.text import normalise


def learn(
    *lines: str, role: Role = Role.MEMBER, of: dict[str, str] | None = None
) -> Sketches:
    sketches = tuple(Line(line, "x.phrases", at) for at, line in enumerate(lines, 1))
    sections = [Section("one", Phrases(sketches=sketches, pieces=of or {}), role)]
    return Sketches(sections)


def find(sketches: Sketches, text: str, role: Role = Role.MEMBER) -> list[str]:
    fits = sketches.find(pause(normalise(text)), role, lambda _fit: True)
    return [fit.sketch.line.text for fit in fits]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("今晚七点 党徽戴好", "今晚七点,党徽戴好"),
        ("今晚七点， 党徽戴好", "今晚七点,党徽戴好"),
        (" 党徽戴好 ", "党徽戴好"),
        ("她说“明天别来了” 你发一下", "她说“”,你发一下"),
    ],
)
def test_what_was_typed_apart_is_a_pause(typed: str, seen: str) -> None:
    assert pause(normalise(typed)) == seen


def test_its_words_may_stand_in_any_order() -> None:
    known = learn("(记|登)一下 & (谈心|谈话) & {name}")
    line = "(记|登)一下 & (谈心|谈话) & {name}"
    for text in ("跟王芳谈话 登一下", "记一下 王芳那次谈心", "谈心 王芳 记一下"):
        assert find(known, text) == [line]
    for text in ("跟王芳谈话", "登一下谈话", "跟王芳聊天 记一下"):
        assert find(known, text) == []


def test_what_is_barred_stands_nowhere_in_it() -> None:
    known = learn("发一下 & 大家 & - 怎么 (谁|几个)")
    assert find(known, "大家 发一下")
    assert not find(known, "大家怎么发一下")
    assert not find(known, "大家谁发一下")


def test_the_one_with_more_words_is_meant() -> None:
    known = learn("开会 & 周三", "开会 & 周三 & 301", "开会 & 吃饭")
    assert find(known, "周三 301 开会") == ["开会 & 周三 & 301"]


def test_of_what_may_not_be_the_next_best_is_taken() -> None:
    known = learn("开会 & 周三", "开会 & 周三 & 301")

    def is_short(fit: Fit) -> bool:
        return fit.weight < 3

    [fit] = known.find(pause(normalise("周三 301 开会")), Role.MEMBER, is_short)
    assert fit.sketch.line.text == "开会 & 周三"


def test_the_order_s_own_clause_is_told() -> None:
    known = learn("转告 & 支委")
    text = pause(normalise("支委今晚别走，麻烦你转告 谢谢"))
    [fit] = known.find(text, Role.MEMBER, lambda _fit: True)
    assert (fit.clause, fit.ahead, fit.word) == ("麻烦你转告", "麻烦你", "转告")


def test_who_may_not_do_it_is_not_heard_so() -> None:
    known = learn("转告 & 支委", role=Role.SECRETARY)
    assert find(known, "转告支委", Role.SECRETARY)
    assert not find(known, "转告支委")


def test_what_is_long_was_written() -> None:
    known = learn("转告 & 支委")
    assert find(known, "转告支委" + "一" * 150)
    assert not find(known, "转告支委" + "一" * 250)


@pytest.mark.parametrize(
    ("line", "of", "why"),
    [
        ("- 怎么 & 大家", {}, "begins with what is ordered"),
        ("(转告 & 支委", {}, "no word of a list"),
        ("<inform> & 支委", {"inform": "说"}, "is of the file and of all"),
        ("<nowhere> & 支委", {}, "no word of a list"),
    ],
)
def test_what_is_no_sketch_says_where(line: str, of: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=f"x.phrases:1: .*{why}"):
        learn(line, of=of)
