"""Killed at each step between a picture and its record, a meeting and its letters.

A process dies before each row it writes, before it commits, and with the answer in its
hands. What was said is said again to another, as WeCom does or as its member does.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from signal import SIGKILL
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from bot.assistant.answering import Assistant
from bot.branch.meetings.meetings import Meeting
from bot.branch.notices import enclosures
from bot.branch.records.tables import Evidence, Record
from bot.config.settings import Config
from bot.maintenance.verify import verify
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Storage
from server.twin.world import World
from tests.acceptance.programs import PATIENCE, ROOT
from tests.fakes.clock import FakeClock
from tests.mortal import ANSWER, COMMIT
from tests.server.browser import ADDRESS, Phone, with_pages
from tests.stage import Stage, listening

TOLD = "今天去样例轴承厂调试减速器半天"
FORM = {
    "day": "2026-03-01",
    "company": "样例轴承厂",
    "people": "王芳",
    "hours": "4",
    "what": "调试减速器",
    "sort": "技术服务",
    "paid": "无偿",
}
CALL = "安排会议 3月5日下午三点在301开支委会，议题：研究本月工作"


pytestmark = pytest.mark.files  # what is done to the file is looked at


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@dataclass
class Mortals:
    """Processes on the test's database, each of which dies at a step of its work."""

    nursery: "Popen[str]"
    world: World
    storage: Storage
    clock: FakeClock

    def kill_each(self, say: Callable[[], object]) -> list[str]:
        """Say something to one after another; return before what each of them died.

        All but the last leave everything as it was, and every proof holds.
        """
        steps: list[str] = []
        before = self.counts()
        while ANSWER not in steps:
            assert self.counts() == before, steps
            steps.append(self._die(len(steps) + 1, say))
            assert verify(self.storage) == [], steps
        return steps

    def counts(self) -> dict[str, int]:
        """Count the rows of every table."""
        with self.storage.read() as session:
            return {
                each.name: session.scalar(select(func.count()).select_from(each)) or 0
                for each in Base.metadata.sorted_tables
            }

    def count(self, table: type[Base]) -> int:
        return self.counts()[table.__tablename__]

    def count_files(self) -> int:
        """Count what is kept of pictures and files that were sent for a record."""
        with self.storage.read() as session:
            sent = Attachment.source.is_not(None)
            return session.scalar(select(func.count(Attachment.id)).where(sent)) or 0

    def page(self, path: str) -> str:
        """Return the address of a page where the newest of them listens."""
        return self.world.callback_url.replace("/wecom/callback", path)

    def _die(self, step: int, say: Callable[[], object]) -> str:
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(f"{self.clock.now().isoformat()} {step}\n")
        self.nursery.stdin.flush()
        self.world.callback_url = f"http://127.0.0.1:{self._hear()}/wecom/callback"
        say()
        before = self._hear()
        assert self._hear() == str(-SIGKILL)
        return before

    def _hear(self) -> str:
        assert self.nursery.stdout is not None
        return self.nursery.stdout.readline().strip()


@pytest.fixture
def mortals(
    config: Config, world: World, storage: Storage, clock: FakeClock, tmp_path: Path
) -> Iterator[Mortals]:
    path = tmp_path / "config.toml"
    path.write_text("\n".join(lines_of(config)), "utf-8")
    words = [sys.executable, "-m", "tests.mortal", str(path)]
    with Popen(words, cwd=ROOT, stdin=PIPE, stdout=PIPE, encoding="utf-8") as nursery:
        yield Mortals(nursery, world, storage, clock)
        nursery.kill()


def lines_of(config: Config) -> Iterator[str]:
    wecom = config.wecom
    assert wecom is not None
    yield f'[server]\npublic_url = "{ADDRESS}"'
    yield f'[database]\nurl = "{config.database.address}"'
    yield f'[branch]\nname = "{config.branch.name}"\nsecretaries = ["zhaomin"]'
    yield f'[wecom]\ncorp_id = "{wecom.corp_id}"\nagent_id = {wecom.agent_id}'
    yield f'api_base = "{wecom.api_base}"'
    for key in ("secret", "token", "encoding_aes_key"):
        yield f'{key} = "{getattr(wecom, key).get_secret_value()}"'


def say_all(assistant: Assistant, world: World, userid: str, *texts: str) -> str:
    """Say these to a process that lives; return the last answer."""
    with listening(assistant, world):
        for text in texts:
            said = world.say(userid, text).text
    return said


def die_over(
    mortals: Mortals, assistant: Assistant, userid: str, text: str
) -> tuple[list[str], dict[str, int]]:
    """Say something to the dying, then to one that lives: as the same, and anew.

    The same is answered as it was, and neither does anything again.
    """
    number = mortals.world.next_id()
    say = partial(mortals.world.say, userid, text)
    steps = mortals.kill_each(partial(say, msg_id=number))
    assert steps[-2:] == [COMMIT, ANSWER]
    kept = mortals.counts()
    with listening(assistant, mortals.world):
        assert say(msg_id=number).text
        assert mortals.counts() == kept
        say()
    now = mortals.counts()
    assert {**now, "answered": 0} == {**kept, "answered": 0}
    return steps, kept


# --- a record and its picture, told in chat


def test_a_record_told_in_chat(
    assistant: Assistant, world: World, mortals: Mortals
) -> None:
    say_all(assistant, world, "wangfang", TOLD)
    steps, _ = die_over(mortals, assistant, "wangfang", "确认")
    assert "INSERT INTO record" in steps
    assert mortals.count(Record) == 1
    assert "像是同一次" in say_all(assistant, world, "wangfang", TOLD)
    assert mortals.count(Record) == 1


def test_its_picture_sent_in_chat(
    assistant: Assistant, world: World, clock: FakeClock, mortals: Mortals
) -> None:
    """The same picture as another message is one picture after the night."""
    say_all(assistant, world, "wangfang", TOLD, "确认")
    number = world.next_id()
    steps = mortals.kill_each(lambda: world.picture("wangfang", msg_id=number))
    assert steps.index("INSERT INTO attachment") < steps.index("INSERT INTO evidence")
    assert mortals.count(Evidence) == 1
    kept = mortals.counts()
    with listening(assistant, world):
        stage = Stage(assistant, clock, world)
        assert "佐证是 服务-0001-1 号" in world.picture("wangfang", msg_id=number).text
        assert mortals.counts() == kept
        world.picture("wangfang")
        stage.arrived()  # what was sent is fetched
        assert mortals.count(Evidence) == 2
        stage.move_to("2026-03-03 09:00")
        assert mortals.count(Evidence) == 1
        stage.move_to("2026-03-07 09:00")
    assert mortals.count_files() == 1
    assert verify(mortals.storage) == []


# --- a record and its picture, by the page


def send(mortals: Mortals, phone: Phone, path: str, fields: dict[str, Any]) -> None:
    """Send a form to the newest process, as the browser that was let in."""
    boundary, body = encode_multipart({"form": phone.form} | fields)
    cookie = phone.client.get_cookie("xiangyang", domain="branch.example.org")
    assert cookie is not None
    head = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Cookie": f"xiangyang={cookie.value}",
    }
    with pytest.raises(requests.ConnectionError):
        requests.post(mortals.page(path), data=body, headers=head, timeout=PATIENCE)


def test_a_record_told_by_its_page(
    assistant: Assistant, world: World, mortals: Mortals
) -> None:
    phone = Phone(assistant, world, "wangfang")
    phone.open("/m/records/service")
    steps = mortals.kill_each(lambda: send(mortals, phone, "/m/records/service", FORM))
    assert "INSERT INTO record" in steps
    assert steps[-2:] == [COMMIT, ANSWER]
    again = phone.post("/m/records/service", **FORM)
    assert (again.status_code, "像是同一次" in again.text) == (400, True)
    assert mortals.count(Record) == 1


def test_its_file_sent_by_its_page(
    assistant: Assistant, world: World, clock: FakeClock, mortals: Mortals
) -> None:
    """The same file sent again is the one that is there."""
    phone = Phone(assistant, world, "wangfang")
    phone.open("/m/records/service")
    path = urlsplit(phone.post("/m/records/service", **FORM).location).path
    phone.open(path)

    def file() -> dict[str, Any]:
        content = BytesIO(b"%PDF-1.7 signed")
        return {"file": FileStorage(content, "确认单.pdf")}

    steps = mortals.kill_each(lambda: send(mortals, phone, path, file()))
    assert steps.index("INSERT INTO attachment") < steps.index("INSERT INTO evidence")
    assert mortals.count(Evidence) == 1
    assert phone.post(path, **file()).status_code == 303
    assert mortals.count(Evidence) == 1
    assert mortals.count_files() == 1
    clock.wait(hours=49)
    with mortals.storage.write() as session:
        enclosures.forget_unsent(session, clock.now())
    assert mortals.count_files() == 1


# --- a meeting: called, corrected, its minutes signed


def test_a_meeting_called(
    assistant: Assistant, world: World, clock: FakeClock, mortals: Mortals
) -> None:
    say_all(assistant, world, "zhaomin", CALL, "记录 陈静")
    steps, kept = die_over(mortals, assistant, "zhaomin", "确认")
    assert "INSERT INTO meeting" in steps
    assert (mortals.count(Meeting), kept["meeting"]) == (1, 1)
    told = Stage(assistant, clock, world).arrived()
    assert len([each for each in told if "召开支部委员会会议" in each]) == 1
    say_all(assistant, world, "zhaomin", CALL, "确认")
    assert mortals.count(Meeting) == 1


def test_a_meeting_corrected(
    assistant: Assistant, world: World, clock: FakeClock, mortals: Mortals
) -> None:
    stage = Stage(assistant, clock, world)
    say_all(assistant, world, "zhaomin", CALL, "记录 陈静", "确认")
    stage.arrived()
    say_all(assistant, world, "zhaomin", "支委会改到3月6日下午四点")
    steps, _ = die_over(mortals, assistant, "zhaomin", "确认")
    assert "UPDATE meeting SET" in steps
    assert len([each for each in stage.arrived() if "改期" in each]) == 1
    assert mortals.count(Meeting) == 1


def test_minutes_signed(
    assistant: Assistant, world: World, clock: FakeClock, mortals: Mortals
) -> None:
    stage = Stage(assistant, clock, world)
    say_all(assistant, world, "zhaomin", CALL, "记录 陈静", "确认")
    stage.move_to("2026-03-05 14:55")
    for userid in ("zhaomin", "chenjing"):
        say_all(assistant, world, userid, "签到")
    stage.move_to("2026-03-05 16:00")
    say_all(assistant, world, "chenjing", "记录：赵敏讲了本月工作", "散会", "送签")
    stage.arrived()
    steps, _ = die_over(mortals, assistant, "zhaomin", "会议记录签字")
    assert "UPDATE meeting SET" in steps
    assert len([each for each in stage.arrived() if "记录已锁定" in each]) == 1
