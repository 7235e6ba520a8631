"""The smart robot (智能机器人): a line that we open, or callbacks with JSON.

Over the line its letters go out only in the process that holds it; see `hold`.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import OWN_KNOCK, Envelope
from bot.channels.aibot import errcodes, feedback, frames, write
from bot.channels.aibot.connection import LineError, Refused
from bot.channels.aibot.envelope import NOBODY, close_body, open_body
from bot.channels.aibot.frames import Frame
from bot.channels.aibot.hear import CHANNEL, Ticket, read_body, read_message
from bot.channels.aibot.media import Library
from bot.channels.envelope import Seal, check_age
from bot.channels.http import JSON, TIMEOUTS, exchange, open_session, was_never_sent
from bot.channels.json import read_json
from bot.channels.media import Media
from bot.clock import Clock
from bot.config import settings as config
from bot.errors import BadCallback, DeliveryError
from bot.inbox import callers
from bot.message import (
    Card,
    CardUpdate,
    Content,
    Fetch,
    GroupText,
    Message,
    Picture,
    Recall,
    Reply,
    Text,
    unpack,
)
from bot.outbox import Letter, Outcome
from bot.outbox.letters import Batch
from bot.outbox.limits import whole_text
from bot.storage.database import Storage
from bot.text.split import cut_text

Speak = Callable[[str, Mapping[str, Any], str], Frame]
NO_LINE = "机器人的长连接现在没有开着"
UNASKED = "机器人用回调方式时不能先开口，要等本人先说一句话"
ONE_ANSWER_WITHIN = timedelta(minutes=59)  # an hour (path/101138)
PREFIX = "card:"


class AiBot:
    """One robot. is_here: whether its letters go out in this process."""

    reply_limit = write.STREAM_BYTES

    def __init__(self, settings: config.AiBot, storage: Storage, clock: Clock) -> None:
        self.settings = settings
        self._storage, self._clock = storage, clock
        self._speak: Speak | None = None
        self._seal, key = None, ""
        if settings.token and settings.encoding_aes_key:
            key = settings.encoding_aes_key.get_secret_value()
            self._seal = Seal(settings.token.get_secret_value(), key, NOBODY)
        self.is_here = self._seal is not None
        library = Library(self._say_first, key)
        self.media = Media(library, storage, clock, CHANNEL, "智能机器人")
        self._http = open_session()

    @property
    def has_line(self) -> bool:
        """Whether it is reached over a line, which one process holds."""
        return self._seal is None

    def hold(self, speak: Speak | None) -> None:
        """Let letters out over a line. speak: says (cmd, body, req_id), and waits.

        None: there is no line any more.
        """
        self._speak = speak

    def handshake(self, query: Mapping[str, str]) -> str:
        echo = self._sealed().open_echo(query)
        check_age(query, self._clock.now())
        return echo

    def seal_echo(self) -> tuple[dict[str, str], str]:
        """Ask ourselves as the platform does: the query, and what must come back."""
        echo = str(secrets.randbelow(10**19)).zfill(19)
        at = int(self._clock.now().timestamp())
        nonce = OWN_KNOCK + secrets.token_hex(8)
        return self._sealed().seal_echo(echo, at, nonce), echo

    def hear(self, query: Mapping[str, str], body: bytes) -> Message:
        opened = open_body(self._sealed(), query, body)
        check_age(query, self._clock.now())
        message = self.read(read_body(opened))
        with self._storage.write() as session:
            return self.note(session, message)

    def read(self, body: Mapping[str, Any], req_id: str = "") -> Message:
        """Read what came, by either way. Raises BadCallback."""
        return read_message(body, req_id, self.settings.bot_id)

    def note(self, session: Session, message: Message) -> Message:
        """Note who wrote, or thinks what of an answer; return what is to be answered.

        Who opens the chat for the first time is welcomed.
        """
        now = self._clock.now()
        if message.event == "feedback_event":
            feedback.keep(session, message, now)
        if message.group:
            return message
        first = callers.note(session, CHANNEL, message.sender, now)
        if address := message.fields.get("address"):
            until = now + ONE_ANSWER_WITHIN
            callers.keep_address(session, CHANNEL, message.sender, address, until)
        if first and message.event == "enter_chat":
            return replace(message, event="subscribe")
        return message

    def reply(
        self, query: Mapping[str, str], message: Message, reply: Reply | None
    ) -> str:
        """Seal the answer to a callback; "" (nothing) where none would be heard."""
        if message.event == "template_card_event":
            told = self._update(message)
        elif reply is None or not reply.text:
            told = None
        else:
            told = self.answer(message, reply)
        if told is None:
            return ""
        at = int(self._clock.now().timestamp())
        text = json.dumps(told, ensure_ascii=False)
        return close_body(self._sealed(), text, at, query["nonce"])

    def answer(
        self, message: Message, reply: Reply, *, finish: bool = True
    ) -> dict[str, Any]:
        """Write an answer, as either way takes it."""
        if message.kind == "event":
            return write.write_welcome(reply.text)
        return write.write_stream(
            message.id, reply.text, finish=finish, feedback=message.id[:256]
        )

    def send(self, envelope: Envelope) -> Outcome:
        match envelope.content:
            case Fetch(attachment):
                self.media.fetch(attachment)
            case CardUpdate() as update:
                self._send_update(update)
            case Recall():
                raise DeliveryError("机器人发的消息不能撤回", permanent=True)
            case Picture() as picture:
                return self._send_picture(envelope.users[0], picture)
            case content:
                bodies = self._write(content, envelope.reference)
                return self._send_all(envelope.users[0], bodies)
        return Outcome()

    def _write(self, content: Content, reference: str) -> list[dict[str, Any]]:
        """Write what somebody reads, in as many messages as it takes."""
        match content:
            case Text(text) | GroupText(text):
                return _in_parts(text)
            case Card() as card:
                whole = whole_text(card)
                before = _in_parts(whole) if whole else []
                return [*before, write.write_card(card, reference)]
        raise DeliveryError("机器人发不了这种消息", permanent=True)

    def _send_picture(self, user: str, picture: Picture) -> Outcome:
        def send(media_id: str) -> Outcome:
            return self._send_all(user, [write.write_media(picture.kind, media_id)])

        return self.media.with_media(picture, send)

    def _send_all(self, user: str, bodies: Sequence[dict[str, Any]]) -> Outcome:
        for number, body in enumerate(bodies):
            try:
                self._send(user, body, begun=number > 0)
            except DeliveryError as error:
                if error.code != errcodes.NOT_GREETED and str(error) != UNASKED:
                    raise
                return Outcome(unreached={user: str(error)})
        return Outcome()

    def _send(self, user: str, body: Mapping[str, Any], *, begun: bool) -> None:
        """Say something unasked. begun: a part of it was heard already."""
        try:
            if self.has_line:
                self._say(frames.SEND, {"chatid": user, **body})
            else:
                self._post(user, body)
        except DeliveryError as error:
            error.uncertain = error.uncertain or begun
            raise

    def _say(self, cmd: str, body: Mapping[str, Any], req_id: str = "") -> Frame:
        if self._speak is None:
            down = DeliveryError(NO_LINE)
            down.everywhere = True
            raise down
        try:
            return self._speak(cmd, body, req_id)
        except Refused as refused:
            raise errcodes.refuse(refused.code, refused.said) from refused
        except LineError as error:
            told = f"{NO_LINE}（{error}）"
            raise DeliveryError(told, uncertain=error.sent) from error

    def _say_first(self, cmd: str, body: Mapping[str, Any]) -> Frame:
        """Say what does no harm twice: nobody sees it."""
        try:
            return self._say(cmd, body)
        except DeliveryError as error:
            error.uncertain = False
            raise

    def _post(self, user: str, body: Mapping[str, Any]) -> None:
        """Send the one answer that a message allows within the hour (path/101138)."""
        now = self._clock.now()
        with self._storage.write() as session:
            address = callers.take_address(session, CHANNEL, user, now)
        if address is None:
            raise DeliveryError(UNASKED, permanent=True)
        data = json.dumps(body, ensure_ascii=False).encode()
        try:
            answer = exchange(
                self._http, "post", address, data=data, headers=JSON, timeout=TIMEOUTS
            )
            told = read_json(answer.body or b"{}")
            code = int(told.get("errcode") or 0)
        except requests.RequestException as error:
            unsure = not was_never_sent(error)
            raise DeliveryError("机器人平台没有回答", uncertain=unsure) from error
        except (AttributeError, TypeError, ValueError) as error:
            raise DeliveryError("机器人平台答非所问", uncertain=True) from error
        if answer.status != 200 or code:
            raise errcodes.refuse(code or answer.status, str(told.get("errmsg", "")))

    def _send_update(self, update: CardUpdate) -> None:
        """Change the card that was pressed; by callback its answer has done so."""
        if not self.has_line:
            return
        ticket = Ticket.read(update.ticket)
        card = self._find_card(ticket.task_id)
        if card is None:
            raise DeliveryError("这张卡片已经不在了", permanent=True)
        told = write.write_update(card, ticket.task_id, update.button)
        self._say(frames.UPDATE, told, ticket.req_id)

    def _update(self, message: Message) -> dict[str, Any] | None:
        """Write what becomes of a card by callback: what its press has queued."""
        with self._storage.read() as session:
            body = session.scalar(
                select(Letter.body).where(Letter.key == f"{PREFIX}{message.ticket}")
            )
        queued = unpack(body) if body else None
        task_id = message.ticket and Ticket.read(message.ticket).task_id
        card = self._find_card(task_id) if queued else None
        if card is None or not isinstance(queued, CardUpdate):
            return None
        return write.write_update(card, task_id, queued.button)

    def _find_card(self, reference: str) -> Card | None:
        """Find a card by the reference of the batch that it went out with."""
        number = reference.removeprefix("b").partition("-")[0]
        if not number.isdecimal():
            return None
        with self._storage.read() as session:
            body = session.scalar(
                select(Letter.body)
                .join(Batch, Batch.letter_id == Letter.id)
                .where(Batch.id == int(number))
            )
        card = unpack(body) if body else None
        return card if isinstance(card, Card) else None

    def _sealed(self) -> Seal:
        if self._seal is None:
            raise BadCallback("reached over a line, not by callback")
        return self._seal


def _in_parts(text: str) -> list[dict[str, Any]]:
    return [write.write_markdown(each) for each in cut_text(text, write.STREAM_BYTES)]
