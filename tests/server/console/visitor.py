"""A browser that somebody uses the console with."""

import re
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse, encode_multipart

from bot.assistant.answering import Assistant
from bot.branch.console import links
from bot.branch.people import members
from server.web.app import create_app
from server.web.console import add_works
from tests.server.browser import ADDRESS

HOST = "branch.example.org"
FIELD = re.compile(r'name="(form|once|seen)" value="([^"]*)"')
DESKTOP = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"


class OpenWire(BytesIO):
    """What a browser sends; whoever asks for more than that would wait for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = len(self.getbuffer()) - self.tell()
        assert size in range(left + 1), f"{size} of {left}"
        return super().read(size)


class Visitor:
    """form: what the page shown last wants its forms to carry."""

    def __init__(self, assistant: Assistant, agent: str = DESKTOP) -> None:
        self.assistant = assistant
        self.client: FlaskClient = create_app(assistant).test_client()
        add_works(self.client.application, patience=60.0)
        self.client.environ_base["HTTP_USER_AGENT"] = agent
        self.form: dict[str, str] = {}

    def sign_in(self, userid: str) -> TestResponse:
        """Sign in with a link; return the answer to the button that does it."""
        return self.post(self.link(userid))

    def link(self, userid: str) -> str:
        with self.assistant.storage.write() as session:
            member = members.find(session, userid)
            assert member
            own_part = links.make(session, member, self.assistant.clock.now())
        return f"/console/enter/{own_part}"

    def get(self, path: str, **query: Any) -> TestResponse:
        response = self.client.get(path, base_url=ADDRESS, query_string=query or None)
        self._read(response)
        return response

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form as the last page has it; a field may say otherwise."""
        sent = MultiDict(self.form)
        for name, value in fields.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        response = self.client.post(path, base_url=ADDRESS, data=sent)
        if response.status_code == 200:
            self._read(response)
        return response

    def post_file(self, path: str, **fields: Any) -> TestResponse:
        """Send a form that may carry a file, over a wire that stays open after it."""
        boundary, body = encode_multipart({**self.form, **fields})
        return self.client.post(
            path,
            base_url=ADDRESS,
            input_stream=OpenWire(body),
            content_length=len(body),
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    def follow(self, response: TestResponse) -> TestResponse:
        """Open where an answer leads."""
        assert response.status_code == 303, response.text
        return self.get(response.location)

    def cookie(self, name: str) -> str:
        found = self.client.get_cookie(name, domain=HOST)
        return found.value if found else ""

    def _read(self, response: TestResponse) -> None:
        is_page = response.mimetype == "text/html"
        if is_page and (found := dict(FIELD.findall(response.text))):
            self.form = found
