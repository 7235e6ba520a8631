"""What everybody says every day is decided by one question to the database."""

import pytest
from sqlalchemy import event

from bot.assistant.answering import Assistant
from bot.message import Message
from tests.people import NAME

WHO = ("zhaomin", "wangfang", "liwei", "hexue")


@pytest.mark.files  # where many may write, what is written is sent with the commit
@pytest.mark.parametrize("said", ["打卡 学了第{}章", "打卡 今天看了{}篇，没看完"])
def test_check_ins_of_many_ask_once(assistant: Assistant, said: str) -> None:
    who = [each for each in WHO if each in NAME]
    messages = [
        Message("wecom", each, f"m{number}", text=said.format(number))
        for number, each in enumerate(who, 1)
    ]
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(assistant.storage.engine, "before_cursor_execute", note)
    heard = assistant.answer_soon(messages)
    event.remove(assistant.storage.engine, "before_cursor_execute", note)
    replies = [each.reply.text for each in heard if each and each.reply]
    assert len(replies) == len(who)
    assert all("已打卡" in each for each in replies)
    assert sum(each.startswith("SELECT") for each in asked) <= 1
