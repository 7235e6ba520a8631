"""A line is left closed, whatever ended its opening."""

import asyncio

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bot.channels.aibot.connection import Connection


def test_who_is_stopped_while_subscribing_leaves_no_open_socket() -> None:
    async def open_and_stop() -> None:
        asked, gone = asyncio.Event(), asyncio.Event()

        async def keep_waiting(socket: ServerConnection) -> None:
            await socket.recv()
            asked.set()
            await socket.wait_closed()
            gone.set()

        async with serve(keep_waiting, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            opening = asyncio.create_task(
                Connection.open(f"ws://127.0.0.1:{port}", {}, lambda *_: None)
            )
            await asked.wait()
            opening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await opening
            async with asyncio.timeout(5):
                await gone.wait()

    asyncio.run(open_and_stop())
