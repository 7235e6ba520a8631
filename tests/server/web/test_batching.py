"""Messages that come together are answered together, and nobody waits for nobody."""

from asyncio import gather, get_running_loop, run, sleep
from collections.abc import Awaitable, Callable, Sequence
from threading import get_ident
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.message import Message, Reply
from server.web.batching import Desk


class Counting:
    """Answers with the text, and notes how many were answered in one commit."""

    rephrasing = None
    storage = SimpleNamespace(is_sqlite=True)

    def __init__(self) -> None:
        self.batches: list[int] = []

    def answer_soon(self, messages: Sequence[Message]) -> Sequence[Outcome | None]:
        self.batches.append(len(messages))
        return [Outcome(Reply(each.text)) for each in messages]


def served(
    work: Callable[[Desk], Awaitable[Any]],
    gathering: float = 60,
    counting: Counting | None = None,
) -> list[int]:
    counting = counting or Counting()

    async def go() -> None:
        await work(Desk(cast(Assistant, counting), get_running_loop(), gathering))

    run(go())
    return counting.batches


def of(number: int, sender: str = "") -> Message:
    """Make a message, of somebody else each."""
    return Message("wecom", sender or f"u{number}", f"{number}", text=f"{number}")


async def send(desk: Desk, number: int, sender: str = "") -> Outcome:
    return await desk.answer(of(number, sender))


async def come_one_by_one(desk: Desk, count: int) -> list[Outcome]:
    """Have each come in a turn of the loop of its own."""
    told = []
    for number in range(count):
        told.append(desk.answer(of(number)))
        await sleep(0)
        await sleep(0)
    return list(await gather(*told))


def test_whoever_comes_alone_is_answered_at_once() -> None:
    async def work(desk: Desk) -> None:
        told = desk.answer(Message("wecom", "wangfang", "1", text="打卡"))
        await sleep(0)
        await sleep(0)
        assert cast(Any, told).done()

    assert served(work) == [1]


def test_as_many_as_came_last_time_are_answered_in_one_commit() -> None:
    async def work(desk: Desk) -> None:
        await gather(*(send(desk, number) for number in range(5)))
        told = await come_one_by_one(desk, 5)
        assert [each.reply and each.reply.text for each in told] == list("01234")

    assert served(work) == [5, 5]


def test_fewer_wait_a_moment_and_no_longer() -> None:
    async def work(desk: Desk) -> None:
        await gather(*(send(desk, number) for number in range(5)))
        await gather(*(send(desk, number) for number in range(2)))
        await send(desk, 1)  # waits for a second that does not come
        await send(desk, 1)

    assert served(work, gathering=0.003) == [5, 2, 1, 1]


def test_of_one_member_one_message_is_in_a_batch_and_the_order_stays() -> None:
    order: list[int] = []

    async def work(desk: Desk) -> None:
        async def say(number: int, sender: str) -> None:
            await send(desk, number, sender)
            order.append(number)

        said = ((1, "wf"), (2, "lw"), (3, "wf"), (4, "wf"), (5, "hx"))
        await gather(*(say(*each) for each in said))

    assert served(work) == [3, 1, 1]
    assert order == [1, 2, 5, 3, 4]


@pytest.mark.parametrize("count", [1, 5])
def test_a_server_is_awaited_in_a_thread_while_others_come(count: int) -> None:
    threads: set[int] = set()

    class Server(Counting):
        storage = SimpleNamespace(is_sqlite=False)

        def answer_soon(self, messages: Sequence[Message]) -> Sequence[Outcome | None]:
            threads.add(get_ident())
            return super().answer_soon(messages)

    async def work(desk: Desk) -> None:
        for _ in range(2):
            await gather(*(send(desk, number) for number in range(count)))

    assert served(work, counting=Server()) == [count, count]
    assert len(threads) == 1
    assert get_ident() not in threads


def test_what_takes_its_time_is_left_to_others() -> None:
    class Leaving(Counting):
        def answer_soon(self, messages: Sequence[Message]) -> Sequence[Outcome | None]:
            return [
                None if each.text == "1" else heard
                for each, heard in zip(
                    messages, super().answer_soon(messages), strict=True
                )
            ]

        def answer(self, message: Message, early: object = None) -> Outcome:
            return Outcome(Reply(f"slow {message.text}"))

    async def work(desk: Desk) -> None:
        told = await gather(*(send(desk, number) for number in range(3)))
        assert [each.reply and each.reply.text for each in told] == ["0", "slow 1", "2"]

    assert served(work, counting=Leaving()) == [3]


def test_more_than_fit_into_one_commit_follow_in_the_next() -> None:
    async def work(desk: Desk) -> None:
        await gather(*(send(desk, number) for number in range(70)))

    assert served(work) == [64, 6]
