"""The second channel: a dead part is missed by another, and told once an hour."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from bot import outbox
from bot.assistant.answering import Assistant
from bot.channels.alarm import sound_alarm
from bot.config.settings import Config
from bot.errors import BotError, DatabaseLost, DeliveryError
from bot.message import Text
from bot.outbox import Plan, Window
from bot.storage.database import Storage
from scheduler.runner import Runner
from server.cli import main
from server.monitoring import watchdog
from server.monitoring.sentry import Sentry
from server.setup.wiring import all_jobs, build_assistant
from server.twin.world import World
from tests.acceptance.programs import until
from tests.fakes.clock import FakeClock
from tests.server.test_cli import run, settings
from tests.stage import Stage

__all__ = ["settings"]
KEY, GROUP = "alarmkey", "值班群"


@pytest.fixture
def config(config: Config, world: World) -> Config:
    world.robots.add(KEY, GROUP)
    url = f"{world.api_base}/cgi-bin/webhook/send?key={KEY}"
    alerts = {"alerts": {"url": url}}
    values = config.model_dump(exclude_unset=True) | alerts | {"wecom": config.wecom}
    return Config(**values)


def heard(world: World) -> list[str]:
    return [bubble.text for bubble in world.phone(f"group:{GROUP}").bubbles]


@pytest.mark.files
def test_a_lost_database_is_told_and_all_is_given_up(
    stage: Stage, storage: Storage, world: World
) -> None:
    """Nobody is told that something was recorded, from the first moment on."""
    given_up: list[BotError] = []
    sentry = Sentry(stage.assistant, given_up.append)
    path = Path(str(storage.url.database))
    assert "已打卡" in stage.say("王芳", "打卡 学党章")
    path.rename(path.with_suffix(".away"))
    assert "数据库不在原处了" in stage.say("李伟", "打卡 学党史")
    sentry.start(every=0.01)
    until(lambda: given_up, "it gives up")
    sentry.stop()
    assert isinstance(given_up[0], DatabaseLost)
    assert "被删除或换掉了" in heard(world)[0]
    path.with_suffix(".away").rename(path)
    assert "已打卡" in stage.say("李伟", "打卡 学党史")


@pytest.mark.files
def test_a_full_disk_is_told_as_what_it_is(stage: Stage, storage: Storage) -> None:

    def fill(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(storage.engine, "connect", fill)
    storage.engine.dispose()
    told = [stage.say("王芳", f"打卡 {'长' * 400} {each}") for each in range(40)]
    assert "磁盘满了，刚才这条没有记下" in told[-1]
    assert not [each for each in told if "太忙" in each]


def put_letter(storage: Storage, clock: FakeClock) -> None:
    now = clock.now()
    with storage.write() as session:
        plan = Plan("k", "notice", Text("开会"), Window(now, now + timedelta(days=1)))
        outbox.put_to(session, plan, "wangfang", None, now=now)


def watch(assistant: Assistant) -> list[str]:
    found = watchdog.look(assistant)
    watchdog.tell(assistant, found)
    return [each.kind for each in found]


def test_all_is_well_while_the_clock_strikes(stage: Stage, world: World) -> None:
    stage.move_to("2026-03-02 08:05")
    assert watch(stage.assistant) == []
    assert heard(world) == []


def test_silence_at_eight_is_told_once_an_hour(stage: Stage, world: World) -> None:
    stage.move_to("2026-03-01 20:00")
    stage.clock.wait(hours=12, minutes=20)
    assert watch(stage.assistant) == ["clock"]
    assert watch(stage.assistant) == ["clock"]
    (said,) = heard(world)
    assert "birthdays（08:00）" in said
    assert "study（08:00）" in said
    stage.clock.wait(hours=1)
    watch(stage.assistant)
    assert len(heard(world)) == 2
    stage.runner.strike()
    stage.delivery.deliver_all()
    assert watch(stage.assistant) == []


def test_what_nobody_can_make_up_for_is_no_silence(stage: Stage) -> None:
    """The address book of 4:40 may come until 10:40; this clock began later."""
    stage.move_to("2026-03-02 10:43")
    stage.runner.strike()
    assert watch(stage.assistant) == []


def test_an_old_outbox_is_told(
    stage: Stage, storage: Storage, clock: FakeClock, world: World
) -> None:
    put_letter(storage, clock)
    clock.wait(minutes=17)
    stage.runner.strike()
    assert watch(stage.assistant) == ["outbox"]
    assert "等了 17 分钟" in heard(world)[0]
    assert "开会" not in heard(world)[0]


def test_an_alarm_that_did_not_sound_is_sounded_again(
    stage: Stage, storage: Storage, clock: FakeClock, world: World
) -> None:
    put_letter(storage, clock)
    clock.wait(minutes=17)
    stage.runner.strike()
    world.faults.add("webhook/send", "http", status=503)
    with pytest.raises(DeliveryError, match="HTTP 503"):
        watch(stage.assistant)
    watch(stage.assistant)
    assert len(heard(world)) == 1


def test_without_an_address_nobody_is_told(
    stage: Stage, storage: Storage, clock: FakeClock, world: World
) -> None:
    put_letter(storage, clock)
    clock.wait(minutes=17)
    mute = stage.assistant.config.model_copy(update={"alerts": Config().alerts})
    found = watchdog.look(stage.assistant)
    watchdog.tell(Assistant(**{**vars(stage.assistant), "config": mute}), found)
    watchdog.sound(mute, found)
    assert heard(world) == []


def test_a_watchman_looks_by_himself_and_survives(
    stage: Stage, storage: Storage, clock: FakeClock, world: World
) -> None:
    put_letter(storage, clock)
    clock.wait(minutes=17)
    world.faults.add("webhook/send", "http", status=503)
    watchman = watchdog.Watchman(stage.assistant)
    watchman.start(every=0.02)
    until(lambda: len(heard(world)) == 1, "the alarm is sounded, at the second try")
    watchman.stop()


def test_addresses_that_do_not_take_it(world: World) -> None:
    url = f"{world.api_base}/cgi-bin/webhook/send?key=gone"
    with pytest.raises(DeliveryError, match="没有收下（93000）"):
        sound_alarm(url, "x")
    with pytest.raises(DeliveryError, match="连不上告警地址") as failed:
        sound_alarm("http://127.0.0.1:9/hook?key=hidden", "x")
    assert "hidden" not in str(failed.value)


def test_watch_from_outside(
    settings: str, stage: Stage, address: str, world: World
) -> None:
    with Path(settings).open("a", encoding="utf-8") as file:
        hook = f"{world.api_base}/cgi-bin/webhook/send?key={KEY}"
        file.write(f'[alerts]\nurl = "{hook}"\n')
    real = build_assistant(stage.assistant.config, storage=stage.assistant.storage)
    Runner(all_jobs(), real).strike()
    fine = run(settings, "watch", "--url", address)
    assert (fine.exit_code, fine.stdout) == (0, "一切正常。\n")
    dead = run(settings, "watch", "--url", "http://127.0.0.1:9")
    assert dead.exit_code == 1
    assert "没有回答" in dead.stderr
    world.faults.add("gettoken", "errcode", times=None, code=40013)
    with stage.assistant.storage.exclusive() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    sick = run(settings, "watch", "--url", address)
    assert "没有准备好" in sick.stderr
    assert "数据库用不了" in sick.stderr
    world.faults.add("webhook/send", "http", status=500)
    assert "HTTP 500" in run(settings, "watch", "--url", address).stderr
    assert len(heard(world)) == 2


def test_the_address_of_the_settings(settings: str) -> None:
    with Path(settings).open("a", encoding="utf-8") as file:
        file.write('[server]\nhost = "0.0.0.0"\nport = 9\n')
    told = CliRunner().invoke(main, ["watch", "--config", settings])
    assert (told.exit_code, "没有回答" in told.stderr) == (1, True)
