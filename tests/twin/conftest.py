"""A world that serves on a port of its own, and an app that answers its callbacks."""

from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from server.twin.api import create_api
from server.twin.crypto import Seal
from server.twin.serving import running
from server.twin.world import World
from server.twin.xml import read, write
from tests.twin.corp import (
    CORP,
    KEY,
    TOKEN,
    Api,
    Clock,
    InProcess,
    build_world,
)

Fields = dict[str, Any]


class App:
    """The webhook of an app: it remembers what it heard and answers as told."""

    def __init__(self) -> None:
        self.heard: list[Fields] = []
        self.seal = Seal.of(TOKEN, KEY, CORP)
        self.reply: Callable[[Fields], Fields | str | Response] = self.echo
        self.url = ""

    def echo(self, heard: Fields) -> Fields | str | Response:
        return {"MsgType": "text", "Content": f"听到：{heard.get('Content', '')}"}

    def serve(self) -> Flask:
        app = Flask(__name__)

        @app.get("/callback")
        def verify() -> str:
            return self.seal.open(request.args["echostr"])

        @app.post("/callback")
        def hear() -> str | Response:
            query = request.args
            encrypted = read(request.get_data(as_text=True))["Encrypt"]
            self.seal.check(
                query["msg_signature"], query["timestamp"], query["nonce"], encrypted
            )
            heard = read(self.seal.open(encrypted))
            self.heard.append(heard)
            answer = self.reply(heard)
            return self.envelope(heard, answer) if isinstance(answer, dict) else answer

        return app

    def envelope(self, heard: Fields, reply: Fields) -> str:
        head = {"ToUserName": heard["FromUserName"], "FromUserName": CORP}
        encrypted = self.seal.close(write({**head, "CreateTime": 1, **reply}))
        signature = self.seal.sign("1", "n", encrypted)
        signed = {"Encrypt": encrypted, "MsgSignature": signature}
        return write({**signed, "TimeStamp": 1, "Nonce": "n"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    server = make_server("127.0.0.1", 0, app.serve(), threaded=True)
    app.url = f"http://127.0.0.1:{server.port}/callback"
    thread = Thread(target=server.serve_forever, args=(0.005,))
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def world(clock: Clock) -> World:
    world = build_world(clock, "http://127.0.0.1:9/unused")
    world.api_base = "http://localhost"
    return world


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    api = Api(world)
    if world.api_base == "http://localhost":
        api.http.mount("http://localhost", InProcess(create_api(world)))
    with closing(api.http):
        api.login()
        yield api


@pytest.fixture
def talk(clock: Clock, app: App) -> Iterator[World]:
    """A world that calls the app back."""
    with running(build_world(clock, app.url)) as world:
        yield world
