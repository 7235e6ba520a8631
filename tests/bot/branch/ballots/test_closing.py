"""A poll whose time is over: its box waits for its key, and loses nothing."""

from dataclasses import replace
from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy import select

from bot.branch.ballots.polls import BallotBox, Poll
from bot.outbox import Letter
from bot.storage.database import Storage
from scheduler.job import Tick
from scheduler.meetings import close_ballots
from tests.bot.branch.ballots.test_secrecy import VOTERS, open_one
from tests.stage import Stage


def letters(storage: Storage, key: str) -> list[str]:
    with storage.read() as session:
        found = select(Letter).where(Letter.key.startswith(key)).order_by(Letter.id)
        return [str(each.body) for each in session.scalars(found)]


def test_a_missing_key_loses_no_vote(storage: Storage, stage: Stage) -> None:
    """The box waits for its key, the author is told once, and then the result."""
    stage.move_to("2026-03-02 10:00")
    open_one(stage)
    for name in VOTERS:
        stage.say(name, "投票 1")
    over = stage.clock.now() + timedelta(days=4)
    stage.clock.set(over)
    config = stage.assistant.config
    assert config.wecom
    wecom = config.wecom.model_copy(update={"secret": SecretStr("another")})
    without = replace(
        stage.assistant, config=config.model_copy(update={"wecom": wecom})
    )
    for _ in range(2):
        close_ballots.run(Tick(over, over, without))
    assert len(letters(storage, "poll:1:locked")) == 1
    assert not letters(storage, "poll:1:results")
    with storage.read() as session:
        assert session.get(BallotBox, 1)
    close_ballots.run(Tick(over, over, stage.assistant))
    assert "烈士陵园：5" in letters(storage, "poll:1:results")[0]
    with storage.read() as session:
        assert session.get_one(Poll, 1).results["烈士陵园"] == 5


def test_an_older_key_still_opens_the_box(storage: Storage, stage: Stage) -> None:
    stage.move_to("2026-03-02 10:00")
    open_one(stage)
    for name in VOTERS:
        stage.say(name, "投票 2")
    over = stage.clock.now() + timedelta(days=4)
    stage.clock.set(over)
    config = stage.assistant.config
    security = config.security.model_copy(update={"key": SecretStr("new" * 20)})
    renewed = config.model_copy(update={"security": security})
    close_ballots.run(Tick(over, over, replace(stage.assistant, config=renewed)))
    assert "纪念馆：5" in letters(storage, "poll:1:results")[0]
