"""The official account's server API, with its stable token.

`token` would kill whatever token another program of the account has, each time;
`stable_token` gives the same one while it lives.
"""

from typing import Any

from bot.channels.api import Api, Platform
from bot.channels.http import TIMEOUTS
from bot.channels.official import errcodes
from bot.clock import Clock
from bot.config import settings as config
from bot.storage.database import Storage

OFFICIAL = Platform("公众号", errcodes.to_error, errcodes.TOKEN_REFUSED, tells_ok=False)


class Client(Api):
    """One account's client: `call("post", "message/custom/send", data={…})`."""

    def __init__(
        self,
        settings: config.Official,
        storage: Storage,
        clock: Clock,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        """timeouts: seconds to connect, and to wait for the next byte."""
        self.app_id = settings.app_id
        self._secret = settings.secret.get_secret_value()
        app = ("official", settings.app_id, self._secret, settings.api_base)
        super().__init__(OFFICIAL, settings.api_base, app, storage, clock, timeouts)

    def ask_token(self) -> dict[str, Any]:
        """Ask for the stable token (getStableAccessToken).

        It is renewed by force only where the account refuses the one that it gives.
        """
        who = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self._secret,
        }
        answer = self._plainly("post", "stable_token", data=who)
        if answer.get("access_token") != self.refused_token:
            return answer
        return self._plainly(
            "post", "stable_token", data={**who, "force_refresh": True}
        )

    def identify(self, code: str) -> dict[str, Any]:
        """Ask whose a page's code is (网页授权). Raises DeliveryError."""
        return self._plainly(
            "get",
            "/sns/oauth2/access_token",
            params={
                "appid": self.app_id,
                "secret": self._secret,
                "code": code,
                "grant_type": "authorization_code",
            },
        )
