"""The menu under the chat: a press is the same as saying the command's name."""

from typing import Any


def _press(name: str, intent: str) -> dict[str, str]:
    return {"type": "click", "name": name, "key": intent}


MENU: list[dict[str, Any]] = [
    {
        "name": "学习",
        "sub_button": [
            _press("打卡", "checkin"),
            _press("我的打卡", "my_checkins"),
            _press("撤销打卡", "undo"),
        ],
    },
    {
        "name": "我的",
        "sub_button": [
            _press("政治生日", "my_birthday"),
            _press("本月政治生日", "birthdays"),
            _press("我的通知", "notices"),
            _press("我的信息", "profile"),
        ],
    },
    _press("帮助", "help"),
]
