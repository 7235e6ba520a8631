"""Putting a picture or file into a draft from its page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from bot.branch.notices import enclosures, previews, replies
from bot.branch.notices.drafts import Draft
from bot.branch.notices.previews import QUESTION, Sitting
from bot.branch.people import members
from bot.branch.people.members import Member, Role
from bot.config.settings import Config
from bot.errors import Denied, Refusal
from bot.inbox import open_questions

CLOSED = (
    "这个网页已经关了：这条通知已经确认发送或者取消，或者过了 30 分钟。"
    "请回到聊天里重新说“发通知”，再打开新的网页。"
)
NOT_YOURS = "这个网页只给写这条通知的人用，您打不开。"


@dataclass(frozen=True)
class Opened:
    """A draft whose door was opened by who writes it."""

    author: Member
    draft: Draft
    sitting: Sitting


def open_door(  # noqa: PLR0913  # a door, who stands before it, and when
    session: Session,
    door: str,
    userid: str,
    config: Config,
    now: datetime,
    *,
    lock: bool = False,
) -> Opened:
    """Find the draft of a door. Raises Denied to all but its author, and Refusal.

    lock: it is to be changed, so that nobody may answer it meanwhile.
    """
    path = ("draft", "door")
    found = open_questions.find_where(session, QUESTION, path, door, now)
    if found and lock:  # it may have been answered while we waited
        open_questions.take_thread(session, found[0])
        found = open_questions.find_where(session, QUESTION, path, door, now)
    if found is None:
        raise Refusal(CLOSED)
    thread, question = found
    author = members.find_in_thread(session, thread)
    known = members.recognise(session, userid)
    if author is None or known is None or known[0].id != author.id:
        raise Denied(NOT_YOURS)
    standing = known[1]
    if standing.role < Role.SECRETARY or not standing.includes(*question.office):
        raise Denied(NOT_YOURS)
    draft = Draft.unpack(question.details["draft"])
    sitting = Sitting(thread, standing.branch, config, now, question)
    return Opened(author, draft, sitting)


def enclose(session: Session, opened: Opened, name: str, content: bytes) -> None:
    """Put a picture or file into the draft, and the new preview into the chat.

    Raises Refusal, and then the draft is as it was.
    """
    draft, sitting = opened.draft, opened.sitting
    source = f"draft:{draft.door}"
    taken = enclosures.take_upload(session, name, content, source, sitting.now)
    if taken.number in draft.enclosed:
        return
    enclosures.check_room(draft.enclosed)
    draft = draft.with_enclosed(taken.number, is_picture=taken.is_picture)
    _show_in_chat(session, opened, draft, taken.name)


def _show_in_chat(session: Session, opened: Opened, draft: Draft, name: str) -> None:
    sitting = opened.sitting
    put = previews.show if draft.text else previews.ask_text
    shown = put(session, sitting, draft)
    words = f"已加上“{name}”。\n{shown}"
    replies.tell(session, opened.author, f"enclosed:{uuid4().hex}", words, sitting.now)
