"""Plant a canary in every secret and in what members write; look for it everywhere."""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from pydantic import BaseModel, SecretStr
from sqlalchemy import make_url

from bot.config.load import load_config
from bot.delivery.deliver import Delivery
from bot.delivery.wake import Engine
from server.cli import main
from server.monitoring.logs import set_up_logs
from server.setup.open_database import open_storage
from server.setup.wiring import build_assistant
from server.twin.serving import running
from server.twin.world import World
from server.web.app import create_app
from tests.databases import Server
from tests.fakes.clock import FakeClock
from tests.people import move_in
from tests.stage import listening

pytestmark = pytest.mark.thorough

TOKEN, AES = "canarytoken", "canaryaes".ljust(43, "0")
SECRET, METRICS, DATABASE = "canarysecret", "canarymetrics", "canarypassword"
ROBOT, ALARM = "canaryrobot", "canaryalarm"
POSTGRES = "canarypostgres"
KEY, OLD_KEY = (Fernet.generate_key().decode() for _ in "12")
OFFICIAL = "canaryofficial"
REPHRASE = "canaryrephrase"
SECRETS = (
    *(TOKEN, AES, SECRET, METRICS, DATABASE, ROBOT, ALARM, KEY, OLD_KEY, OFFICIAL),
    POSTGRES,
    REPHRASE,
)
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
api_base = "http://127.0.0.1:9"
[[robots]]
name = "支部群"
url = "{world.api_base}/cgi-bin/webhook/send?key={ROBOT}"
[alerts]
url = "http://127.0.0.1:9/hook?key={ALARM}"
[rephrase]
base_url = "http://127.0.0.1:9/v1"
model = "m"
api_key = "{REPHRASE}"
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
                secret = each.get_secret_value()
                if not secret.startswith("sqlite:"):  # a path, no password
                    yield secret
            elif isinstance(each, BaseModel):
                yield from secrets_of(each)


def test_every_secret_of_the_settings_has_a_canary(settings: str) -> None:
    """A new secret fails here until it is planted above."""
    config = load_config(Path(settings))
    planted = {each for each in secrets_of(config) if find(each, SECRETS)}
    assert set(secrets_of(config)) == planted
    assert find(repr(config) + str(config) + config.model_dump_json(), SECRETS) == []


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


@pytest.fixture
def on_a_server(settings: str, server: Server) -> Iterator[str]:
    """The same settings on PostgreSQL, under an address with a password."""
    with server.lent() as lent:
        address = make_url(lent).set(password=POSTGRES, host="localhost")
        text = Path(settings).read_text("utf-8")
        path = next(each for each in text.splitlines() if "sqlite:///" in each)
        whole = address.render_as_string(hide_password=False)
        Path(settings).write_text(text.replace(path, f'url = "{whole}"'), "utf-8")
        yield settings


def test_no_password_of_an_address_is_said(
    on_a_server: str, logged: StringIO, clock: FakeClock, tmp_path: Path
) -> None:
    """Not by a command, a log, a page, a backup, nor by what cannot be reached."""
    file = str(tmp_path / "kept.backup")
    said = run(on_a_server, "db", "upgrade") + run(on_a_server, "members", "list")
    said += run(on_a_server, "backup", file) + run(on_a_server, "restore", file)
    said += run(on_a_server, "verify") + run(on_a_server, "check", "--online")
    config = load_config(Path(on_a_server))
    engine = Engine(config.engine.address, storage := open_storage(config))
    assistant = build_assistant(config, storage=storage, clock=clock, wake=engine.wake)
    door = create_app(assistant).test_client()
    said += door.get("/metrics").text + door.get("/readyz").text
    engine.wake()  # no Redis answers there
    assert "queue_out_of_order" in logged.getvalue()
    engine.stop()
    storage.close()
    text = Path(on_a_server).read_text("utf-8")
    for wrong in (
        text.replace("@localhost", "@127.0.0.1:9"),
        text.replace("@localhost", "@nowhere.invalid"),
        text.replace("@localhost", "@@localhost"),
        text.replace("@localhost", "@localhost:x"),
        text.replace("xiangyang_test_", "no_such_"),
        text.replace(f":{POSTGRES}@", f":{POSTGRES}/@"),
        text.replace(f":{DATABASE}@", f":{DATABASE}/@"),
    ):
        assert wrong != text
        Path(on_a_server).write_text(wrong, "utf-8")
        for order in ("check", "verify", "db upgrade", "members list"):
            told = run(on_a_server, *order.split())
            assert "Error" not in told, told
            said += told
        said += run(on_a_server, "db", "move", "--to", _address(wrong))
    assert find(said, SECRETS) == []
    assert find(logged.getvalue(), SECRETS) == []
    assert find(Path(file).read_bytes(), SECRETS) == []


def _address(settings: str) -> str:
    return next(
        line.partition('"')[2].rstrip('"')
        for line in settings.splitlines()
        if "postgresql" in line
    )


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
