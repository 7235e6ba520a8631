"""Messages that are made to take long, and how long each takes: CPU of its thread.

Each is a beginning that calls a command, or none; one to three pieces again and again,
as many as a callback can carry; and an end. Pieces are what our own patterns are made
of: nothing repeats as badly as what they look for.
"""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import inf
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, thread_time
from uuid import uuid4

from bot.branch.people.members import (
    Category,
    Role,
    add_member,
    ensure_root,
    grant,
    link,
    set_joined,
)
from bot.config.load import make_config
from bot.maintenance import upgrade
from bot.message import Message
from bot.storage.database import Storage
from server.setup.wiring import build_assistant, build_commands

AT_MOST = 0.05
"""Seconds of CPU that one message may take."""
ROOM = 64 * 1024 // 4  # characters that a sealed callback can carry: three bytes each
USERS = ("user0", "user1")  # the secretary and a member
ORDINARIES = 6
"""Long messages as people write them that one message may take the time of."""
TRIES = 5
ORDINARY = "发通知 全体党员：" + "请大家周五下午三点到301参加支部党员大会。" * 40
SIZES = (40, 300, 1000, 2100, 5000, ROOM)
OURS = Path(__file__).parents[1]
SOURCES = (
    "bot/understanding",
    "bot/calendar",
    "bot/rulebook",
    "bot/branch",
    "handlers",
)
SUFFIXES = (".py", ".phrases")
CHINESE = re.compile("[一-龥]{1,6}")
SIGNS = (
    *"，。！？!?、；;：:~～…“”‘’\"'「『」』()（）【】《》<>@#*-—_=+/\\.·0123456789",
    *"年月日号点时分aA \n\t٣𝟗Ⅷ①㈠\u200b\u3000\ufeff👍\U0002a6a5ﷺ",
    *("1.日", "12:00", "3月5日", "第1条", "http://a.b/", "1、", "王芳", "党员0001"),
    *("wangfang", "明天下午三点", "1、明天", "每周一", "ab ", "a|b", "1" * 20),
)
OPENERS = (
    "",
    "",
    "",
    "发通知 全体党员：周五下午三点开会",
    "提醒我 明天三点 开会",
    "免打扰",
    "打卡",
)


@cache
def pieces() -> Sequence[str]:
    """Gather the Chinese of our own source and sentence files, and signs."""
    found: set[str] = set()
    for folder in SOURCES:
        every = (OURS / folder).rglob("*")
        for path in sorted(each for each in every if each.suffix in SUFFIXES):
            found.update(CHINESE.findall(path.read_text("utf-8")))
    return (*sorted(found), *SIGNS * 8)


@cache
def beginnings() -> Sequence[str]:
    every = build_commands().by_intent.values()
    return [text for each in every for text in (*each.names, *each.examples)]


def heavy_text(random: Random) -> str:
    begin = random.choice(["", random.choice(beginnings()), random.choice(pieces())])
    begin += random.choice(["", "", " ", "：", "\n"])
    again = "".join(random.choices(pieces(), k=random.choice((1, 1, 2, 2, 3, 5))))
    end = random.choice(["", "", random.choice(pieces()), random.choice(beginnings())])
    room = max(1, random.choice(SIZES) - len(begin) - len(end))
    return begin + (again * (room // len(again) + 1))[:room] + end


@dataclass(frozen=True)
class Clock:
    at: datetime

    def now(self) -> datetime:
        return self.at


class Trial:
    """An assistant on SQLite, with a branch of some people, to be held up."""

    def __init__(self, folder: Path, now: datetime, people: int = 200) -> None:
        self._storage = Storage(f"sqlite:///{folder / 'heavy.db'}")
        upgrade.upgrade(self._storage)
        with self._storage.write() as session:
            root = ensure_root(session, "量一量党支部")
            for number in range(people):
                member = add_member(session, f"党员{number:04d}", root, now)
                link(member, f"user{number}")
                set_joined(member, date(1980 + number % 40, 1 + number % 12, 3))
                member.category = Category.FULL
                if number == 0:
                    grant(session, member, Role.SECRETARY, root)
        config = make_config(
            {
                "database": {"url": str(self._storage.url)},
                "branch": {"name": "量一量党支部", "secretaries": ["user0"]},
            }
        )
        self._assistant = build_assistant(
            config, storage=self._storage, clock=Clock(now)
        )
        for sender in USERS:
            for warm in ("打卡", "帮助", "发通知 周五开会", "取消", "生日"):
                self._time(sender, warm)

    def close(self) -> None:
        self._storage.close()

    def ordinary(self) -> float:
        """Time a long message as people write them, on the machine as it is now."""
        return min(self._time(USERS[0], ORDINARY) for _ in range(TRIES))

    def slowness(self, text: str, opener: str = "", sender: str = USERS[0]) -> float:
        """Answer; what was too slow is tried anew, for the machine may have been."""
        taken = inf
        for _ in range(TRIES):
            if opener:
                self._time(sender, opener)
            taken = min(taken, self._time(sender, text))
            if opener:
                self._time(sender, "取消")
            if taken < AT_MOST:
                break
        return taken

    def _time(self, sender: str, text: str) -> float:
        """Answer as the loop does; what is made on a thread holds up nobody."""
        message = Message("wecom", sender, uuid4().hex, text=text.strip())
        begun = thread_time()
        (heard,) = self._assistant.answer_soon([message])
        taken = thread_time() - begun
        if heard is None:
            heard = self._assistant.answer(message)
        if heard.reply and heard.reply.text.startswith("出了点问题"):
            raise AssertionError(f"a bug: {text[:200]!r}")
        return taken


def hunt(folder: Path, now: datetime, seconds: float, seed: int = 1) -> int:
    """Print each message that takes too long; return how many there are."""
    random, trial = Random(seed), Trial(folder, now)
    tried = slow = 0
    worst, end = 0.0, monotonic() + seconds
    while monotonic() < end:
        text, opener = heavy_text(random), random.choice(OPENERS)
        taken = trial.slowness(text, opener, random.choice(USERS))
        tried, worst = tried + 1, max(worst, taken)
        if taken >= AT_MOST:
            slow += 1
            told = f"{taken * 1000:.0f} ms: after {opener!r}: {text[:60]!r}…"
            print(f"{told}{text[-12:]!r}, {len(text)} long", file=sys.stderr)
    trial.close()
    print(f"{tried} tries, the longest {worst * 1000:.0f} ms")
    return slow


def compare(asked: Sequence[tuple[str, str]], now: datetime) -> list[float]:
    """Say of each opener and text how many ordinary messages it takes the time of."""
    with TemporaryDirectory() as folder:
        trial = Trial(Path(folder), now)
        told = []
        for opener, text in asked:
            cost = inf
            for _ in range(TRIES):  # beside each other, until the machine was even
                ordinary = trial.ordinary()
                cost = min(cost, trial.slowness(text, opener) / ordinary)
                if cost < ORDINARIES:
                    break
            told.append(cost)
        trial.close()
    return told


if __name__ == "__main__":
    now, asked = json.load(sys.stdin)
    print(json.dumps(compare(asked, datetime.fromisoformat(now))))
