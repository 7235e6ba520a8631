"""What is told of what went wrong, and the log of it for who looks after us."""

from uuid import uuid4

import structlog

from bot.assistant.outcome import Outcome
from bot.assistant.turn import Turn
from bot.cards.deferred import NotDrawn
from bot.errors import DatabaseLost, DiskFull, KeyMissing, StorageError
from bot.message import Reply

log = structlog.get_logger(__name__)

BUSY = "现在太忙，刚才这条没有记下，请过一会儿再发一次。"
# The first that fits.
NOT_RECORDED: tuple[tuple[type[StorageError], str], ...] = (
    (
        DiskFull,
        "助手的磁盘满了，刚才这条没有记下。请告诉管理员，腾出空间以后再发一次。",
    ),
    (
        DatabaseLost,
        "助手的数据库不在原处了，刚才这条没有记下。请告诉管理员，修好以后再发一次。",
    ),
    (StorageError, BUSY),
)
LOCKED = (
    "这要用到加密存放的内容，助手这里缺打开它的密钥，没有办成。\n"
    "请告诉管理员：密钥没有配好。"
)
BUG = "出了点问题，没有办成，已经记下（编号 {number}）。"


def go_on_after(turn: Turn, error: Exception) -> None:
    """Make what is lacking, or say what went wrong and have that recorded."""
    message = turn.message
    if turn.fault is not None:
        log.error("bug_not_recorded", message=message.id, why=str(error))
        turn.end(turn.fault)
    elif isinstance(error, NotDrawn):
        try:
            turn.made.add(error)
        except Exception as fault:  # noqa: BLE001  # told as any other bug
            go_on_after(turn, fault)
    elif isinstance(error, StorageError) and not isinstance(error, KeyMissing):
        log.error("message_not_recorded", message=message.id, why=str(error))
        said = next(said for kind, said in NOT_RECORDED if isinstance(error, kind))
        turn.end(Outcome(Reply(said)))
    elif isinstance(error, KeyMissing):
        log.error("key_missing", message=message.id, why=str(error))
        turn.own_up(Outcome(Reply(LOCKED)))
    else:  # the last door before the member
        number = uuid4().hex[:6]
        log.error("bug", number=number, message=message.id, exc_info=error)
        turn.own_up(Outcome(Reply(BUG.format(number=number))))
