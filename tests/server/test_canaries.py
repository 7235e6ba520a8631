"""Plant a canary in every secret and in what members write; look for it everywhere."""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from pydantic import BaseModel, SecretStr

from bot.config import Config, load_config
from bot.delivery import Delivery
from server.app import create_app
from server.cli import main
from server.logs import set_up_logs
from server.opening import open_storage
from server.twin.serving import running
from server.twin.world import World
from server.wiring import build_assistant
from tests.fakes.clock import FakeClock
from tests.people import move_in
from tests.stage import listening

TOKEN, AES = "canarytoken", "canaryaes".ljust(43, "0")
SECRET, METRICS, DATABASE = "canarysecret", "canarymetrics", "canarypassword"
ROBOT, ALARM = "canaryrobot", "canaryalarm"
KEY, OLD_KEY = (Fernet.generate_key().decode() for _ in "12")
OFFICIAL = "canaryofficial"
SECRETS = (TOKEN, AES, SECRET, METRICS, DATABASE, ROBOT, ALARM, KEY, OLD_KEY, OFFICIAL)
PERSONAL = ("13900007777", "440501199001010011", "母亲住院", "王芳", "wangfang")


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that is said at the lowest level, the libraries' own logs too."""
    stream = StringIO()
    set_up_logs(level=logging.DEBUG, stream=stream)
    listener = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(before)
    root.removeHandler(listener)
    set_up_logs(level=logging.ERROR)


@pytest.fixture
def world(clock: FakeClock) -> Iterator[World]:
    twin = World("wwtest", 1000002, SECRET, TOKEN, AES, clock.now)
    move_in(twin)
    with running(twin):
        yield twin


@pytest.fixture
def settings(tmp_path: Path, world: World) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
[server]
metrics_token = "{METRICS}"
[database]
url = "sqlite:///{tmp_path / "branch.db"}"
[engine]
url = "redis://:{DATABASE}@127.0.0.1:9"
[branch]
name = "智能制造教工党支部"
secretaries = ["zhaomin"]
[wecom]
corp_id = "wwtest"
agent_id = 1000002
secret = "{SECRET}"
token = "{TOKEN}"
encoding_aes_key = "{AES}"
api_base = "{world.api_base}"
[official]
app_id = "wxtest"
secret = "{OFFICIAL}"
token = "{OFFICIAL}"
encoding_aes_key = "{OFFICIAL.ljust(43, "0")}"
[[robots]]
name = "支部群"
url = "{world.api_base}/cgi-bin/webhook/send?key={ROBOT}"
[alerts]
url = "http://127.0.0.1:9/hook?key={ALARM}"
[roster]
phones = true
[security]
key = "{KEY}"
old_keys = ["{OLD_KEY}"]
""",
        "utf-8",
    )
    return str(path)


def run(settings: str, *arguments: str) -> str:
    told = CliRunner().invoke(main, [*arguments, "--config", settings])
    return told.output + repr(told.exception)


def find(text: str | bytes, canaries: tuple[str, ...]) -> list[str]:
    raw = text.encode() if isinstance(text, str) else text
    return [each for each in canaries if each.encode() in raw]


def secrets_of(model: BaseModel) -> Iterator[str]:
    for value in vars(model).values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, SecretStr):
                yield each.get_secret_value()
            elif isinstance(each, BaseModel):
                yield from secrets_of(each)


def test_every_secret_of_the_settings_has_a_canary(settings: str) -> None:
    """A new secret fails here until it is planted above."""
    config = load_config(Path(settings))
    planted = {each for each in secrets_of(config) if find(each, SECRETS)}
    assert set(secrets_of(config)) == planted
    fields = {
        name
        for name, field in Config.model_fields.items()
        if "Secret" in repr(field.annotation)
    }
    assert fields <= set(type(config).model_fields)
    assert find(repr(config) + str(config), SECRETS) == [DATABASE], (
        "the addresses of the database and the queue are no SecretStr"
    )


def test_no_secret_is_said_anywhere(
    settings: str, world: World, logged: StringIO, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(f"姓名,账号,手机号\n王芳,wangfang,{PERSONAL[0]}\n", "utf-8")
    said = run(settings, "db", "upgrade") + run(
        settings, "members", "import", str(roster)
    )
    said += run(settings, "check") + run(settings, "check", "--online")
    for code in (40001, 40013, 60020, 45009):
        world.faults.add("gettoken", "errcode", code=code)
        world.faults.add("department/list", "errcode", code=code)
        said += run(settings, "check", "--online")
    for kind in ("http", "reset_before", "reset_after"):
        world.faults.add("gettoken", kind, times=4)
        said += run(settings, "check", "--online")
    said += run(settings, "watch") + run(settings, "keys", "status")
    said += run(settings, "keys", "rotate") + run(settings, "members", "list")
    broken = (
        Path(settings).read_text("utf-8").replace("agent_id = 1000002", "agent = 1")
    )
    Path(settings).write_text(broken.replace(TOKEN, TOKEN + "!"), "utf-8")
    said += run(settings, "check")
    assert "wecom.token" in said
    assert find(said, SECRETS) == []
    assert find(logged.getvalue(), SECRETS) == []
    database = b"".join(each.read_bytes() for each in tmp_path.glob("branch.db*"))
    assert find(database, (*SECRETS, PERSONAL[0])) == []


def test_what_members_write_is_in_no_log(
    settings: str, world: World, clock: FakeClock, logged: StringIO
) -> None:
    config = load_config(Path(settings))
    assistant = build_assistant(config, storage=open_storage(config), clock=clock)
    run(settings, "members", "sync", "--add")
    delivery = Delivery(assistant.storage, clock, assistant.senders)
    door = create_app(assistant).test_client()
    with listening(assistant, world):
        for text in (f"打卡 {PERSONAL[0]} {PERSONAL[1]}", f"反映困难 {PERSONAL[2]}"):
            world.say("wangfang", text)
        world.say("zhaomin", f"发通知 {PERSONAL[2]} {PERSONAL[0]}")
        world.say("zhaomin", "确认")
        for code in (60111, -1, 40035, 60020):
            world.faults.add("message/send", "errcode", code=code)
            delivery.deliver_all()
            clock.wait(minutes=20)
        # A bug, whose traceback must not quote the words: the table is gone.
        with assistant.storage.exclusive() as connection:
            connection.exec_driver_sql("DROP TABLE receipt")
            connection.exec_driver_sql("ALTER TABLE check_in RENAME TO gone")
        told = world.say("wangfang", f"打卡 {PERSONAL[0]}")
        assert "编号" in told.text
    assert '"bug"' in logged.getvalue()
    metrics = door.get("/metrics").text + door.get("/readyz").text
    assert find(metrics, PERSONAL + SECRETS) == []
    ours = [line for line in logged.getvalue().splitlines() if line.startswith('{"')]
    assert ours
    assert find("\n".join(ours), PERSONAL + SECRETS) == []
    assert find(logged.getvalue(), SECRETS) == []
    assistant.storage.close()
