"""WeCom's server API through wechatpy's client, with its defects closed.

wechatpy alone retries a refused token for ever, has every thread fetch one, never
times out, only knows Tencent's host, and sends an empty file when it retries an upload.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient

from bot import config
from bot.channels.http import TIMEOUTS, open_session, was_never_sent
from bot.channels.wecom import errcodes
from bot.channels.wecom.tokens import Granted, Tokens
from bot.clock import Clock
from bot.errors import DeliveryError
from bot.storage import Storage

POOL = 32
NONSENSE = "企业微信答非所问"


class Client(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
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
        super().__init__(settings.corp_id, secret, timeout=timeouts, auto_retry=False)
        self.API_BASE_URL = f"{settings.api_base}/cgi-bin/"
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

    @property
    def access_token(self) -> str:
        return self._tokens.current()

    def token(self) -> str:
        """Return the app's token. Raises DeliveryError if none can be had."""
        return self._tokens.current()

    def fetch_access_token(self) -> None:
        """Do nothing: wechatpy would fetch in every thread; the token is shared."""

    def call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """Ask the API; renew a refused token once. Raises DeliveryError.

        request: params, data (a dict becomes JSON), files as (name, bytes, type).
        """
        return _checked(self._with_token(method, path, request))

    def download(self, media_id: str) -> bytes:
        """Fetch a picture that a member sent (path/90254). Raises DeliveryError."""
        params = {"params": {"media_id": media_id}}
        answer = self._with_token("get", "media/get", params)
        if not isinstance(answer, requests.Response):
            raise DeliveryError(NONSENSE)
        return answer.content

    def _with_token(self, method: str, path: str, request: Mapping[str, Any]) -> Any:
        token = self._tokens.current()
        try:
            return self._once(method, path, token, request)
        except DeliveryError as error:
            if error.code not in errcodes.TOKEN_REFUSED:
                raise
        return self._once(method, path, self._tokens.renew(token), request)

    def _once(
        self, method: str, path: str, token: str, request: Mapping[str, Any]
    ) -> Any:
        sent = {
            **request,
            "params": {**request.get("params", {}), "access_token": token},
        }
        if isinstance(sent.get("data"), dict):
            text = json.dumps(sent["data"], ensure_ascii=False)
            sent["data"] = text.encode(errors="replace")  # half a surrogate pair
            sent["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        return self._ask(method, path, sent)

    def _ask(self, method: str, path: str, sent: Mapping[str, Any]) -> Any:
        """Let wechatpy ask; every way to fail becomes a DeliveryError."""
        try:
            return self._request(method, path, **sent)
        except WeChatClientException as error:
            raise _read_error(error) from error
        except requests.RequestException as error:
            raise _read_failure(error) from None  # it names the secret
        except (TypeError, ValueError) as error:  # an errcode that is no number
            raise DeliveryError(NONSENSE, uncertain=True) from error

    def _fetch(self) -> Granted:
        """Get a token (path/91039)."""
        who = {"corpid": self.corp_id, "corpsecret": self.secret, "access_token": ""}
        try:
            answer = _checked(self._ask("get", "gettoken", {"params": who}))
            lives = timedelta(seconds=int(answer["expires_in"]))
            return Granted(str(answer["access_token"]), self._clock.now() + lives)
        except (KeyError, TypeError, ValueError) as error:
            raise DeliveryError("企业微信没有给出令牌") from error
        except DeliveryError as error:
            error.uncertain = False  # nothing was sent yet
            raise


def _checked(answer: Any) -> dict[str, Any]:
    """Return what the API said; a page or half of one is no answer of its."""
    if not isinstance(answer, dict) or "errcode" not in answer:
        raise DeliveryError(NONSENSE, uncertain=True)
    return answer


def _read_error(error: WeChatClientException) -> DeliveryError:
    if error.errcode is None:
        status = error.response.status_code
        return DeliveryError(f"企业微信答复 HTTP {status}", uncertain=status >= 500)
    return errcodes.to_error(error.errcode, str(error.errmsg))


def _read_failure(error: requests.RequestException) -> DeliveryError:
    """Say what happened without the address, whose query holds token and secret."""
    told = f"连不上企业微信（{type(error).__name__}）"
    return DeliveryError(told, uncertain=not was_never_sent(error))
