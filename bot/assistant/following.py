"""What of an answer is not the reply itself: it follows as a letter to the asker."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.assistant.look import Known
from bot.assistant.outcome import Outcome
from bot.channels import Channel
from bot.command import Commands
from bot.inbox import callers
from bot.message import Message, Reply, Text
from bot.text.split import cut_head

REST_GOOD_FOR = timedelta(hours=1)
TOLD_ALONE = "单独回复您了，请看我们的单聊。"
ASK_ALONE = "这件事不在群里说：请打开和我的单聊，在那里问我。"
DONE_ASK_ALONE = "办好了，办了什么不在群里说：请打开和我的单聊，在那里问我。"


@dataclass(frozen=True)
class Following:
    channels: Mapping[str, Channel]
    commands: Commands

    def keep_apart(
        self,
        session: Session,
        message: Message,
        heard: Outcome,
        known: Known | None,
        now: datetime,
    ) -> Outcome:
        """Say in a group only what everybody may read; the rest to the asker alone."""
        if not message.group or heard.reply is None or self._is_public(heard):
            return heard
        wrote = callers.has_written(session, message.channel, message.sender)
        if heard.private or not wrote:
            told = DONE_ASK_ALONE if heard.reply.changed else ASK_ALONE
            return replace(heard, reply=Reply(told, heard.reply.changed))
        _send_after(session, message, "alone", heard.reply.text, known, now)
        return replace(heard, reply=Reply(TOLD_ALONE, heard.reply.changed))

    def cut(
        self,
        session: Session,
        message: Message,
        heard: Outcome,
        known: Known | None,
        now: datetime,
    ) -> Outcome:
        """Reply with what fits; the rest follows through the outbox."""
        channel = self.channels.get(message.channel)
        if channel is None or heard.reply is None:
            return heard
        head, rest = cut_head(heard.reply.text, channel.reply_limit)
        if not rest:
            return heard
        _send_after(session, message, "rest", rest, known, now)
        return replace(heard, reply=Reply(head, heard.reply.changed))

    def is_too_long(self, message: Message, reply: Reply) -> bool:
        channel = self.channels.get(message.channel)
        return bool(channel and cut_head(reply.text, channel.reply_limit)[1])

    def _is_public(self, heard: Outcome) -> bool:
        command = self.commands.by_intent.get(heard.intent)
        return command.public if command else heard.intent == "none"


def _send_after(  # noqa: PLR0913  # to which message, what, to whom, when
    session: Session,
    message: Message,
    name: str,
    text: str,
    known: Known | None,
    now: datetime,
) -> None:
    """Have what the reply did not say follow as a letter to the asker alone.

    name: what part of the answer it is; of each part there is one.
    """
    plan = outbox.Plan(
        key=f"{name}:{message.channel}:{message.id}",
        kind="reply",
        content=Text(text),
        window=outbox.Window(now, now + REST_GOOD_FOR),
        importance=outbox.Importance.ANSWER,
        channel=message.channel,
    )
    number = known[0].id if known else None
    outbox.put_to(session, plan, message.sender, number, now=now)
