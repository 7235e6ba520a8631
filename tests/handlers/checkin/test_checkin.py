"""What every message costs: whoever overhears texts may not ask the database first."""

from typing import Any

from sqlalchemy import event

from bot.assistant.answering import Assistant
from bot.message import Message
from tests.people import USERID

BEGINNINGS = ("BEGIN", "SAVEPOINT", "RELEASE")


def test_a_check_in_asks_nothing_the_long_way(assistant: Assistant) -> None:
    """Through SQLAlchemy a statement costs five to ten times what it costs itself."""
    say(assistant, "打卡 学习强国 40分", 1)  # what is asked once a minute is asked
    asked: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(BEGINNINGS):
            asked.append(statement)

    event.listen(assistant.storage.engine, "before_cursor_execute", hear)
    say(assistant, "撤销打卡", 2)
    assert asked, "what is rare may take the long way, and is heard here"
    asked.clear()
    say(assistant, "打卡 读完了党章第一章", 3)
    assert asked == []


def say(assistant: Assistant, text: str, number: int) -> None:
    heard = assistant.answer(Message("wecom", USERID["王芳"], str(number), text=text))
    assert heard.reply
    assert heard.reply.changed, heard.reply.text
