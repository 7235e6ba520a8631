"""WeCom's server API: one app's calls, each with the shared token."""

from typing import Any

from bot.channels.api import Api, Platform
from bot.channels.http import TIMEOUTS
from bot.channels.wecom import errcodes
from bot.clock import Clock
from bot.config import settings as config
from bot.storage.database import Storage

WECOM = Platform("企业微信", errcodes.to_error, errcodes.TOKEN_REFUSED)


class Client(Api):
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
        app = (settings.corp_id, str(settings.agent_id), secret, settings.api_base)
        super().__init__(WECOM, settings.api_base, app, storage, clock, timeouts)

    def ask_token(self) -> dict[str, Any]:
        """Ask for a token (path/91039)."""
        who = {"corpid": self._corp_id, "corpsecret": self._secret}
        return self._plainly("get", "gettoken", params=who)
