"""wechatpy's own client, pointed at the twin as protocol.md §7.2 does it; and spies."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from wechatpy.work import WeChatClient

from server.twin.world import World

TENCENT = "https://qyapi.weixin.qq.com/cgi-bin/"


class Bare(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """Nothing but the two things that a subclass must change to meet the twin."""

    def __init__(self, world: World, **more: Any) -> None:
        super().__init__(world.corp_id, world.secret, **more)
        self.API_BASE_URL = f"{world.api_base}/cgi-bin/"
        self._http.trust_env = False

    def fetch_access_token(self) -> dict[str, Any]:
        asked = {"corpid": self.corp_id, "corpsecret": self.secret}
        got = self._fetch_access_token(f"{self.API_BASE_URL}gettoken", asked)
        assert isinstance(got, dict)
        return got


class Watch(HTTPAdapter):
    """Notes where requests go and how long they would wait."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, Any]] = []

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        address = str(request.url).partition("?")[0]
        self.seen.append((address, more["timeout"]))
        return super().send(request, **more)


class Wall(Watch):
    """Lets nothing through."""

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        self.seen.append((str(request.url).partition("?")[0], more["timeout"]))
        raise requests.ConnectionError("the wall")


class Says(HTTPAdapter):
    """Answers every request with the same body."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.request = 200, request
        answer.raw = HTTPResponse(BytesIO(self.body), preload_content=False)
        return answer


def watch(client: WeChatClient, adapter: HTTPAdapter) -> None:
    for scheme in ("http://", "https://"):
        client._http.mount(scheme, adapter)


def text_to(user: str, text: str = "周五开会") -> Mapping[str, Any]:
    return {
        "touser": user,
        "agentid": 1000002,
        "msgtype": "text",
        "text": {"content": text},
    }
