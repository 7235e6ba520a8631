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
from bot.channels.wecom import errcodes
from bot.channels.wecom.tokens import Granted, Tokens
from bot.clock import Clock
from bot.errors import DeliveryError
from bot.storage import Storage

TIMEOUTS = (3.05, 10)
POOL = 32


class Client(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """One app's client: `call("post", "message/send", data={…})` → the answer."""

    def __init__(self, settings: config.WeCom, storage: Storage, clock: Clock) -> None:
        secret = settings.secret.get_secret_value()
        super().__init__(settings.corp_id, secret, timeout=TIMEOUTS, auto_retry=False)
        self.API_BASE_URL = f"{settings.api_base}/cgi-bin/"
        self._clock = clock
        app = (settings.corp_id, str(settings.agent_id), secret, settings.api_base)
        self._tokens = Tokens(storage, clock, app, self._fetch)
        # A connection that cannot be made took nothing with it: try again at once.
        adapter = HTTPAdapter(
            pool_maxsize=POOL,
            max_retries=Retry(2, read=False, other=False, backoff_factor=0.1),
        )
        self._http.mount("http://", adapter)
        self._http.mount("https://", adapter)
        self._http.trust_env = False  # no proxy, no .netrc

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
        token = self._tokens.current()
        try:
            return self._once(method, path, token, request)
        except DeliveryError as error:
            if error.code not in errcodes.TOKEN_REFUSED:
                raise
        return self._once(method, path, self._tokens.renew(token), request)

    def _once(
        self, method: str, path: str, token: str, request: Mapping[str, Any]
    ) -> dict[str, Any]:
        sent = {
            **request,
            "params": {**request.get("params", {}), "access_token": token},
        }
        if isinstance(sent.get("data"), dict):
            sent["data"] = json.dumps(sent["data"], ensure_ascii=False).encode()
            sent["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        try:
            answer = self._request(method, path, **sent)
        except WeChatClientException as error:
            raise _read_error(error) from error
        except requests.RequestException as error:
            raise _read_failure(error) from error
        if not isinstance(answer, dict):
            raise DeliveryError("企业微信答非所问", uncertain=True)
        return answer

    def _fetch(self) -> Granted:
        """Get a token (path/91039)."""
        who = {"corpid": self.corp_id, "corpsecret": self.secret}
        try:
            answer = self._request(
                "get", "gettoken", params={**who, "access_token": ""}
            )
        except WeChatClientException as error:
            raise _read_error(error) from error
        except requests.RequestException as error:
            raise DeliveryError(_without_secrets(error)) from error
        if not isinstance(answer, dict) or "access_token" not in answer:
            raise DeliveryError("企业微信没有给出令牌")
        ends = self._clock.now() + timedelta(seconds=int(answer["expires_in"]))
        return Granted(answer["access_token"], ends)


def _read_error(error: WeChatClientException) -> DeliveryError:
    if error.errcode is None:
        status = error.response.status_code
        return DeliveryError(f"企业微信答复 HTTP {status}", uncertain=status >= 500)
    return errcodes.to_error(error.errcode, str(error.errmsg))


def _read_failure(error: requests.RequestException) -> DeliveryError:
    never_connected = isinstance(error, requests.ConnectTimeout) or (
        isinstance(error, requests.ConnectionError) and "NewConnection" in str(error)
    )
    return DeliveryError(_without_secrets(error), uncertain=not never_connected)


def _without_secrets(error: requests.RequestException) -> str:
    """Say what happened without the address, whose query holds the token."""
    return f"连不上企业微信（{type(error).__name__}）"
