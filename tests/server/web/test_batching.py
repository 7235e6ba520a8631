"""Messages that come together are answered together, and nobody waits for nobody."""

from asyncio import gather, get_running_loop, run, sleep
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

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

    def answer_soon(self, messages: Sequence[Message]) -> list[Outcome]:
        self.batches.append(len(messages))
        return [Outcome(Reply(each.text)) for each in messages]


def served(work: Callable[[Desk], Awaitable[Any]], gathering: float = 60) -> list[int]:
    counting = Counting()

    async def go() -> None:
        await work(Desk(cast(Assistant, counting), get_running_loop(), gathering))

    run(go())
    return counting.batches


async def send(desk: Desk, number: int) -> Outcome:
    return await desk.answer(
        Message("wecom", "wangfang", str(number), text=f"{number}")
    )


async def come_one_by_one(desk: Desk, count: int) -> list[Outcome]:
    """Have each come in a turn of the loop of its own."""
    told = []
    for number in range(count):
        told.append(desk.answer(Message("wecom", "wf", f"{number}", text=f"{number}")))
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


def test_more_than_fit_into_one_commit_follow_in_the_next() -> None:
    async def work(desk: Desk) -> None:
        await gather(*(send(desk, number) for number in range(70)))

    assert served(work) == [64, 6]
