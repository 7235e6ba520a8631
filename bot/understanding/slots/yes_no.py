"""Whether a short text says yes or no to what was just shown."""

YES = ("确认", "确定", "是", "是的", "对", "对的", "好", "好的", "可以", "行", "没问题")
NO = ("取消", "算了", "不用", "不用了", "不要", "不办了", "不发了", "不改了", "先不")
AROUND = " 。！!，,～~"


def says_yes(text: str) -> bool:
    return text.strip(AROUND) in YES


def says_no(text: str) -> bool:
    return text.strip(AROUND) in NO
