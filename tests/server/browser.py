"""The browser inside somebody's WeCom."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse, encode_multipart

from bot.assistant.answering import Assistant
from bot.config.settings import Config
from server.twin.world import World
from server.web.app import create_app

ADDRESS = "https://branch.example.org"


def with_pages(config: Config) -> Config:
    """Give settings an address for the members' pages."""
    server = config.server.model_copy(update={"public_url": ADDRESS})
    return config.model_copy(update={"server": server})


class Phone:
    """The browser inside somebody's WeCom."""

    def __init__(self, assistant: Assistant, world: World, userid: str) -> None:
        self.client: FlaskClient = create_app(assistant).test_client()
        self.world, self.userid, self.form = world, userid, ""

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, base_url=ADDRESS, query_string=query or None)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form as the page shown last has it; a field may say otherwise."""
        boundary, body = encode_multipart({"form": self.form} | fields)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.client.post(path, base_url=ADDRESS, data=body, content_type=kind)

    def open(self, path: str) -> TestResponse:
        """Open a page, by way of WeCom if it asks for that."""
        response = self.get(path)
        if response.status_code == 302:
            came = self.come_back(state_of(response))
            response = self.get(came.location) if came.status_code == 302 else came
        if found := re.search('name="form" value="([0-9a-f]+)"', response.text):
            self.form = found[1]
        return response

    def come_back(self, state: str, code: str | None = None) -> TestResponse:
        if code is None:
            code = self.world.tokens.give_code(self.userid)
        return self.get("/m/login", code=code, state=state)


def state_of(response: TestResponse) -> str:
    return parse_qs(urlsplit(response.location).query)["state"][0]


def is_sentence(response: TestResponse, status: int, sentence: str) -> bool:
    """Tell whether this and nothing else was said."""
    text = " ".join(re.sub(r"<title>.*?</title>|<[^>]*>", " ", response.text).split())
    return (response.status_code, text) == (status, sentence)
