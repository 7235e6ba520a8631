"""Many processes on one PostgreSQL, and everything that can go wrong with them.

Used small by tests/acceptance/test_chaos.py and large by `python -m bench.chaos`.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot import outbox
from bot.branch.people.audience import Audience
from bot.branch.people.members import (
    Category,
    add_member,
    ensure_root,
    link,
    set_joined,
)
from bot.branch.reminders import reminders
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.study.checkins import CheckIn
from bot.channels.wecom import WeCom
from bot.clock import WallClock
from bot.config.load import load_config
from bot.delivery.deliver import Delivery
from bot.inbox.answered import Answered
from bot.maintenance import upgrade
from bot.maintenance.verify import verify
from bot.outbox import Letter, Recipient
from bot.storage.database import Storage
from scheduler.runner import Runner
from server.setup.wiring import all_jobs, build_assistant
from server.twin.people import Member as Colleague
from server.twin.world import World
from tests.acceptance.cluster import Cluster
from tests.acceptance.programs import (
    KEY,
    SECRETS,
    STEP,
    Program,
    end,
    free_port,
    started,
)
from tests.acceptance.programs import write_config as write_settings
from tests.fakes.clock import FakeClock

CLOCK = WallClock(ZoneInfo("Asia/Shanghai"))
Trouble: TypeAlias = Callable[[], None]
SECRETARY = "u0"
SHAPE = ("web", "web", "web", "delivery", "delivery", "scheduler", "scheduler")
NOTICE = "发通知 周五下午三点开会"
PERHAPS_LATER = timedelta(minutes=5)  # longer than any claim
REMINDING = ("reminders", "own_reminders")


@dataclass(frozen=True)
class Plan:
    """What is to happen. rounds: of talk, each with so many kills.

    cut: for so many seconds WeCom refuses every call, then for as long it hangs.
    """

    members: int
    rounds: int
    kills: int
    restarts: int = 1
    seed: int = 1
    cut: float = 0.5


@dataclass
class Told:
    """What happened; `faults` must be empty."""

    answered: int = 0
    tries: int = 0
    killed: int = 0
    restarts: int = 0
    letters: int = 0
    reminders: int = 0
    copies: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def make_world() -> World:
    secrets = (SECRETS["secret"], SECRETS["token"], KEY)
    return World("wwaccept", 1000002, *secrets, CLOCK.now)


class Chaos:
    """The processes at work, and the hand that kills them."""

    def __init__(
        self, plan: Plan, world: World, cluster: Cluster, folder: Path
    ) -> None:
        self.plan, self.world, self.cluster, self.folder = plan, world, cluster, folder
        self.told = Told()
        self.random = Random(plan.seed)
        self.stack = ExitStack()
        self.programs: list[tuple[str, Program]] = []
        self.started = 0
        self.message = 7_000_000_000_000_100_000
        self.outage = Thread(target=self._cut_off)

    def run(self) -> Told:
        begun = time.monotonic()
        self._settle_in()
        with self.stack:
            for part in SHAPE:
                self._start(part)
            self._wait_for_web()
            for number in range(self.plan.rounds):
                self._talk(number)
        self._finish()
        self.told.seconds = time.monotonic() - begun
        return self.told

    # --- before

    def _settle_in(self) -> None:
        """Everybody joined the Party on this day of some year: a greeting for each."""
        storage = Storage(self.cluster.url)
        upgrade.upgrade(storage)
        now = CLOCK.now()
        joined = date(2010, now.month, min(now.day, 28))
        with storage.write() as session:
            branch = ensure_root(session, "支部")
            for number in range(self.plan.members):
                userid = f"u{number}"
                long_ago = now - timedelta(days=30)
                member = add_member(session, f"员{number}", branch, long_ago)
                link(member, userid)
                set_joined(member, joined)
                member.category = Category.FULL
                self.world.add_member(Colleague(userid, member.name))
                soon = now + timedelta(seconds=5 + number % 60)
                wish = ReminderDraft(f"带上第{number}章的笔记", once_at=soon)
                reminders.keep(session, member, branch, wish, now)
            everyone = ReminderDraft("下午集合", Audience(branch.id), once_at=soon)
            reminders.keep(session, member, branch, everyone, now)
        storage.close()
        self.world.callback_url = "http://127.0.0.1:9/"

    def _config(self, number: int) -> Path:
        """Give every process a folder of its own, as on another machine."""
        folder = self.folder / f"machine{number}"
        folder.mkdir()
        path = write_settings(folder, api_base=self.world.api_base, secretary=SECRETARY)
        text = path.read_text("utf-8")
        line = next(each for each in text.splitlines() if each.startswith("url = "))
        text = text.replace(line, f'url = "{self.cluster.url}"')
        every_minute = 'birthdays = "* * * * *"\nstale = "* * * * *"\n'
        path.write_text(f"{text}[schedule]\n{every_minute}", "utf-8")
        return path

    def _start(self, part: str) -> None:
        self.started += 1
        config, port = self._config(self.started), free_port()
        words = ("serve", "--only", part, "--config", str(config), "--port", str(port))
        program = self.stack.enter_context(
            started(config.with_name("log"), *words, port=port)
        )
        self.programs.append((part, program))

    # --- in the middle

    def _talk(self, number: int) -> None:
        """Everyone's message of this round, with what goes wrong in between."""
        mine = range(number, self.plan.members, self.plan.rounds)
        troubles = self._troubles(number)
        for turn, member in enumerate(mine):
            if turn % max(1, len(mine) // (len(troubles) + 1)) == 0 and troubles:
                troubles.pop(0)()
            self._say(f"u{member}", f"打卡 学习第{member}章")
        for trouble in troubles:
            trouble()
        if number == 0:
            self._say(SECRETARY, NOTICE)
            self._say(SECRETARY, "确认")

    def _troubles(self, number: int) -> list[Trouble]:
        troubles: list[Trouble] = [self._kill] * self.plan.kills
        if number == self.plan.rounds // 2:
            troubles += [self._restart_database] * self.plan.restarts
        if number == 0:
            troubles.insert(0, self.outage.start)
        if number == self.plan.rounds - 1:
            troubles.insert(0, self._lose_some_calls)
        return troubles

    def _kill(self) -> None:
        """Kill -9 one, whoever it is, and start another in its place."""
        place = self.random.randrange(len(self.programs))
        part, program = self.programs.pop(place)
        end(program.process)
        self.told.killed += 1
        self._start(part)

    def _restart_database(self) -> None:
        self.cluster.crash()
        self.cluster.start()
        self.told.restarts += 1

    def _cut_off(self) -> None:
        """Let no call through for a while, then let every one hang."""
        for kind in ("reset_before", "slow"):
            self.world.faults.add("", kind, times=None, seconds=self.plan.cut)
            Event().wait(self.plan.cut)
            self.world.faults.clear()

    def _lose_some_calls(self) -> None:
        """No call of theirs gets through, and of some only the answer is lost."""
        faults = self.world.faults
        faults.add("message/send", "reset_after", times=2)
        faults.add("message/send", "reset_before", times=3)
        faults.add("message/send", "errcode", times=2, code=-1)
        faults.add("message/send", "http", times=2, status=502)

    def _say(self, userid: str, text: str) -> None:
        """Say it until it is answered, at any web, always as the same message."""
        self.message += 1
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            webs = [each for part, each in self.programs if part == "web"]
            self.world.callback_url = f"{self.random.choice(webs).url}/wecom/callback"
            answer = self.world.say(userid, text, msg_id=self.message)
            self.told.tries += 1
            if answer.ok and "没有记下" not in answer.text and answer.text:
                self.told.answered += 1
                return
            Event().wait(STEP)
        self.told.faults.append(f"no answer to {userid}: {answer.fault or answer.text}")

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + 60
        for part, program in self.programs:
            while part == "web" and not program.answers():
                if time.monotonic() > deadline:
                    raise RuntimeError(program.said())
                Event().wait(STEP)

    # --- after

    def _finish(self) -> None:
        """Deliver what the killed had claimed, when their claims have run out."""
        self.outage.join()
        self.world.faults.clear()
        config = load_config(self.folder / "machine1" / "config.toml")
        storage = Storage(config.database.address)
        clock = FakeClock(CLOCK.now())
        assistant = build_assistant(config, storage=storage, clock=clock)
        wecom = assistant.channels["wecom"]
        assert isinstance(wecom, WeCom)
        delivery = Delivery(storage, clock, {"wecom": wecom})
        reminding = [each for each in all_jobs() if each.name in REMINDING]
        crons = {each.name: "* * * * *" for each in reminding}
        config = assistant.config.model_copy(update={"schedule": crons})
        runner = Runner(reminding, replace(assistant, config=config))
        for _ in range(8):
            clock.wait(seconds=PERHAPS_LATER.total_seconds())
            runner.strike()
            delivery.deliver_all()
        self.told.faults += verify(storage)
        self._judge(storage)
        wecom.client._http.close()
        storage.close()

    def _judge(self, storage: Storage) -> None:
        with storage.read() as session:
            kinds = outbox.tally_kinds(session)
            checkins = session.scalar(select(func.count()).select_from(CheckIn)) or 0
            unanswered = session.scalar(
                select(func.count()).where(Answered.reply.is_(None))
            )
            self.told.letters = session.scalar(select(func.count(Letter.id))) or 0
            refused = session.scalars(
                select(Recipient.reason).where(Recipient.state == "refused")
            ).all()
        say = self.told.faults.append
        if checkins != self.plan.members:
            say(f"{checkins} check-ins of {self.plan.members} members")
        if unanswered:
            say(f"{unanswered} messages without an answer")
        for (kind, state), count in kinds.items():
            if state != "delivered":
                say(f"{count} of {kind} {state}: {Counter(refused)}")
        self.told.reminders = kinds["reminder", "delivered"]
        if self.told.reminders != 2 * self.plan.members:
            say(f"{self.told.reminders} reminders, not one own and one of all to each")
        self._count_copies(kinds)

    def _count_copies(self, kinds: dict[tuple[str, str], int]) -> None:
        """Every phone shows one card and each picture and word once."""
        for number in range(self.plan.members):
            shown = Counter(
                bubble.text or bubble.media_id
                for bubble in self.world.phone(f"u{number}").pushed()
            )
            self.told.copies += shown.total()
            for text, copies in shown.items():
                if copies > 1:
                    self.told.faults.append(f"u{number} has {copies} copies of {text}")
        wanted = sum(kinds.values())
        if self.told.copies != wanted:
            self.told.faults.append(
                f"{self.told.copies} copies for {wanted} recipients"
            )
