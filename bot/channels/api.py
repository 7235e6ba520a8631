"""A platform's server API: one app's calls, each with the shared token.

wechatpy's client is not used: it retries a refused token for ever, has every thread
fetch one, follows redirects, reads answers of any size, and sends an empty file when it
retries an upload. Its ciphers are (envelope.py).
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from bot.channels.http import (
    JSON,
    MOST_BYTES,
    TIMEOUTS,
    Answered,
    exchange,
    open_session,
    was_never_sent,
)
from bot.channels.json import read_json
from bot.channels.tokens import Granted, Tokens
from bot.clock import Clock
from bot.errors import DeliveryError
from bot.storage.database import Storage

POOL = 32
MOST_MEDIA = 32 * 1024 * 1024  # WeCom's own limit is 20 MB (path/90253)


@dataclass(frozen=True)
class Platform:
    """How a platform is called, and what its errors mean.

    tells_ok: every answer has an errcode, also one that says that all is well.
    token_refused: the errcodes after which another token may be taken.
    """

    name: str
    to_error: Callable[[int, str], DeliveryError]
    token_refused: Collection[int]
    tells_ok: bool = True

    @property
    def nonsense(self) -> str:
        return f"{self.name}答非所问"


class Api(ABC):
    """One app's client: `call("post", "message/send", data={…})` → the answer."""

    def __init__(  # noqa: PLR0913  # all of it is named
        self,
        platform: Platform,
        base: str,
        app: tuple[str, ...],
        storage: Storage,
        clock: Clock,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        """timeouts: seconds to connect, and to wait for the next byte."""
        self._platform = platform
        self._root, self._base = base, f"{base}/cgi-bin/"
        self.refused_token = ""
        self.timeout = timeouts
        self._clock = clock
        self._tokens = Tokens(storage, clock, app, self._grant, platform.name)
        self._http = open_session()
        # A connection that cannot be made took nothing with it: try again at once.
        adapter = HTTPAdapter(
            pool_maxsize=POOL,
            max_retries=Retry(2, read=False, other=False, backoff_factor=0.1),
        )
        self._http.mount("http://", adapter)
        self._http.mount("https://", adapter)

    @abstractmethod
    def ask_token(self) -> dict[str, Any]:
        """Ask the platform for a token. Raises DeliveryError."""

    def token(self) -> str:
        """Return the app's token. Raises DeliveryError if none can be had."""
        return self._tokens.current()

    def call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Ask the API; renew a refused token once. Raises DeliveryError.

        request: params, data (a dict becomes JSON), files as (name, bytes, type).
        """
        return self._checked(self._with_token(method, path, request))

    def download(self, media_id: str) -> bytes:
        """Fetch a picture that a member sent (path/90254). Raises DeliveryError."""
        asked = {"params": {"media_id": media_id}}
        told = self._with_token("get", "media/get", asked, MOST_MEDIA)
        if _parse(told.body) is not None:
            raise DeliveryError(self._platform.nonsense)
        return told.body

    def _with_token(
        self, method: str, path: str, request: Mapping[str, Any], most: int = MOST_BYTES
    ) -> Answered:
        token = self._tokens.current()
        try:
            return self._once(method, path, _with(request, token), most)
        except DeliveryError as error:
            if error.code not in self._platform.token_refused:
                raise
        self.refused_token = token
        again = _with(request, self._tokens.renew(token))
        return self._once(method, path, again, most)

    def _once(
        self, method: str, path: str, sent: Mapping[str, Any], most: int = MOST_BYTES
    ) -> Answered:
        """Ask; every way to fail becomes a DeliveryError."""
        url = f"{self._root if path.startswith('/') else self._base}{path}"
        try:
            told = exchange(
                self._http, method, url, most=most, timeout=self.timeout, **sent
            )
        except requests.RequestException as error:
            raise self._read_failure(error) from None  # it names the secret
        except (TypeError, ValueError) as error:
            why = f"{self._platform.name}的地址或请求不对"
            raise DeliveryError(why) from error
        if told.status != requests.codes.ok:
            why = f"{self._platform.name}答复 HTTP {told.status}"
            raise DeliveryError(why, uncertain=told.status >= 500)
        answer = _parse(told.body)
        if code := self._code(answer):
            told_so = str((answer or {}).get("errmsg", code))
            raise self._platform.to_error(code, told_so)
        return told

    def _plainly(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Ask without a token."""
        return self._checked(self._once(method, path, _written(request)))

    def _grant(self) -> Granted:
        """Get a token and say when it ends."""
        try:
            answer = self.ask_token()
            lives = timedelta(seconds=int(answer["expires_in"]))
            return Granted(str(answer["access_token"]), self._clock.now() + lives)
        except (KeyError, TypeError, ValueError) as error:
            raise DeliveryError(f"{self._platform.name}没有给出令牌") from error
        except DeliveryError as error:
            error.uncertain = False  # nothing was sent yet
            raise

    def _checked(self, told: Answered) -> dict[str, Any]:
        """Return what the API said; a page or half of one is no answer of its."""
        answer = _parse(told.body)
        if answer is None or (self._platform.tells_ok and "errcode" not in answer):
            raise DeliveryError(self._platform.nonsense, uncertain=True)
        return answer

    def _code(self, answer: Mapping[str, Any] | None) -> int:
        """Return the error that an answer tells of; 0 if it tells of none."""
        try:
            return int((answer or {}).get("errcode", 0))
        except (TypeError, ValueError) as error:
            raise DeliveryError(self._platform.nonsense, uncertain=True) from error

    def _read_failure(self, error: requests.RequestException) -> DeliveryError:
        """Say what happened without the address, whose query holds token and secret."""
        told = f"连不上{self._platform.name}（{type(error).__name__}）"
        return DeliveryError(told, uncertain=not was_never_sent(error))


def _with(request: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Add the token."""
    params = {**request.get("params", {}), "access_token": token}
    return _written({**request, "params": params})


def _written(request: Mapping[str, Any]) -> dict[str, Any]:
    """Write a dict as JSON."""
    sent = {**request}
    if isinstance(sent.get("data"), dict):
        text = json.dumps(sent["data"], ensure_ascii=False)
        sent["data"] = text.encode(errors="replace")  # half a surrogate pair
        sent["headers"] = JSON
    return sent


def _parse(body: bytes) -> dict[str, Any] | None:
    """Read an object of JSON; None if it is none, however deep."""
    try:
        answer = read_json(body.decode("utf-8", "ignore"))
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
