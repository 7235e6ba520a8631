"""A number that is asked for is told, and lies nowhere in clear: not for a moment."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.assistant.answering import Assistant
from bot.branch.personal_data import about
from bot.config.load import load_config
from bot.delivery.deliver import Delivery
from bot.inbox import open_questions
from bot.outbox.attachments import Attachment
from scheduler.runner import Runner
from server.setup.open_database import open_storage
from server.setup.wiring import all_jobs, build_assistant
from server.twin.world import World
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.test_canaries import find, on_a_server, run, settings, world
from tests.stage import listening

pytestmark = pytest.mark.thorough

__all__ = ["on_a_server", "settings", "world"]

NUMBERS = {"WangFang": "13900007777", "ZhaoMin": "13900008888"}
ROSTER = f"""姓名,账号,职务,手机号
王芳,WangFang,,{NUMBERS["WangFang"]}
赵敏,ZhaoMin,书记,{NUMBERS["ZhaoMin"]}
"""
ASKING = ("查电话 王芳", "导出我的数据", "我存了什么", "我的信息", "查手机号 王芳")


@pytest.fixture(params=["settings", "on_a_server"])
def assistant(
    request: pytest.FixtureRequest, clock: FakeClock, tmp_path: Path
) -> Iterator[Assistant]:
    """With two people whose accounts have capitals, on a file and on a server."""
    settings = request.getfixturevalue(request.param)
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    run(settings, "members", "import", str(tmp_path / "roster.csv"))
    config = load_config(Path(settings))
    assistant = build_assistant(config, storage=open_storage(config), clock=clock)
    yield assistant
    assistant.storage.close()


def lying_about(folder: Path, settings: str, name: str) -> list[str]:
    """Find the numbers in the database's files, a backup, and what they hold zipped."""
    kept = folder / name
    said = run(settings, "backup", str(kept))
    assert kept.exists(), said
    files = [*folder.glob("branch.db*"), kept]
    raw = b"".join(each.read_bytes() for each in files)
    assert raw.count(b"PK\x03\x04") == 0, "no spreadsheet lies here unsealed"
    return find(raw, tuple(NUMBERS.values()))


def unzipped(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(name) for name in book.namelist())


def received(world: World, userid: str) -> list[bytes]:
    """Give what the files hold that came to somebody's phone."""
    bubbles = world.phones.of(userid).bubbles
    files = [world.shelf.seen(each.media_id) for each in bubbles if each.media_id]
    return [unzipped(each.content) for each in files if each]


def choose_from_offered(assistant: Assistant, world: World, clock: FakeClock) -> str:
    offered = {"choices": ["phone", "help"], "text": "查电话 王芳"}
    with assistant.storage.write() as session:
        question = open_questions.Open("choose", "您指的是哪一个？", offered)
        open_questions.ask(session, "wecom:zhaomin", question, clock.now())
    return world.say("zhaomin", "1").text


def test_a_number_lies_nowhere_in_clear(
    assistant: Assistant, world: World, clock: FakeClock, tmp_path: Path
) -> None:
    settings = str(tmp_path / "config.toml")
    with listening(assistant, world):
        told = [world.say("zhaomin", text).text for text in ASKING]
        told.append(choose_from_offered(assistant, world, clock))
        told += [world.say("wangfang", text).text for text in ASKING]
    assert sum(NUMBERS["WangFang"] in each for each in told) == 3
    assert lying_about(tmp_path, settings, "asked") == []
    Delivery(assistant.storage, clock, assistant.senders).deliver_all()
    (file,) = received(world, "zhaomin")
    assert find(file, tuple(NUMBERS.values())) == [NUMBERS["ZhaoMin"]]
    assert lying_about(tmp_path, settings, "delivered") == []
    Runner(all_jobs(), assistant).strike()
    with assistant.storage.read() as session:
        assert session.scalar(select(func.count(Attachment.id))) == 0
    assert lying_about(tmp_path, settings, "struck") == []


def test_an_account_with_capitals_is_told_all(
    assistant: Assistant, world: World, clock: FakeClock
) -> None:
    """What waits for her answer, and a letter that went to her account alone."""
    with listening(assistant, world):
        world.say("wangfang", "提醒我 明天九点 交表")
    with assistant.storage.write() as session:
        question = open_questions.Open("choose", "哪一个？", {})
        open_questions.ask(session, "wecom:wangfang", question, clock.now())
    with assistant.storage.read() as session:
        wang = find_member(session, "王芳")
        held = {each.table for each in about.collect(session, wang)}
    assert {"question", "member", "phone"} <= held
