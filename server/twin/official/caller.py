"""The caller of our webhook, in the account's mode: plain, compatible or safe."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha1
from typing import Any

import requests

from server.twin.crypto import Seal, Unreadable
from server.twin.replies import Answer, open_reply
from server.twin.xml import read, write

TRIES = 3
NOTHING = ("", "success")


class Caller:
    def __init__(self, account: Any, clock: Callable[[], datetime]) -> None:
        self._account, self._clock = account, clock
        self.timeout = 5.0
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def seal(self) -> Seal:
        kept = self._account
        return Seal.of(kept.token, kept.encoding_aes_key, kept.app_id)

    def post(self, openid: str, xml: str) -> Answer:
        """Deliver one message or event; no answer within 5 s: up to three times."""
        query, body = self.sealed(openid, xml)
        answer = Answer()
        for attempt in range(1, TRIES + 1):
            answer = self._try(query, body, attempt)
            if answer.status:
                break
        return answer

    def sealed(self, openid: str, xml: str) -> tuple[dict[str, str], bytes]:
        """Write the query and the body that carry a plain XML."""
        timestamp = str(int(self._clock().timestamp()))
        nonce = str(secrets.randbelow(10**10))
        query = {
            "signature": self.sign(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": openid,
        }
        if self._account.mode == "plain":
            return query, xml.encode()
        encrypted = self.seal.close(xml)
        signature = self.seal.sign(timestamp, nonce, encrypted)
        query |= {"encrypt_type": "aes", "msg_signature": signature}
        outer: dict[str, Any] = {"ToUserName": self._account.gh_id}
        if self._account.mode == "compatible":
            outer = read(xml)
        return query, write({**outer, "Encrypt": encrypted}).encode()

    def verify_url(self) -> Answer:
        """Ask, as the console does on saving, whether the address is ours."""
        timestamp = str(int(self._clock().timestamp()))
        nonce, echo = str(secrets.randbelow(10**10)), str(secrets.randbelow(10**19))
        query = {
            "signature": self.sign(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": echo,
        }
        got = self._session.get(
            self._account.callback_url, params=query, timeout=self.timeout
        )
        fault = "" if got.text == echo else "the body is not the echostr"
        return Answer(got.status_code, got.text, fault=fault)

    def sign(self, timestamp: str, nonce: str) -> str:
        parts = sorted((self._account.token, timestamp, nonce))
        return sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def close(self) -> None:
        self._session.close()

    def _try(self, query: Mapping[str, str], body: bytes, attempt: int) -> Answer:
        try:
            got = self._session.post(
                self._account.callback_url,
                params=query,
                data=body,
                headers={"Content-Type": "text/xml"},
                timeout=self.timeout,
            )
        except requests.RequestException as error:
            return Answer(attempts=attempt, fault=f"no answer: {type(error).__name__}")
        text = got.content.decode(errors="replace")
        if got.status_code != 200:
            fault = f"status {got.status_code}"
            return Answer(got.status_code, text, attempts=attempt, fault=fault)
        if text in NOTHING:
            return Answer(200, text, attempts=attempt)
        try:
            sealed = self._account.mode != "plain"
            fields = open_reply(self.seal, text) if sealed else read(text)
        except Unreadable as error:
            return Answer(200, text, attempts=attempt, fault=str(error))
        said, kind = str(fields.get("Content", "")), str(fields.get("MsgType", ""))
        return Answer(200, text, said, kind, fields, attempt)
