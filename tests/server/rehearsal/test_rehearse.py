"""A rehearsal tells what would be sent, and changes nothing."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bot import outbox
from bot.branch.notices import chasing, notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.branch.reminders import draft, reminders
from bot.calendar.quiet_hours import Hours
from bot.config.settings import Config, Quiet
from bot.message import Text
from bot.outbox import Importance, Letter, Plan, QuietWish, Window
from bot.storage.database import Storage
from server.cli.rehearse import describe
from server.cli.rehearse import rehearse as command
from server.rehearsal.rehearse import Play, rehearse
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

pytestmark = pytest.mark.thorough

MONDAY = datetime(2026, 3, 2, tzinfo=ZONE)
BIRTHDAY = ("birthday", "wangfang")


def play(config: Config, storage: Storage, days: int = 1, **more: datetime) -> Play:
    now = more.get("now", MONDAY)
    return rehearse(config, storage, more.get("start", MONDAY), days, now)


def test_a_birthday_and_a_working_morning(config: Config, storage: Storage) -> None:
    told = play(config, storage).sendings
    greeted = [each for each in told if each.kind == "birthday"]
    assert [each.users for each in greeted] == [("wangfang",), ("liwei",)]
    assert greeted[0].card
    assert greeted[0].at == MONDAY.replace(hour=8)
    (study,) = [each for each in told if each.kind == "study"]
    assert "wangfang" not in study.users


def test_nothing_is_changed(config: Config, storage: Storage) -> None:
    play(config, storage, days=7)
    with storage.read() as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == 0


def test_what_waits_for_the_end_of_the_night(config: Config, storage: Storage) -> None:
    """On a day of rest nothing else is told, so that nothing else wakes the job."""
    saturday = MONDAY + timedelta(days=5)
    with storage.write() as session:
        member, root = find_member(session, "赵敏"), find_branch(session, BRANCH)
        assert root
        everybody = Audience(root.id)
        wish = draft.ReminderDraft(
            "浇花", everybody, once_at=saturday.replace(hour=6, minute=30)
        )
        reminders.keep(session, member, root, wish, MONDAY)
    told = play(config, storage, start=saturday, now=saturday).sendings
    (reminded,) = [each for each in told if each.kind == "reminder"]
    assert reminded.at == saturday.replace(hour=7)
    assert "hexue" in reminded.users


def test_a_span_ahead_has_its_own_days_only(config: Config, storage: Storage) -> None:
    start = MONDAY + timedelta(days=365)
    told = play(config, storage, days=2, start=start).sendings
    assert {each.at.date().isoformat() for each in told} <= {
        "2027-03-02",
        "2027-03-03",
    }
    assert [each.users for each in told if each.kind == "birthday"] == [("wangfang",)]


def test_a_week_never_holds_more_than_the_budget(
    config: Config, storage: Storage
) -> None:
    with storage.write() as session:
        member = find_member(session, "王芳")
        for number in range(12):
            at = MONDAY + timedelta(hours=9 + number)
            plan = Plan(
                f"k{number}",
                "reminder",
                Text(f"第{number}件"),
                Window(at, at + timedelta(days=9)),
            )
            outbox.put_to(session, plan, member.userid, member.id, now=MONDAY)
    told = play(config, storage, days=9)  # a week rolls on by two days
    mine = [each.at for each in told.sendings if "wangfang" in each.users]
    week = timedelta(days=7)
    for at in mine:
        assert len([each for each in mine if at <= each < at + week]) <= 7
    assert "budget" in {mark for each in told.sendings for mark in each.marks}
    night = [each for each in mine if each.hour >= 22 or each.hour < 7]
    assert night == []


def test_a_wish_for_quiet_and_a_notice(config: Config, storage: Storage) -> None:
    window = Window(MONDAY, MONDAY + timedelta(days=3))
    notice = Plan("n", "notice", Text("开会"), window, Importance.NOTICE)
    with storage.write() as session:
        member = find_member(session, "李伟")
        outbox.mute(session, member.id, QuietWish("study", MONDAY))
        outbox.put_to(session, notice, member.userid, member.id, now=MONDAY)
    told = play(config, storage, days=2)
    kinds = {each.kind for each in told.sendings if "liwei" in each.users}
    assert kinds == {"birthday"}
    text = "\n".join(describe(told))
    assert "study：本人开了免打扰" in text
    assert "2026-03-02（周一）" in text


def test_a_notice_is_chased_and_reported_at_its_time(
    config: Config, storage: Storage
) -> None:
    """Which time that is no column says."""
    ends = MONDAY + timedelta(days=2, hours=17)
    with storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        desk = Desk(find_member(session, "赵敏"), root)
        draft = Draft("周五植树", Audience(root.id), deadline=ends)
        notices.publish(session, desk, draft, MONDAY.replace(hour=9))
    told = play(config, storage, days=4).sendings
    at = {each.kind: each.at for each in told if each.kind in ("nudge", "report")}
    assert at == {"nudge": ends - chasing.CHASE_BEFORE, "report": ends}


@pytest.mark.parametrize(
    ("starts", "ends", "at", "marks"),
    [
        (6, 10, "10:00", ("own_hours",)),
        (10, 12, "08:00", ()),
        (8, 22, "07:00", ("own_hours",)),  # the house is quiet when hers end
    ],
)
def test_what_a_member_s_own_hours_move_is_marked(
    config: Config, storage: Storage, *, starts: int, ends: int, at: str, marks: object
) -> None:
    with storage.write() as session:
        member = find_member(session, "王芳")
        outbox.keep_hours(session, member.id, Hours(time(starts), time(ends)), MONDAY)
    told = play(config, storage, days=2).sendings
    (mine,) = [each for each in told if (each.kind, *each.users) == BIRTHDAY]
    assert (f"{mine.at:%H:%M}", mine.marks) == (at, marks)
    others = [each for each in told if "wangfang" not in each.users]
    assert not [each for each in others if "own_hours" in each.marks]


def test_a_digest_carries_the_card_whose_words_it_tells(
    config: Config, storage: Storage
) -> None:
    """A greeting that finds the week full goes with the next week's first digest."""
    narrow = config.model_copy(update={"quiet": Quiet(weekly_budget=2)})
    with storage.write() as session:
        member = find_member(session, "王芳")
        member.joined, member.joined_day = date(2011, 3, 4), 304
        at = MONDAY.replace(hour=7)
        window = Window(at, at + timedelta(days=9))
        for key in ("早", "晚"):
            plan = Plan(key, "reminder", Text(key), window, leaves=0)
            outbox.put_to(session, plan, member.userid, member.id, now=MONDAY)
    told = play(narrow, storage, days=8).sendings
    (digest,) = [each for each in told if each.kind == "digest"]
    assert digest.users == ("wangfang",)
    assert digest.card == "政治生日-王芳-2026.png"
    assert "王芳同志，政治生日快乐！" in digest.text
    assert all(each.text for each in told)


def test_a_saturday_is_marked(config: Config, storage: Storage) -> None:
    with storage.write() as session:
        find_member(session, "王芳").joined = datetime(2011, 3, 7, tzinfo=ZONE).date()
        find_member(session, "王芳").joined_day = 307
    told = play(config, storage, days=1, start=MONDAY + timedelta(days=5)).sendings
    assert told[0].users == ("wangfang",)
    assert "holiday" in told[0].marks


@pytest.fixture
def arguments(tmp_path: Path, storage: Storage) -> list[str]:
    path = tmp_path / "config.toml"
    path.write_text(f'[database]\nurl = "{storage.location}"\n')
    return ["--from", "2030-03-02", "--days", "1", "--config", str(path)]


def test_the_command_prints_one_document(arguments: list[str]) -> None:
    told = CliRunner().invoke(command, [*arguments, "--json"])
    assert told.exit_code == 0
    entries = json.loads(told.stdout)
    assert {"at", "to", "kind", "text", "card"} <= set(entries[0])
    greeted = [each for each in entries if each["kind"] == "birthday"]
    assert [each["to"] for each in greeted] == ["wangfang"]
    assert greeted[0]["at"] == "2030-03-02T08:00:00+08:00"
    assert "入党 19 周年" in greeted[0]["text"]


def test_the_command_tells_it_in_words(arguments: list[str]) -> None:
    told = CliRunner().invoke(command, arguments).stdout
    assert "2030-03-02" in told
    assert "共" in told


def test_a_past_date_is_remarked_beside_what_is_told(arguments: list[str]) -> None:
    past = CliRunner().invoke(command, [*arguments, "--from", "2026-03-02", "--json"])
    assert past.exit_code == 0
    assert isinstance(json.loads(past.stdout), list)
    (remark,) = past.stderr.splitlines()
    assert remark.startswith("注意：起始日已经过去")
    assert CliRunner().invoke(command, arguments).stderr == ""
