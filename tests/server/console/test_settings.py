"""Settings changed from the console: they hold at once, say by whom, and go back."""

import pytest

from bot.assistant.answering import Assistant
from bot.branch.console import live_settings
from bot.config.live import SETTINGS, Overlay
from bot.errors import Refusal
from scheduler.runner import crons_of
from server.setup.wiring import all_jobs, build_assistant
from tests.server.console.visitor import Visitor
from tests.stage import Stage

PAGE = "/console/settings/"


def change(visitor: Visitor, **fields: str) -> str:
    visitor.get(PAGE)
    named = {name.replace("_", ".", 1): value for name, value in fields.items()}
    answer = visitor.post(f"{PAGE}change", **named)
    return visitor.follow(answer).text if answer.status_code == 303 else answer.text


def test_quiet_hours_hold_at_once_and_go_back(
    secretary: Visitor, assistant: Assistant, stage: Stage
) -> None:
    page = change(secretary, quiet_from="21:00", quiet_to="08:30")
    assert "改好了：安静时段从几点起、安静时段到几点止" in page
    assert f"{assistant.config.quiet.starts:%H:%M}" == "21:00"
    assert "赵敏" in page
    assert "改了运行的设置" in secretary.get("/console/audit/").text
    with assistant.storage.read() as session:
        rows = live_settings.history(session, 9)
        assert [each.value for each in rows] == ["08:30", "21:00"]
    secretary.get(PAGE)
    back = secretary.follow(secretary.post(f"{PAGE}changes/1/undo")).text
    assert "改回去了" in back
    assert f"{assistant.config.quiet.starts:%H:%M}" == "22:00"
    secretary.get(PAGE)
    again = secretary.post(f"{PAGE}changes/1/undo")
    assert (again.status_code, "后来又改过" in again.text) == (409, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quiet_from": "25:00"}, "不像时刻"),
        ({"quiet_from": "10:00", "quiet_to": "09:00"}, "一天至少留 8 个小时"),
        ({"quiet_weekly_budget": "许多"}, "不是个数"),
        ({"checkins_per_day": "99"}, "要在 1 到 20 之间"),
        ({"study_hours_per_day": "0"}, "要在 1 到 24 之间"),
        ({}, "没有改动"),
    ],
)
def test_what_cannot_be_set(
    secretary: Visitor, fields: dict[str, str], said: str
) -> None:
    assert said in change(secretary, **fields)
    with secretary.assistant.storage.read() as session:
        assert live_settings.version(session) == 0


def test_pushes_come_at_another_time(
    secretary: Visitor, assistant: Assistant, stage: Stage
) -> None:
    change(secretary, schedule_study="06:40", schedule_birthdays="09:10")
    assert assistant.config.schedule["study"] == "40 6 * * *"
    assert assistant.config.schedule["birthdays"] == "10 9,13,17 * * *"
    assert "改好了" in change(secretary, schedule_study="")
    assert "study" not in assistant.config.schedule
    due = stage.runner.next_moment
    study = next(each for each in all_jobs() if each.name == "study")
    stage.runner.strike()
    assert f"{due(study, assistant.clock.now()):%H:%M}" == "08:00"


def test_two_tabs_change_the_settings(secretary: Visitor) -> None:
    secretary.get(PAGE)
    stale = dict(secretary.form)
    change(secretary, quiet_weekly_budget="5")
    late = secretary.post(
        f"{PAGE}change", **{**stale, "once": "x"}, **{"quiet.weekly_budget": "3"}
    )
    assert (late.status_code, "变化" in late.text) == (409, True)
    assert 'name="quiet.weekly_budget" value="3"' in late.text


def test_another_process_takes_it_over(
    secretary: Visitor, assistant: Assistant
) -> None:
    other = build_assistant(
        assistant.config, storage=assistant.storage, clock=assistant.clock, hears=False
    )
    change(secretary, quiet_weekly_budget="5")
    change(secretary, notices_nudge_every="6")
    with assistant.storage.read() as session:
        other.take_settings(session)
    assert other.config.quiet.weekly_budget == 5
    assert other.config.notices.nudge_every.total_seconds() == 6 * 3600


def test_every_setting_is_said_and_read(assistant: Assistant) -> None:
    crons = crons_of(all_jobs(), assistant.config)
    overlay = Overlay(assistant.config, crons)
    for each in SETTINGS:
        said = overlay.say(each, written=True)
        assert said
        assert each.read(said) == said
        overlay.lay({each.name: said}, 1)
        assert overlay.say(each) == said
    with pytest.raises(Refusal):
        overlay.check({"quiet.from": "10:00", "quiet.to": "09:30"})


def test_the_school_s_calendar(secretary: Visitor, stage: Stage) -> None:
    secretary.get(PAGE)
    span = {"name": "暑假", "first": "2026-07-06", "last": "2026-08-30"}
    page = secretary.follow(secretary.post(f"{PAGE}school", **span)).text
    assert "暑假 2026年7月6日至2026年8月30日" in page
    assert "暑假" in stage.say("赵敏", "校历")
    secretary.get(PAGE)
    wrong = secretary.post(f"{PAGE}school", **{**span, "last": "2026-07-01"})
    assert (wrong.status_code, "先后相接" in wrong.text) == (409, True)
    secretary.get(PAGE)
    gone = secretary.post(f"{PAGE}school", name="暑假", remove="1")
    assert "还没有记" in secretary.follow(gone).text
