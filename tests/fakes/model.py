"""An endpoint that speaks OpenAI's chat completions, and says what a test wants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from server.twin.serving import QuietHandler

KEY = "canaryrephrase"


@dataclass
class Model:
    """say: the passage → what is answered. asked: every request's body, as it came.

    arrived is set when asked; nothing is answered before `go` is.
    """

    say: Callable[[str], str | Response] = str
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    arrived: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)
    base_url: str = ""

    def __post_init__(self) -> None:
        self.go.set()

    @property
    def told(self) -> str:
        """All that was ever sent to it."""
        return "\n".join(
            said["content"] for body in self.asked for said in body["messages"]
        )

    def settings(self, **more: object) -> dict[str, object]:
        return {"base_url": self.base_url, "model": "m1", "api_key": KEY, **more}

    def answer(self) -> Response:
        body = request.get_json()
        self.asked.append(body)
        self.keys.append(request.headers.get("Authorization"))
        self.arrived.set()
        self.go.wait(10)
        passage = body["messages"][-1]["content"].partition("<<<")[2].rpartition(">>>")
        said = self.say(passage[0])
        if isinstance(said, Response):
            return said
        message = {"role": "assistant", "content": said}
        return jsonify({"choices": [{"index": 0, "message": message}]})


@contextmanager
def answering(model: Model) -> Iterator[Model]:
    """Serve it on a free port until the block is left."""
    app = Flask(__name__)
    app.post("/v1/chat/completions")(model.answer)
    server = make_server(
        "127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler
    )
    model.base_url = f"http://127.0.0.1:{server.port}/v1"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.go.set()
        server.shutdown()
        thread.join()
        server.server_close()
