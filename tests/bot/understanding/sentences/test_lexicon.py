"""Lists of words of a sentence file, looked for within a text."""

from pathlib import Path

import pytest

import bot.understanding
import handlers
from bot.discover import collect
from bot.understanding.sentences.lexicon import Lexicon

WRITTEN = """
<more> = (又|再)
# Over.
[done]
了 过 已
! 过来
[small]
(去|到)[了] <more> 帮[我]
[asks]
吗 Excel
"""


def lexicon(folder: Path, name: str) -> Lexicon:
    (folder / "told.phrases").write_text(WRITTEN, "utf-8")
    return Lexicon(folder / "told.py", name)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("来过", True),
        ("要过来", False),
        ("过来过", True),
        ("昨天去", False),
        ("记完了", True),
        ("", False),
    ],
)
def test_what_only_looks_like_a_word_is_none(
    tmp_path: Path,
    text: str,
    there: bool,  # noqa: FBT001
) -> None:
    assert lexicon(tmp_path, "done").stands_in(text) is there


def test_words_are_cut_off_both_ends_with_the_marks_around_them(
    tmp_path: Path,
) -> None:
    small = lexicon(tmp_path, "small")
    assert small.cut_start("再去了，万盛再去") == "万盛再去"
    assert small.cut_end("万盛，帮我再") == "万盛"
    assert small.cut_first("去了到了厂里") == "到了厂里"
    assert small.cut("万盛去了一次", "，") == "万盛，一次"
    assert small.cut_start("万盛") == small.cut_end("万盛") == "万盛"


def test_a_text_may_be_nothing_but_such_words(tmp_path: Path) -> None:
    small = lexicon(tmp_path, "small")
    assert small.is_all_of("又去了，再帮我")
    assert small.is_all_of("")
    assert not small.is_all_of("又去了厂里")
    assert small.is_one("帮我")
    assert not small.is_one("又再")


def test_capitals_are_the_same_and_an_end_is_looked_at_alone(tmp_path: Path) -> None:
    asks = lexicon(tmp_path, "asks")
    assert asks.stands_in("导出EXCEL")
    assert asks.stands_last("去吗")
    assert not asks.stands_last("吗去")
    assert asks.stands_first("excel 给我")


@pytest.mark.parametrize("words", ["{who}", "<unknown>", "(a"])
def test_what_is_no_list_of_words_is_told(tmp_path: Path, words: str) -> None:
    (tmp_path / "told.phrases").write_text(f"[a]\n{words}", "utf-8")
    with pytest.raises(ValueError):  # noqa: PT011
        Lexicon(tmp_path / "told.py", "a").stands_in("x")
    with pytest.raises(ValueError, match=r"nothing of .b."):
        Lexicon(tmp_path / "told.py", "b")


def written(folder: Path, line: str) -> Lexicon:
    (folder / "told.phrases").write_text(f"[a]\n{line}\n", "utf-8")
    return Lexicon(folder / "told.py", "a")


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        ("(再|又)+去", "又再去", "又再去"),
        ("[再|又]+1去", "又再去", "再去"),
        ("[再|又]+去", "去", "去"),
        ("{han}+2-3", "王芳芳芳", "王芳芳"),
        ("{han}~2-3", "王芳芳芳", "王芳"),
        ("第{digit}+2-项", "第1项第12项", "第12项"),
        ("{of:、,}+去", "来、,去", "、,去"),
        ("{of: }去", "来\t去", "\t去"),
        ("{but:的了}+", "我的", "我"),
        ("去{next}(吗|呢)", "去了去呢", "去"),
        ("去{unless}(了)", "去了去", "去"),
        ("{after}(别|不要)忘", "忘别忘", "忘"),
        ("{unless_after}(别|不[要])忘", "别忘不忘不要忘", ""),
        ("{unless_after}({digit})点", "3点", ""),
        ("{as:one}({han})不{same:one}", "来不去去不去", "去不去"),
        ("{start}去 去{end}", "来去", "去"),
        ("{name}来", "昨天王芳来", "王芳来"),
        ("{T}去", "t去T去", "T去"),
        ("a+b~", "aab a+b~", "a+b~"),
    ],
)
def test_a_word_is_written_in_signs(
    tmp_path: Path, line: str, text: str, found: str
) -> None:
    hit = written(tmp_path, line).find(text)
    assert (hit[0] if hit else "") == found


def test_a_piece_of_what_is_found_has_a_name(tmp_path: Path) -> None:
    hit = written(tmp_path, "给{as:who}({han}+2-4)(打卡|签到)").fit("给王芳签到")
    assert hit is not None
    assert hit["who"] == "王芳"


def test_a_text_is_parted_at_the_first_of_them(tmp_path: Path) -> None:
    assert written(tmp_path, "碰头 碰").part("上午碰头碰") == ("上午", "碰")
    assert written(tmp_path, "碰头").part("上午") == ("上午", "")


@pytest.mark.parametrize(
    "line",
    [
        "{next}",
        "(去|到",
        "去)",
        "[去)",
        "{of}",
        "{after}(去",
        "{after}({name})去",
        "<x>+",
    ],
)
def test_what_is_wrongly_written_is_told(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        assert written(tmp_path, line).written


def test_every_list_of_words_has_a_pattern() -> None:
    """Each is compiled when first needed: a wrong one must not wait so long."""
    found = [*collect(bot.understanding, Lexicon), *collect(handlers, Lexicon)]
    assert len(found) > 200
    for each in found:
        assert each.find("") is None or each.fit("") is not None, each.name
