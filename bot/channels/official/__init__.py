"""The official account (公众号): its callbacks and its message API."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bot import outbox
from bot.channels import OWN_KNOCK, Envelope
from bot.channels.envelope import Seal, check_age
from bot.channels.media import Media
from bot.channels.official import errcodes, write
from bot.channels.official.client import OFFICIAL, Client
from bot.channels.official.hear import (
    CHANNEL,
    SEALED_BY,
    check_signature,
    is_sealed,
    open_body,
    read_message,
    read_plain,
    sign,
)
from bot.channels.official.once import Once
from bot.clock import Clock
from bot.config import settings as config
from bot.errors import BadCallback, DeliveryError
from bot.message import Card, CardUpdate, Fetch, Message, Picture, Recall, Reply
from bot.outbox import Outcome
from bot.outbox.kinds import REPLIES
from bot.outbox.limits import TEXT_BYTES
from bot.storage.database import Storage
from bot.text.split import cut_text

NOTHING = "success"
"""What keeps WeChat from telling the member that the account is out of order."""
# Events that a passive reply reaches.
REPLIABLE = {"subscribe", "scan", "click", "scancode_waitmsg"}
ECHO = re.compile("[A-Za-z0-9_-]{1,64}")
WINDOW = timedelta(hours=48)
SLACK = timedelta(hours=1)
GO_ON_AFTER = timedelta(minutes=10)
NO_TEMPLATE = "超过 48 小时没有在公众号说话，也没有设模板消息"
NO_FILES = "公众号不能发文件"
NO_RECALL = "公众号的消息不能撤回"
QR_LIVES = timedelta(minutes=10)
AUTHORIZE = "connect/oauth2/authorize"


class Official:
    """One account."""

    reply_limit = TEXT_BYTES

    def __init__(
        self, settings: config.Official, storage: Storage, clock: Clock, branch: str
    ) -> None:
        """branch: what stands for {支部} in a template."""
        self._settings, self._branch = settings, branch
        self._token = settings.token.get_secret_value()
        keys = (settings.encoding_aes_key, settings.old_encoding_aes_key)
        self._seals = [
            Seal(self._token, key.get_secret_value(), settings.app_id)
            for key in keys
            if key
        ]
        self._storage, self._clock = storage, clock
        self._once = Once(clock)
        self.client = Client(settings, storage, clock)
        self._media = Media(self.client, storage, clock, CHANNEL, OFFICIAL.name)

    def handshake(self, query: Mapping[str, str]) -> str:
        """Give the echo back as it is: here nothing is sealed."""
        check_signature(self._token, query)
        check_age(query, self._clock.now())
        echo = query.get("echostr", "")
        if not ECHO.fullmatch(echo):
            raise BadCallback("an echo that is no word")
        return echo

    def hear(self, query: Mapping[str, str], body: bytes) -> Message:
        """Read a callback: sealed, or in plain text under a signature used once."""
        if is_sealed(query):
            opened, number = open_body(self._seals, query, body)
            check_age(query, self._clock.now())
            return read_message(opened, number)
        check_signature(self._token, query)
        check_age(query, self._clock.now())
        self._once.check(query, body)
        return read_message(read_plain(body))

    def reply(
        self, query: Mapping[str, str], message: Message, reply: Reply | None
    ) -> str:
        """Write a text, sealed with the key that the message came under."""
        silent = message.kind == "event" and message.event not in REPLIABLE
        if reply is None or not reply.text or silent:
            return NOTHING
        at = int(self._clock.now().timestamp())
        account = message.fields.get("ToUserName", "")
        xml = write.write_reply(message.sender, account, reply.text, at)
        sealed_by = message.fields.get(SEALED_BY)
        if sealed_by is None:
            return xml
        return self._seals[int(sealed_by)].close(xml, at, secrets.token_hex(8))

    def send(self, envelope: Envelope) -> Outcome:
        """Send to one person: in the window for words, else under a template."""
        (user,) = envelope.users
        match envelope.content:
            case CardUpdate():
                return Outcome()  # there was no card to change
            case Fetch(attachment):
                self._media.fetch(attachment)
                return Outcome()
            case Recall():
                raise DeliveryError(NO_RECALL, permanent=True)
            case Picture(kind="file"):
                return Outcome(refused={user: NO_FILES})
        shut = NO_TEMPLATE
        if self._is_open(user, envelope.kind):
            outcome = self._try(user, lambda: self._send_words(envelope, user))
            if isinstance(outcome, Outcome):
                return outcome
            shut = outcome
        template = self._template(envelope)
        if template is None:
            return Outcome(unreached={user: shut})
        told = self._try(user, lambda: self._push(envelope, user, template))
        return told if isinstance(told, Outcome) else Outcome(unreached={user: told})

    def _is_open(self, user: str, kind: str) -> bool:
        """Tell whether words may get through: not surely shut, or just asked for."""
        if kind in REPLIES:
            return True
        with self._storage.read() as session:
            known = outbox.find_address(session, CHANNEL, user)
        if known is None or known.heard_at is None:
            return known is None
        return self._clock.now() - known.heard_at <= WINDOW + SLACK

    def _try(self, user: str, send: Callable[[], str]) -> Outcome | str:
        """Send; where the platform lets nothing through to this person, say why."""
        try:
            return Outcome(send())
        except DeliveryError as error:
            if error.code in errcodes.LOST:
                return Outcome(unreached={user: str(error)}, lost=[user])
            if error.code in errcodes.SHUT or error.code in errcodes.NOT_GRANTED:
                if error.receipt:  # a part is there: the rest follows it
                    error.permanent, error.wait = False, GO_ON_AFTER
                    raise
                return str(error)
            raise

    def _send_words(self, envelope: Envelope, user: str) -> str:
        """Send customer-service messages; the receipt counts the parts that arrived."""
        match envelope.content:
            case Picture() as picture:

                def send(media_id: str) -> Outcome:
                    self._call("message/custom/send", write.write_image(user, media_id))
                    return Outcome()

                return self._media.with_media(picture, send).receipt
            case content:
                parts = cut_text(write.tell(content), TEXT_BYTES)
        there = int(envelope.receipt or 0)
        for number, part in enumerate(parts[there:], there):
            try:
                self._call("message/custom/send", write.write_text(user, part))
            except DeliveryError as error:
                error.receipt = str(number) if number else ""
                raise
        return ""

    def _template(self, envelope: Envelope) -> config.Template | None:
        """Choose the template of this kind of letter; a picture has no words for it."""
        if isinstance(envelope.content, Picture) or envelope.receipt:
            return None
        templates = self._settings.templates
        return templates.get(envelope.kind) or templates.get("default")

    def _push(self, envelope: Envelope, user: str, template: config.Template) -> str:
        content = envelope.content
        url = content.url if isinstance(content, Card) else ""
        told = {"时间": write.say_moment(self._clock.now()), "支部": self._branch}
        body = write.write_template(user, template, content, url, told)
        path = (
            "message/subscribe/bizsend" if template.notice else "message/template/send"
        )
        answer = self._call(path, body)
        return str(answer.get("msgid", ""))

    def _call(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        return self.client.call("post", path, data=data)

    def sign_echo(self) -> tuple[dict[str, str], str]:
        """Ask ourselves as the platform does: the query, and what must come back."""
        echo = str(secrets.randbelow(10**19)).zfill(19)
        at = str(int(self._clock.now().timestamp()))
        nonce = OWN_KNOCK + secrets.token_hex(8)
        signed = {"signature": sign(self._token, at, nonce)}
        return {**signed, "timestamp": at, "nonce": nonce, "echostr": echo}, echo

    def list_templates(self, *, notice: bool) -> dict[str, str]:
        """List the account's templates or subscription notices: content by id.

        Raises DeliveryError.
        """
        if notice:
            told = self.client.call("get", "/wxaapi/newtmpl/gettemplate")
            key, rows = "priTmplId", told.get("data")
        else:
            told = self.client.call("get", "template/get_all_private_template")
            key, rows = "template_id", told.get("template_list")
        return {str(each[key]): str(each.get("content", "")) for each in rows or ()}

    def make_code_address(self, scene: str) -> str:
        """Return the address that a QR code of a scene opens (生成带参数的二维码).

        Raises DeliveryError: only verified service accounts may.
        """
        answer = self._call(
            "qrcode/create",
            {
                "expire_seconds": int(QR_LIVES.total_seconds()),
                "action_name": "QR_STR_SCENE",
                "action_info": {"scene": {"scene_str": scene}},
            },
        )
        return str(answer.get("url") or "")

    def login_address(self, back: str, state: str) -> str:
        """Return where a page sends a reader to be recognised (网页授权)."""
        query = {
            "appid": self._settings.app_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return (
            f"{self._settings.open_base}/{AUTHORIZE}?{urlencode(query)}#wechat_redirect"
        )

    def identify(self, code: str) -> str | None:
        """Tell whose code it is: an openid, None if there is none.

        Raises BadCallback if the code is used, too old or none of WeChat's.
        """
        try:
            answer = self.client.identify(code)
        except DeliveryError as error:
            if error.code in errcodes.CODE_REFUSED:
                raise BadCallback(str(error)) from error
            raise
        return str(answer.get("openid") or "") or None
