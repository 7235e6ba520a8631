"""What is said to something shown: one set of words, with what stands around them."""

import pytest

from bot.understanding.drafts.replies import Act, read_number, read_reply

SEND = ("发", "发送", "发出", "发出去")
SAID: dict[Act, tuple[str, ...]] = {
    "yes": (
        *("确认", "好", "好的", "行", "可以", "就这么发", "发出去吧", "没问题", "👌"),
        *(
            "行，发吧",
            "嗯发吧",
            "OK",
            "[OK]",
            "好的，就这样发吧",
            "确认👌",
            "好的[抱拳]",
        ),
        *("确认[玫瑰]", "发[爱心]吧", "好的^_^", "👌🏻", "确认🎉"),
        *("嗯嗯", "可以的，谢谢", "那就发吧", "对，发", "👍", "没问题，发吧！"),
    ),
    "no": (
        *(
            "取消",
            "还是算了",
            "取消吧",
            "不要了",
            "先不发了",
            "先别发",
            "暂时不发",
            "停",
        ),
        *(
            "还是别记了",
            "算了算了",
            "不发了吧",
            "取消[流泪]",
            "今天先不发了",
            "别给他发",
        ),
        *("好的，还是先不发了", "不用了，谢谢", "不登记了"),
    ),
    "hold": ("等等", "我再想想", "先放着", "先别发，我再想想", "别急", "等一下啊"),
    "back": ("恢复上一稿", "回到上一版", "改回去吧"),
    "show": ("发给谁", "什么时候发", "有几个人", "给我看看", "一共多少人"),
    "heard": (
        *("确认[狗头]", "发吧👎", "确认[no]", "确认[302]", "好的[弱]", "行👎🏻"),
        *("没问题[鄙视]", "可以[差劲]", "发吧[加急]", "🙅发吧"),
        "收到",
        "知道了",
        "收到[玫瑰]",
        "确认收到",
        "谢谢",
    ),
    "none": (
        *("改成周四", "发给支委", "好吗", "行不行", "发吗", "不是不发", "我的提醒"),
        *("明早九点发", "立即发", "[玫瑰]", "好的改成周四", "通知大家开会", "1"),
        *("确认[疑问]", "确认㊙", "[弱]", "👎"),
        *("发给我", "先发给我", "发我一份", "先发送给我吧"),
    ),
}


@pytest.mark.parametrize(
    ("text", "act"), [(text, act) for act, every in SAID.items() for text in every]
)
def test_a_reply(text: str, act: Act) -> None:
    assert read_reply(text, SEND).act == act


@pytest.mark.parametrize(
    ("text", "sure"),
    [("好的", False), ("确认", True), ("行，发吧", True), ("👌", False)],
)
def test_a_yes_that_names_the_deed_is_sure(text: str, *, sure: bool) -> None:
    assert read_reply(text, SEND).sure == sure


def test_another_deed_is_no_yes() -> None:
    assert read_reply("登记吧", SEND).act == "none"
    assert read_reply("登记吧", ("登记",)).act == "yes"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("第二个吧", 2),
        ("选1", 1),
        ("第3条", 3),
        ("15号", None),
        ("撤回1", None),
    ],
)
def test_a_number_that_is_all_that_is_said(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "verb"),
    [("作废", "作废"), ("撤了吧", "撤了"), ("删掉", "删掉"), ("停", "停")],
)
def test_what_is_said_of_an_undoing_does_it(text: str, verb: str) -> None:
    """To other deeds the same words are a no."""
    assert read_reply(text, (verb,)).act == "yes"
    assert read_reply(text, SEND).act == "no"
