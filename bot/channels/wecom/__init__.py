"""WeCom (企业微信): the application's callbacks and its message API."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from bot.channels import OWN_KNOCK, Envelope
from bot.channels.envelope import Seal, check_age
from bot.channels.media import Media
from bot.channels.wecom import errcodes, write
from bot.channels.wecom.client import WECOM, Client
from bot.channels.wecom.contacts import Contacts
from bot.channels.wecom.hear import CHANNEL, read_message
from bot.clock import Clock
from bot.config import settings as config
from bot.errors import BadCallback, DeliveryError
from bot.message import (
    Card,
    CardUpdate,
    Fetch,
    GroupText,
    Message,
    Picture,
    Recall,
    Reply,
    Text,
)
from bot.outbox import Outcome
from bot.outbox.limits import TEXT_BYTES, whole_text
from bot.storage.database import Storage
from bot.text.accounts import is_account
from bot.text.split import cut_text

# Events whose passive reply reaches the member (path/90241); template_card_event is
# in dispute, so what it must say goes through the API.
REPLIABLE = {"subscribe", "enter_agent", "click", "scancode_waitmsg"}
NOT_IN_A_USERID = re.compile(r"[|,;、，；\s]+")
AUTHORIZE = "connect/oauth2/authorize"
SCAN = "wwlogin/sso/login"


class WeCom:
    """One self-built app."""

    reply_limit = TEXT_BYTES

    def __init__(self, settings: config.WeCom, storage: Storage, clock: Clock) -> None:
        self._corp_id, self._agent_id = settings.corp_id, settings.agent_id
        self._open_base, self._login_base = settings.open_base, settings.login_base
        self._seal = Seal(
            settings.token.get_secret_value(),
            settings.encoding_aes_key.get_secret_value(),
            settings.corp_id,
        )
        self._clock = clock
        self.client = Client(settings, storage, clock)
        self.contacts = Contacts(self.client)
        self._media = Media(self.client, storage, clock, CHANNEL, WECOM.name)

    def handshake(self, query: Mapping[str, str]) -> str:
        echo = self._seal.open_echo(query)
        check_age(query, self._clock.now())
        return echo

    def hear(self, query: Mapping[str, str], body: bytes) -> Message:
        opened = self._seal.open_body(query, body)
        check_age(query, self._clock.now())
        return read_message(opened, self._corp_id, self._agent_id)

    def reply(
        self, query: Mapping[str, str], message: Message, reply: Reply | None
    ) -> str:
        """Seal a text; "" (nothing) where WeCom would drop the reply."""
        silent = message.kind == "event" and message.event not in REPLIABLE
        if reply is None or not reply.text or silent:
            return ""
        at = int(self._clock.now().timestamp())
        xml = write.write_reply(message.sender, self._corp_id, reply.text, at)
        return self._seal.close(xml, at, secrets.token_hex(8))

    def send(self, envelope: Envelope) -> Outcome:
        match envelope.content:
            case CardUpdate() as update:
                return self._update_card(update, list(envelope.users))
            case Text(text) | GroupText(text):
                parts = cut_text(text, TEXT_BYTES)
                bodies = [write.write_text(part) for part in parts]
            case Card() as card:
                bodies = [
                    *self._whole_text(card),
                    write.write_card(card, envelope.reference),
                ]
            case Recall(receipts):
                return self._recall(receipts)
            case Picture() as picture:
                return self._send_picture(envelope, picture)
            case Fetch(attachment):
                self._media.fetch(attachment)
                return Outcome()
        return self._send_all(envelope, bodies)

    def create_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Put the menu under the chat (path/90231). Raises DeliveryError."""
        self.client.call(
            "post",
            "menu/create",
            params={"agentid": self._agent_id},
            data={"button": buttons},
        )

    def describe_app(self) -> dict[str, Any]:
        """Ask what WeCom knows of our app (path/90227). Raises DeliveryError."""
        return self.client.call("get", "agent/get", params={"agentid": self._agent_id})

    def seal_echo(self) -> tuple[dict[str, str], str]:
        """Ask ourselves as WeCom's console does: the query, and what must come back."""
        echo = str(secrets.randbelow(10**19)).zfill(19)
        at = int(self._clock.now().timestamp())
        nonce = OWN_KNOCK + secrets.token_hex(8)
        return self._seal.seal_echo(echo, at, nonce), echo

    def login_address(self, back: str, state: str) -> str:
        """Return where a page sends a member to be recognised (path/91022).

        WeCom sends the member to `back`, with a code and the state: letters and digits.
        """
        query = {
            "appid": self._corp_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": self._agent_id,
        }
        return f"{self._open_base}/{AUTHORIZE}?{urlencode(query)}#wechat_redirect"

    def scan_address(self, back: str, state: str) -> str:
        """Return where a computer shows a QR code to be scanned (path/98152)."""
        query = {
            "login_type": "CorpApp",
            "appid": self._corp_id,
            "agentid": self._agent_id,
            "redirect_uri": back,
            "state": state,
        }
        return f"{self._login_base}/{SCAN}?{urlencode(query)}"

    def identify(self, code: str) -> str | None:
        """Tell whose code it is (path/91023); None if of nobody in the company.

        Raises BadCallback if the code is used, too old or none of WeCom's.
        """
        try:
            answer = self.client.call("get", "auth/getuserinfo", params={"code": code})
        except DeliveryError as error:
            if error.code in errcodes.CODE_REFUSED:
                raise BadCallback(str(error)) from error
            raise
        return str(answer.get("userid") or "") or None

    def _whole_text(self, card: Card) -> list[dict[str, Any]]:
        """Put what is longer than a card shows in front of it, whole."""
        whole = whole_text(card)
        parts = cut_text(whole, TEXT_BYTES) if whole else []
        return [write.write_text(part) for part in parts]

    def _send_all(self, envelope: Envelope, bodies: list[dict[str, Any]]) -> Outcome:
        """Send part after part; whoever missed one has not got the letter."""
        outcomes: list[Outcome] = []
        for body in bodies:
            try:
                outcomes.append(self._send(envelope, body))
            except DeliveryError as error:
                error.uncertain = error.uncertain or bool(outcomes)
                raise
        receipts = (each.receipt for each in outcomes if each.receipt)
        refused = {user: why for each in outcomes for user, why in each.refused.items()}
        return Outcome(",".join(receipts), refused)

    def _send(self, envelope: Envelope, body: dict[str, Any]) -> Outcome:
        """Send to those who are one person each; "@all" and its like are refused."""
        users = [each for each in envelope.users if is_account(each)]
        nobody = dict.fromkeys(envelope.users, errcodes.NO_ACCOUNT)
        if not users:
            return Outcome("", nobody)
        whole = write.address(body, self._agent_id, users, envelope.reference)
        answer = self.client.call("post", "message/send", data=whole)
        asked = {user.casefold(): user for user in envelope.users}
        refused = {user: why for user, why in nobody.items() if user not in users}
        refused |= {
            asked.get(user.casefold(), user): reason
            for field, reason in (
                ("invaliduser", errcodes.INVALID_USER),
                ("unlicenseduser", errcodes.UNLICENSED_USER),
            )
            for user in read_users(answer.get(field), field)
        }
        return Outcome(str(answer.get("msgid", "")), refused)

    def _send_picture(self, envelope: Envelope, picture: Picture) -> Outcome:
        def send(media_id: str) -> Outcome:
            return self._send(envelope, write.write_media(picture.kind, media_id))

        return self._media.with_media(picture, send)

    def _recall(self, receipts: Sequence[str]) -> Outcome:
        """Take messages back (path/94867): within 24 hours, not in the WeChat plugin.

        One that is gone already, or too old, does not keep the others.
        """
        for msgid in receipts:
            try:
                self.client.call("post", "message/recall", data={"msgid": msgid})
            except DeliveryError as error:
                if not error.permanent:
                    raise
        return Outcome()

    def _update_card(self, update: CardUpdate, users: list[str]) -> Outcome:
        users = [each for each in users if is_account(each)]
        if not users:
            return Outcome()
        body = write.write_update(update, self._agent_id, users)
        self.client.call("post", "message/update_template_card", data=body)
        return Outcome()


UNKNOWN_SHAPE = "企业微信答的名单认不出来"


def read_users(told: object, field: str) -> list[str]:
    """List the accounts of an answer: a|b (path/90236), a,b or a list of them.

    Raises DeliveryError, uncertain, for anything else: nobody then counts as delivered
    who may be in it.
    """
    every = told if isinstance(told, list) else [told or ""]
    if not all(isinstance(each, str | int) for each in every):
        error = DeliveryError(f"{UNKNOWN_SHAPE}（{field}）", uncertain=True)
        error.detail = str(told)[:200]
        raise error
    return [user for each in every for user in NOT_IN_A_USERID.split(str(each)) if user]
