"""A small corp for tests: a clock that is moved, people who say what they are."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import requests
from flask import Flask
from requests import Response
from requests.adapters import BaseAdapter
from werkzeug.test import Client

from server.twin.people import LEFT, Department, Member
from server.twin.world import World

CORP, AGENT, SECRET = "wwtest", 1000002, "s" * 43
TOKEN, KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


def build_world(clock: Clock, callback_url: str = "") -> World:
    world = World(CORP, AGENT, SECRET, TOKEN, KEY, clock, callback_url)
    world.add_department(Department(2, "教工支部"))
    world.add_department(Department(3, "第一党小组", parent=2))
    for member in (
        Member("WangFang", "王芳", (2,), "党员"),
        Member("lisi", "李四", (3,)),
        Member("weixin", "魏信", (3,), wechat_plugin=True),
        Member("hidden", "何隐", (3,), visible=False),
        Member("unlicensed", "吴证", (3,), licensed=False),
        Member("left", "黎开", (3,), status=LEFT),
    ):
        world.add_member(member)
    return world


class InProcess(BaseAdapter):
    """Carries a request to the app without a port, where the wire is not the point."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.client = Client(app)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> Response:
        got = self.client.open(
            request.url or "",
            method=request.method,
            data=request.body,
            headers=dict(request.headers),
        )
        response = Response()
        response.status_code, response.request = got.status_code, request
        response.headers.update(got.headers)
        response.raw = BytesIO(got.get_data())
        return response

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Api:
    """A caller of the API with a token of its own."""

    world: World
    http: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self._json(self.http.get(self._url(path), params=self._query(query)))

    def post(self, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        files = more.pop("files", None)
        query = self._query(more)
        return self._json(
            self.http.post(self._url(path), params=query, json=body, files=files)
        )

    def send(self, kind: str = "text", part: Any = None, **more: Any) -> dict[str, Any]:
        part = {"content": "大家好"} if part is None else part
        to = {} if {"touser", "toparty", "totag"} & more.keys() else {"touser": "lisi"}
        body = {**to, "msgtype": kind, "agentid": AGENT, kind: part} | more
        return self.post("message/send", body)

    def upload(self, kind: str, content: bytes, name: str = "a.bin") -> dict[str, Any]:
        return self.post("media/upload", files={"media": (name, content)}, type=kind)

    def login(self) -> None:
        got = self.get("gettoken", corpid=CORP, corpsecret=SECRET)
        self.token = got["access_token"]

    def _url(self, path: str) -> str:
        return f"{self.world.api_base}/cgi-bin/{path}"

    def _query(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"access_token": self.token} | query

    @staticmethod
    def _json(response: Response) -> dict[str, Any]:
        got = response.json()
        assert isinstance(got, dict)
        return got


def button_card(task_id: str = "t1", **more: Any) -> dict[str, Any]:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "党支部大会", "desc": "周三下午两点"},
        "button_list": [{"text": "收到", "style": 1, "key": "ack"}],
        "task_id": task_id,
    } | more
