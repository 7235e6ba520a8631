"""The caller of our webhook: sealed envelopes over real HTTP, tried again."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import requests

from server.twin.crypto import Seal, Unreadable
from server.twin.replies import Answer, open_reply
from server.twin.xml import write

RETRIES = 3
ECHO_WITHIN = 1.0
PROBES = 10**18


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(eq=False)
class Caller:
    seal: Seal
    agent_id: int
    clock: Callable[[], datetime]
    url: Callable[[], str]
    timeout: float = 5.0
    # path/90238 retries any status but 200, path/90930 only lost connections
    retry_on_status: bool = False
    _session: requests.Session = field(default_factory=_new_session)

    def post(self, xml: str) -> Answer:
        """Deliver one message or event; up to three more tries (path/90930)."""
        query, body = self.sealed(xml)
        answer = Answer()
        for attempt in range(1, RETRIES + 2):
            answer = self._try(query, body, attempt)
            if answer.status == 200 or (answer.status and not self.retry_on_status):
                break
        return answer

    def sealed(self, xml: str) -> tuple[dict[str, str], bytes]:
        """Write the query and the body that carry a plain XML."""
        encrypted = self.seal.close(xml)
        to = self.seal.receive_id
        envelope = {"ToUserName": to, "AgentID": str(self.agent_id)}
        body = write(envelope | {"Encrypt": encrypted}).encode()
        return self._signed(encrypted), body

    def verify_url(self) -> Answer:
        """Ask, as the console does on saving, whether the address is ours (1 s)."""
        echo = str(PROBES + secrets.randbelow(9 * PROBES))
        encrypted = self.seal.close(echo)
        query = self._signed(encrypted) | {"echostr": encrypted}
        try:
            got = self._session.get(self.url(), params=query, timeout=ECHO_WITHIN)
        except requests.RequestException as error:
            return Answer(fault=f"no answer within a second: {type(error).__name__}")
        right = got.status_code == 200 and got.content == echo.encode()
        fault = "" if right else "the body is not exactly the decrypted echostr"
        return Answer(got.status_code, got.text, got.text, fault=fault)

    def close(self) -> None:
        self._session.close()

    def _signed(self, encrypted: str) -> dict[str, str]:
        timestamp = str(int(self.clock().timestamp()))
        nonce = str(secrets.randbelow(10**10))
        signature = self.seal.sign(timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _try(self, query: Mapping[str, str], body: bytes, attempt: int) -> Answer:
        headers = {"Content-Type": "text/xml"}
        try:
            got = self._session.post(
                self.url(),
                params=query,
                data=body,
                headers=headers,
                timeout=self.timeout,
            )
        except requests.RequestException as error:
            return Answer(attempts=attempt, fault=f"no answer: {type(error).__name__}")
        text = got.content.decode(errors="replace")
        if got.status_code != 200:
            fault = f"status {got.status_code}"
            return Answer(got.status_code, text, attempts=attempt, fault=fault)
        try:
            fields = open_reply(self.seal, text)
        except Unreadable as error:
            return Answer(200, text, attempts=attempt, fault=str(error))
        said, kind = str(fields.get("Content", "")), str(fields.get("MsgType", ""))
        return Answer(200, text, said, kind, fields, attempt)
