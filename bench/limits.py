"""What this machine allows at most: the seal alone, the commits alone."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pysqlite3

from bench.branch import PEOPLE
from bench.envelopes import CORP, KEY, TOKEN, seal_checkins, userid
from bench.figures import Figure
from bot.channels.envelope import Seal
from bot.channels.wecom.hear import read_message
from bot.channels.wecom.write import write_reply

ENVELOPES = 2000
COMMITS = 4000
REPLY = "党员0001，已打卡，好的开始。\n学习强国 42 分\n记错了发“撤销打卡”。"
TABLES = """
CREATE TABLE answered (
    channel VARCHAR(32), message_id VARCHAR(128), reply VARCHAR, at DATETIME,
    PRIMARY KEY (channel, message_id)
);
CREATE INDEX ix_answered_at ON answered (at);
CREATE TABLE check_in (
    id INTEGER PRIMARY KEY, member_id INTEGER, day DATE, nth INTEGER, at DATETIME,
    streak INTEGER, note VARCHAR(500), platform VARCHAR(32), number FLOAT,
    unit VARCHAR(8), undone_at DATETIME, replaces INTEGER
);
CREATE UNIQUE INDEX uq_check_in ON check_in (member_id, day, nth);
"""


def measure(folder: Path, now: datetime) -> list[Figure]:
    return [
        Figure("seals opened, read and closed", _rate_seals(now), "/s"),
        Figure("commits of the same two rows (FULL)", _rate_commits(folder, now), "/s"),
    ]


def _rate_seals(now: datetime) -> float:
    seal = Seal(TOKEN, KEY, CORP)
    at = int(now.timestamp())
    envelopes = [
        _open(each) for each in seal_checkins(0, ENVELOPES, PEOPLE, now).requests
    ]

    def work() -> None:
        for query, body in envelopes:
            message = read_message(seal.open_body(query, body), CORP)
            seal.close(write_reply(message.sender, CORP, REPLY, at), at, "nonce")

    return _rate(work, ENVELOPES)


def _rate_commits(folder: Path, now: datetime) -> float:
    connection = pysqlite3.connect(str(folder / "limits.db"), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(TABLES)
    at, day = now.isoformat(sep=" "), now.date().isoformat()

    def work() -> None:
        for number in range(COMMITS):
            member, nth = number % PEOPLE, number // PEOPLE
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO answered VALUES (?, ?, ?, ?)",
                ("wecom", str(6 * 10**18 + number), REPLY, at),
            )
            connection.execute(
                "INSERT INTO check_in"
                " VALUES (NULL, ?, ?, ?, ?, 1, ?, ?, ?, ?, NULL, NULL)",
                (
                    member,
                    day,
                    nth,
                    at,
                    f"学习强国 42分 {userid(member)}",
                    "学习强国",
                    42.0,
                    "分",
                ),
            )
            connection.execute("COMMIT")

    rate = _rate(work, COMMITS)
    connection.close()
    return rate


def _rate(work: Callable[[], None], count: int) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def _open(request: bytes) -> tuple[Mapping[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    address = head.split(b" ", 2)[1].decode()
    return dict(parse_qsl(urlsplit(address).query)), body
