"""Stickers at the ends greet; what is understood is the text without them."""

import pytest

from bot.text.stickers import without_stickers
from bot.understanding.text import normalise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("收到[抱拳]", "收到"),
        ("收到[OK]", "收到"),
        ("[玫瑰]收到", "收到"),
        ("🙏收到", "收到"),
        ("打卡[玫瑰][玫瑰]", "打卡"),
        ("确认👌", "确认"),
        ("确认👌🏻", "确认"),
        ("取消[流泪]！", "取消"),
        ("  [微笑] 收到 ❤️ ", "收到"),
        ("👨‍👩‍👧收到🇨🇳", "收到"),
        ("收到", "收到"),
        ("[玫瑰]", "[玫瑰]"),
        ("🌹", "🌹"),
        ("", ""),
        ("①", "①"),
        ("选②", "选②"),
        ("收到[文件]", "收到[文件]"),
        ("打卡[狗头]", "打卡[狗头]"),
        ("收到[弱]", "收到[弱]"),
        ("确认👎", "确认👎"),
        ("收到🚫[玫瑰]", "收到🚫"),
    ],
)
def test_stickers_are_heard_past(text: str, words: str) -> None:
    assert without_stickers(text).strip() == words


@pytest.mark.parametrize(
    "text", ["打卡了[疑问]", "打卡了❓", "打卡了？[玫瑰]", "打卡了❔👀"]
)
def test_a_sticker_that_asks_is_a_question(text: str) -> None:
    assert normalise(text).text == "打卡了?"


def test_own_words_keep_theirs() -> None:
    said = normalise("🌹打卡 学了党章[玫瑰]")
    assert said.text == "打卡学了党章"
    assert said.part(2, 6) == "学了党章"
    assert said.own_words(2, 6) == "学了党章[玫瑰]"
    assert said.own_words(0, 6) == "🌹打卡 学了党章[玫瑰]"
