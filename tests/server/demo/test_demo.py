"""The demo in this process: two weeks of history, and the next morning."""

import socket
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
import requests
from sqlalchemy import select

from bot.branch.records.tables import Record
from bot.clock import MovableClock
from bot.storage.database import Storage
from server.demo.demo import KEY, ZONE, Demo, serving_demo
from server.demo.works import TALKS, TOLD, WORKS
from server.twin.serving import running
from server.twin.world import World

pytestmark = pytest.mark.thorough

HEADERS = {"X-Simulator": "1"}


def test_a_branch_with_two_weeks_of_history_and_a_birthday_next_morning(
    tmp_path: Path,
) -> None:
    with serving_demo(tmp_path, 0) as address:
        home = requests.get(address, timeout=9)
        assert home.url.rstrip("/") == f"{address}/simulator"
        state = requests.get(f"{address}/simulator/state", timeout=20).json()
        assert len([each for each in state["people"] if "account" not in each]) == 12
        assert sum("打卡" in (each.get("text") or "") for each in state["bubbles"]) > 30
        now = datetime.fromisoformat(state["now"])
        morning = (now + timedelta(days=1)).replace(hour=8, minute=0)
        moved = {"to": morning.isoformat()}
        answer = requests.post(
            f"{address}/simulator/clock", json=moved, headers=HEADERS, timeout=30
        )
        assert answer.ok, answer.text
        greeted = _wait_for_greeting(address)
        assert any("政治生日快乐" in (each.get("text") or "") for each in greeted)
        assert any(each["kind"] == "image" for each in greeted)
    told = Storage(f"sqlite:///{tmp_path / 'demo.db'}")
    with told.read() as session:
        kinds = Counter(session.scalars(select(Record.kind)))
    told.close()
    assert kinds.total() > len(TOLD) + len(WORKS)
    assert (kinds["post"], kinds["studio"], kinds["call"]) == (16, 3, 2)
    assert (kinds["talk"], kinds["bulletin"], kinds["concern"]) == (len(TALKS), 1, 1)
    assert kinds["task"] > 0
    assert kinds["service"] >= 10
    assert kinds["work"] == len(WORKS)


def test_a_kept_folder_is_not_filled_again(tmp_path: Path) -> None:
    """And who talks there later hears no answer to what was said before."""
    for _ in range(2):
        with serving_demo(tmp_path, 0) as address:
            assert requests.get(f"{address}/readyz", timeout=9).ok
            state = requests.get(f"{address}/simulator/state", timeout=20).json()
            before = state["revision"]
            people = [e["userid"] for e in state["people"] if "account" not in e]
            for who in people * 12:
                _say(address, who, "你是谁")
            state = requests.get(f"{address}/simulator/state", timeout=20).json()
            new = [e for e in state["bubbles"] if e["number"] >= before]
            told = [each.get("text") or "" for each in new]
            heard = [each for each in told if each.startswith("我叫")]
            assert len(heard) == 12 * len(people)
    assert (tmp_path / "demo.db").stat().st_size > 0


def test_a_jump_does_each_thing_at_its_hour_and_chats_outlive_a_restart(
    tmp_path: Path,
) -> None:
    with serving_demo(tmp_path, 0) as address:
        _say(address, "sunli", "今晚八点提醒我带党章")
        before = requests.get(f"{address}/simulator/state", timeout=20).json()
        morning = {"morning": True}
        page = f"{address}/simulator/clock"
        assert requests.post(page, json=morning, headers=HEADERS, timeout=60).ok
        hers = _wait_for_greeting(address)
        left = requests.get(f"{address}/simulator/state", timeout=20).json()
        since = before["revision"]
        came = [e for e in left["bubbles"] if e["number"] >= since]
        reminded = [e for e in came if "带党章" in (e.get("text") or "")]
        assert [e["at"][11:16] for e in reminded] == ["20:00"]
        assert not any("来晚了" in (e.get("text") or "") for e in came)
    with serving_demo(tmp_path, 0) as address:
        again = requests.get(f"{address}/simulator/state", timeout=20).json()
        assert again["now"][:13] == left["now"][:13]
        told = [(e["phone"], e["at"], e["text"]) for e in again["bubbles"]]
        assert {(e["phone"], e["at"], e["text"]) for e in left["bubbles"]} <= set(told)
        card = next(e for e in again["bubbles"] if e["kind"] == "image")
        shown = f"{address}/simulator/media/{card['media']}"
        assert requests.get(shown, timeout=9).ok
    assert any(each["kind"] == "image" for each in hers)


def _say(address: str, userid: str, text: str) -> None:
    said = {"userid": userid, "text": text}
    page = f"{address}/simulator/say"
    assert requests.post(page, json=said, headers=HEADERS, timeout=9).ok


def test_nobody_plays_in_the_two_weeks_before(tmp_path: Path) -> None:
    clock = MovableClock(ZONE, datetime(2026, 3, 2, 10, tzinfo=ZONE))
    world = World("wwdemo", 1000002, "demosecret", "demotoken", KEY, clock.now)
    with running(world), socket.create_server(("127.0.0.1", 0)) as door:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        demo = Demo(tmp_path, world, clock, address)
        with demo.listening(door):
            early = requests.get(f"{address}/simulator", timeout=9)
            assert (early.status_code, early.headers["Refresh"]) == (503, "1")
            assert "正在准备" in early.text
            demo.ready.set()
            assert requests.get(f"{address}/simulator", timeout=9).ok


def _wait_for_greeting(address: str) -> list[dict[str, str]]:
    """Read her phone until the card is there: deliverers work beside the page."""
    pause, hers = Event(), []
    for _ in range(200):
        state = requests.get(f"{address}/simulator/state", timeout=20).json()
        hers = [each for each in state["bubbles"] if each["phone"] == "wangfang"]
        if any(each["kind"] == "image" for each in hers):
            break
        pause.wait(0.1)
    return hers
