"""WeCom's server API: one app's calls, each with the shared token.

wechatpy's client is not used: it retries a refused token for ever, has every thread
fetch one, follows redirects, reads answers of any size, and sends an empty file when it
retries an upload. Its ciphers are (envelope.py).
"""

import json
from collections.abc import Mapping
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
from bot.channels.wecom import errcodes
from bot.channels.wecom.tokens import Granted, Tokens
from bot.clock import Clock
from bot.config import settings as config
from bot.errors import DeliveryError
from bot.storage.database import Storage

POOL = 32
NONSENSE = "企业微信答非所问"
MOST_MEDIA = 32 * 1024 * 1024  # WeCom's own limit is 20 MB (path/90253)


class Client:
    """One app's client: `call("post", "message/send", data={…})` → the answer."""

    def __init__(
        self,
        settings: config.WeCom,
        storage: Storage,
        clock: Clock,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        """timeouts: seconds to connect, and to wait for the next byte."""
        secret = settings.secret.get_secret_value()
        self._corp_id, self._secret = settings.corp_id, secret
        self._base = f"{settings.api_base}/cgi-bin/"
        self.timeout = timeouts
        self._clock = clock
        app = (settings.corp_id, str(settings.agent_id), secret, settings.api_base)
        self._tokens = Tokens(storage, clock, app, self._fetch)
        self._http = open_session()
        # A connection that cannot be made took nothing with it: try again at once.
        adapter = HTTPAdapter(
            pool_maxsize=POOL,
            max_retries=Retry(2, read=False, other=False, backoff_factor=0.1),
        )
        self._http.mount("http://", adapter)
        self._http.mount("https://", adapter)

    def token(self) -> str:
        """Return the app's token. Raises DeliveryError if none can be had."""
        return self._tokens.current()

    def call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Ask the API; renew a refused token once. Raises DeliveryError.

        request: params, data (a dict becomes JSON), files as (name, bytes, type).
        """
        return _checked(self._with_token(method, path, request))

    def download(self, media_id: str) -> bytes:
        """Fetch a picture that a member sent (path/90254). Raises DeliveryError."""
        asked = {"params": {"media_id": media_id}}
        told = self._with_token("get", "media/get", asked, MOST_MEDIA)
        if _parse(told.body) is not None:
            raise DeliveryError(NONSENSE)
        return told.body

    def _with_token(
        self, method: str, path: str, request: Mapping[str, Any], most: int = MOST_BYTES
    ) -> Answered:
        token = self._tokens.current()
        try:
            return self._once(method, path, _with(request, token), most)
        except DeliveryError as error:
            if error.code not in errcodes.TOKEN_REFUSED:
                raise
        again = _with(request, self._tokens.renew(token))
        return self._once(method, path, again, most)

    def _once(
        self, method: str, path: str, sent: Mapping[str, Any], most: int = MOST_BYTES
    ) -> Answered:
        """Ask; every way to fail becomes a DeliveryError."""
        url = f"{self._base}{path}"
        try:
            told = exchange(
                self._http, method, url, most=most, timeout=self.timeout, **sent
            )
        except requests.RequestException as error:
            raise _read_failure(error) from None  # it names the secret
        except (TypeError, ValueError) as error:
            raise DeliveryError("企业微信的地址或请求不对") from error
        if told.status != requests.codes.ok:
            why = f"企业微信答复 HTTP {told.status}"
            raise DeliveryError(why, uncertain=told.status >= 500)
        answer = _parse(told.body)
        if code := _code(answer):
            raise errcodes.to_error(code, str((answer or {}).get("errmsg", code)))
        return told

    def _fetch(self) -> Granted:
        """Get a token (path/91039)."""
        who = {"corpid": self._corp_id, "corpsecret": self._secret}
        try:
            answer = _checked(self._once("get", "gettoken", {"params": who}))
            lives = timedelta(seconds=int(answer["expires_in"]))
            return Granted(str(answer["access_token"]), self._clock.now() + lives)
        except (KeyError, TypeError, ValueError) as error:
            raise DeliveryError("企业微信没有给出令牌") from error
        except DeliveryError as error:
            error.uncertain = False  # nothing was sent yet
            raise


def _with(request: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Add the token; a dict becomes JSON."""
    sent = {**request, "params": {**request.get("params", {}), "access_token": token}}
    if isinstance(sent.get("data"), dict):
        text = json.dumps(sent["data"], ensure_ascii=False)
        sent["data"] = text.encode(errors="replace")  # half a surrogate pair
        sent["headers"] = JSON
    return sent


def _checked(told: Answered) -> dict[str, Any]:
    """Return what the API said; a page or half of one is no answer of its."""
    answer = _parse(told.body)
    if answer is None or "errcode" not in answer:
        raise DeliveryError(NONSENSE, uncertain=True)
    return answer


def _parse(body: bytes) -> dict[str, Any] | None:
    """Read an object of JSON; None if it is none, however deep."""
    try:
        answer = json.loads(body.decode("utf-8", "ignore"), strict=False)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _code(answer: Mapping[str, Any] | None) -> int:
    """Return the error that an answer tells of; 0 if it tells of none."""
    try:
        return int((answer or {}).get("errcode", 0))
    except (TypeError, ValueError) as error:
        raise DeliveryError(NONSENSE, uncertain=True) from error


def _read_failure(error: requests.RequestException) -> DeliveryError:
    """Say what happened without the address, whose query holds token and secret."""
    told = f"连不上企业微信（{type(error).__name__}）"
    return DeliveryError(told, uncertain=not was_never_sent(error))
