"""What takes long to make is made while no transaction is open, once a message."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import func, select

from bot.assistant.answering import Assistant
from bot.branch.birthdays import cards, greetings
from bot.branch.study.checkins import CheckIn, check_in
from bot.cards.deferred import Drawn, NotDrawn
from bot.command import Ask, Commands, command
from bot.config.settings import Config
from bot.message import Message
from bot.outbox import Letter
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Storage
from bot.text.phrases import Phrases
from bot.understanding.slots.amounts import read_study
from server.setup.wiring import build_assistant
from tests.fakes.clock import FakeClock
from tests.people import find_member


@pytest.fixture
def assistant(config: Config, storage: Storage, clock: FakeClock) -> Assistant:
    return build_assistant(config, storage=storage, clock=clock)


def count(storage: Storage, table: type[Base]) -> int:
    with storage.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def text(words: str) -> Message:
    return Message("wecom", "wangfang", "1", text=words)


def test_others_may_write_while_it_is_made(
    assistant: Assistant, storage: Storage, clock: FakeClock
) -> None:
    made: list[int] = []

    def make() -> bytes:
        with storage.write() as session:  # would wait for ever within the transaction
            other = find_member(session, "李伟")
            check_in(session, other, read_study("学党章"), clock.now(), 5)
        made.append(count(storage, CheckIn))
        return b"drawn"

    @command("checkin", phrases=Phrases.of(("打卡",)), help="记学习")
    def record(ask: Ask) -> str:
        check_in(ask.session, ask.member, read_study("学党章"), ask.now, 5)
        return f"已打卡{ask.made.get('picture', make)!r}"

    told = replace(assistant, commands=Commands([record])).answer(text("打卡"))
    assert told.reply
    assert told.reply.text == "已打卡b'drawn'"
    assert made == [1]
    assert count(storage, CheckIn) == 2


def test_a_card_is_never_drawn_in_a_transaction(
    storage: Storage, clock: FakeClock
) -> None:
    with storage.write() as session:
        member, now = find_member(session, "王芳"), clock.now()
        birthday = greetings.coming(session, member, now.date())
        ask = partial(cards.find_or_keep, session, birthday)
        made = Drawn()
        with pytest.raises(NotDrawn) as wanted:
            ask(made, now)
        made.add(wanted.value)
        assert ask(made, now) == ask(Drawn(), now)


def test_a_card_is_kept_and_sent_once_and_a_dry_run_keeps_none(
    assistant: Assistant, storage: Storage
) -> None:
    words = text("我的贺卡")
    told = assistant.answer(words, dry_run=True).reply
    assert told
    assert "发到您手机上了" in told.text
    assert (count(storage, Attachment), count(storage, Letter)) == (0, 0)
    assert assistant.answer(words).reply == assistant.answer(words).reply == told
    assert (count(storage, Attachment), count(storage, Letter)) == (1, 1)
