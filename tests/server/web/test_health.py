"""Does the process live, can it work, how much: for who may know."""

from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy import make_url
from structlog.testing import capture_logs

from bot import outbox
from bot.assistant.answering import Assistant
from bot.branch.people import phones
from bot.config.load import make_config
from bot.config.settings import Config
from bot.delivery.deliver import Delivery
from bot.message import Message, Text
from bot.outbox import Plan, Window
from bot.storage import ticks
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from server.setup.wiring import build_assistant
from server.twin.world import World
from server.web.app import create_app
from server.web.health import GOOD_FOR, Readiness
from tests.fakes.clock import FakeClock
from tests.people import find_member

SECRET = "metricssecret"


@pytest.fixture
def door(assistant: Assistant) -> FlaskClient:
    return create_app(assistant).test_client()


@pytest.fixture
def config(config: Config) -> Config:
    values = config.model_dump(exclude_unset=True)
    values["server"] = {"metrics_token": SECRET}
    values["wecom"] = config.wecom
    return make_config(values)


def put_letter(storage: Storage, clock: FakeClock) -> None:
    now = clock.now()
    with storage.write() as session:
        plan = Plan("k", "notice", Text("开会"), Window(now, now + timedelta(days=1)))
        outbox.put_to(session, plan, "wangfang", None, now=now)


def test_the_process_lives(door: FlaskClient) -> None:
    assert door.get("/healthz").text == "ok\n"


def test_all_is_ready(door: FlaskClient) -> None:
    answer = door.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_an_old_letter_is_a_reason(
    door: FlaskClient, storage: Storage, clock: FakeClock
) -> None:
    put_letter(storage, clock)
    clock.wait(minutes=16)
    answer = door.get("/readyz")
    assert answer.status_code == 503
    assert "waits 16 minutes" in answer.text


def test_no_token_is_a_reason(door: FlaskClient, world: World) -> None:
    world.faults.add("gettoken", "errcode", times=9, code=40013)
    answer = door.get("/readyz")
    assert answer.status_code == 503
    assert "token: " in answer.text


def test_a_broken_database_is_a_reason(
    door: FlaskClient, storage: Storage, assistant: Assistant
) -> None:
    with storage.exclusive() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = door.get("/readyz")
    assert answer.status_code == 503
    assert "database: " in answer.text


@pytest.mark.parametrize(
    "how",
    [
        {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}},
        {"headers": {"X-Forwarded-For": "203.0.113.7"}},
        {"headers": {"Forwarded": "for=203.0.113.7"}},
    ],
)
def test_strangers_hear_no_reasons_and_cause_no_calls(
    assistant: Assistant,
    world: World,
    clock: FakeClock,
    how: dict[str, dict[str, str]],
) -> None:
    app, seconds = create_app(assistant), [0.0]
    app.extensions["readiness"] = Readiness(lambda: seconds[0])
    door = app.test_client()
    world.faults.add("gettoken", "errcode", times=1, code=-1)
    for _ in range(50):
        told = door.get("/readyz", **how)
        assert (told.status_code, told.text) == (503, "not ready\n")
    assert world.calls["gettoken"] == 1
    assert door.get("/readyz").text.startswith("token: ")
    clock.wait(minutes=1)
    assert door.get("/readyz", **how).status_code == 503
    seconds[0] += GOOD_FOR + 1
    assert door.get("/readyz", **how).text == "ready\n"
    assert world.calls["gettoken"] == 2


def test_who_asks_meanwhile_takes_what_another_found(assistant: Assistant) -> None:
    """The clock strikes once more for each who looks at it."""
    strokes = count()
    readiness = Readiness(lambda: float(next(strokes)))
    assert readiness.find(assistant, anew=False) == []
    found = readiness._found_at
    readiness.find(assistant, anew=False)
    assert readiness._found_at == found
    readiness.find(assistant, anew=True)
    assert readiness._found_at > found


@pytest.mark.files
def test_figures_of_a_broken_database(door: FlaskClient, database: str) -> None:
    path = Path(str(make_url(database).database))
    path.with_name(f"{path.name}-wal").unlink(missing_ok=True)
    path.write_bytes(b"no database" * 99)
    answer = door.get("/metrics")
    assert answer.status_code == 503
    assert answer.text.startswith("database: ")


def test_figures_add_up_by_kind_and_state(
    door: FlaskClient, storage: Storage, clock: FakeClock
) -> None:
    put_letter(storage, clock)
    text = door.get("/metrics").text
    assert 'xiangyang_recipients{kind="notice",state="pending"} 1' in text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": f"Bearer {SECRET}"}, 200),
    ],
)
def test_others_need_the_bearer_token(
    door: FlaskClient, headers: dict[str, str], status: int
) -> None:
    """Behind a proxy everybody seems to be on this machine."""
    via = {"X-Forwarded-For": "203.0.113.7", **headers}
    assert door.get("/metrics", headers=via).status_code == status
    far = {"REMOTE_ADDR": "203.0.113.7"}
    found = door.get("/metrics", headers=headers, environ_base=far)
    assert found.status_code == status


def test_without_a_token_nobody_else_sees_figures(
    storage: Storage, clock: FakeClock
) -> None:
    bare = build_assistant(make_config({}), storage=storage, clock=clock)
    door = create_app(bare).test_client()
    far = {"REMOTE_ADDR": "203.0.113.7"}
    assert door.get("/metrics", environ_base=far).status_code == 401
    assert door.get("/metrics").status_code == 200
    assert door.get("/readyz").status_code == 200


def test_figures_of_the_outbox_and_of_the_clock(
    door: FlaskClient, storage: Storage, clock: FakeClock, assistant: Assistant
) -> None:
    put_letter(storage, clock)
    clock.wait(seconds=90)
    with storage.write() as session:
        due = clock.now() - timedelta(seconds=70)
        ticks.take(session, "study", due, due)
        ticks.finish(session, "study", due, due + timedelta(seconds=10))
    text = door.get("/metrics").text
    for line in (
        "xiangyang_outbox_oldest_due_seconds 90.0",
        "xiangyang_outbox_due_letters 1.0",
        "xiangyang_outbox_retrying_batches 0.0",
        'xiangyang_job_lateness_seconds{job="study"} 10.0',
        "xiangyang_scheduler_silence_seconds 60.0",
        "# HELP xiangyang_answer_seconds From a callback to its answer",
    ):
        assert line in text.splitlines()
    Delivery(storage, clock, assistant.senders).deliver_all()
    after = door.get("/metrics").text.splitlines()
    assert "xiangyang_outbox_oldest_due_seconds 0.0" in after
    claimed = "xiangyang_outbox_last_claim_timestamp_seconds "
    (when,) = (each.split()[1] for each in after if each.startswith(claimed))
    assert float(when) == clock.now().timestamp()


def test_every_figure_names_its_unit(door: FlaskClient) -> None:
    """Prometheus wants the base unit at the end; counts of things name the things."""
    counts = ("_recipients", "_letters", "_batches", "_total", "_created", "_info")
    units = ("_seconds", "_bytes", *counts)
    ours = [
        line.split()[2]
        for line in door.get("/metrics").text.splitlines()
        if line.startswith("# TYPE xiangyang_")
    ]
    assert ours
    assert [name for name in ours if not name.endswith(units)] == []


def test_a_missing_key_is_a_reason_and_no_busy_hour(
    door: FlaskClient, assistant: Assistant, storage: Storage, clock: FakeClock
) -> None:
    """Another process sealed with a key that this one was not started with."""
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    with storage.write() as session:
        phones.keep(session, find_member(session, "王芳"), "13800001234", clock.now())
    give_ring(storage.engine, Ring.of(assistant.config.security))
    with capture_logs() as logged:
        for _ in range(2):
            told = assistant.answer(Message("wecom", "wangfang", "1", text="我的信息"))
            assert told.reply
            assert "密钥没有配好" in told.reply.text
    (line,) = logged
    assert (line["event"], line["message"]) == ("key_missing", "1")
    assert "设置里没有这一把" in line["why"]
    answer = door.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("keys: 有数据是用密钥")
    other = assistant.answer(Message("wecom", "wangfang", "2", text="打卡 读党章"))
    assert other.intent == "checkin"
