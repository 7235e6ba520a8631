"""A week's warning of a day to keep: once, made up for, never stale."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

from bot.branch.duties import observances
from bot.branch.duties.observances import NamedDay
from bot.branch.people.members import Member, Role, grant
from bot.branch.people.tree import find_branch
from bot.calendar.yearly_days import YearlyDay
from bot.storage.database import Storage
from scheduler.job import Tick
from scheduler.observances import warn_of_observances
from tests.people import BRANCH, OTHER_BRANCH, find_member
from tests.scheduler.conftest import Tower


@pytest.fixture(autouse=True)
def _secretaries(tower: Tower) -> None:
    """赵敏 of ours, both of the other; the third one's has no account."""
    with tower.assistant.storage.write() as session:
        other = find_branch(session, OTHER_BRANCH)
        assert other is not None
        for name in ("孙丽", "赵敏"):
            grant(session, find_member(session, name), Role.SECRETARY, other)


def warned(tower: Tower) -> list[str]:
    return [name for name, _ in tower.queued("observance") if name != "None"]


def keep(storage: Storage, branch: str, named: NamedDay, now: datetime) -> YearlyDay:
    with storage.write() as session:
        place = find_branch(session, branch)
        assert place is not None
        return observances.add(session, author(session), place, named, now)


def author(session: object) -> Member:
    return find_member(session, "赵敏")  # type: ignore[arg-type]


def test_a_week_ahead_and_once(tower: Tower) -> None:
    tower.strike("2026-11-26 09:00")
    assert warned(tower) == []
    tower.strike("2026-11-27 08:59")
    assert warned(tower) == []
    for when in ("2026-11-27 09:00", "2026-11-27 09:05", "2026-11-28 09:00"):
        tower.strike(when)
        assert warned(tower) == ["赵敏", "孙丽"]


def test_the_next_year_again(tower: Tower) -> None:
    tower.strike("2026-11-27 09:00")
    tower.strike("2027-11-27 09:00")
    assert warned(tower) == ["赵敏", "孙丽"] * 2


@pytest.mark.parametrize(
    ("when", "count"),
    [
        ("2026-11-27 20:59", 1),  # an outage over the morning
        ("2026-12-02 09:00", 2),  # and one of five days, when the next is due too
        ("2026-12-04 11:59", 2),  # on the morning itself
        ("2026-12-04 12:00", 1),  # stale: only that of 9 December
    ],
)
def test_an_outage_is_made_up_for_until_noon_of_the_day(
    tower: Tower, when: str, count: int
) -> None:
    tower.strike(when)
    assert warned(tower).count("赵敏") == count


def test_never_past_noon_of_the_day(tower: Tower) -> None:
    tower.strike("2026-11-27 09:00")
    assert {last.isoformat() for _, last in tower.windows("observance")} == {
        "2026-12-04T12:00:00+08:00"
    }


def test_at_night_it_waits_for_the_morning(tower: Tower) -> None:
    now = datetime(2026, 11, 27, 23, 30, tzinfo=tower.assistant.config.timezone)
    warn_of_observances.run(Tick(now, now, tower.assistant))
    first = {first for first, _ in tower.windows("observance")}
    assert first == {now.replace(hour=7, minute=0) + timedelta(days=1)}


def test_a_branchs_own_day_is_told_to_its_own_secretary(tower: Tower) -> None:
    storage, now = tower.assistant.storage, tower.clock.now()
    keep(storage, BRANCH, NamedDay("支部成立纪念日", 5, 20, since=2008), now)
    tower.strike("2026-05-13 09:00")
    ((name, text),) = tower.queued("observance")
    assert name == "赵敏"
    assert "5月20日（周三）是支部成立纪念日（18 周年）" in text


def test_a_day_of_one_year_comes_once(tower: Tower) -> None:
    storage, now = tower.assistant.storage, tower.clock.now()
    keep(storage, BRANCH, NamedDay("换届大会", 5, 20, once=2026), now)
    tower.strike("2026-05-13 09:00")
    tower.strike("2027-05-13 09:00")
    assert warned(tower) == ["赵敏"]


def test_the_twenty_ninth_of_february(tower: Tower) -> None:
    storage, now = tower.assistant.storage, tower.clock.now()
    keep(storage, BRANCH, NamedDay("揭牌", 2, 29), now)
    tower.strike("2027-02-21 09:00")
    assert "2月28日" in tower.queued("observance")[0][1]


def test_what_was_removed_is_not_told(tower: Tower) -> None:
    storage, now = tower.assistant.storage, tower.clock.now()
    day = keep(storage, BRANCH, NamedDay("揭牌", 5, 20), now)
    with storage.write() as session:
        place = find_branch(session, BRANCH)
        assert place is not None
        assert observances.remove(session, place, "揭牌", now) == day
    tower.strike("2026-05-13 09:00")
    assert warned(tower) == []


def test_who_reads_plainly_gets_words_to_answer_with(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "赵敏").plain = True
    tower.strike("2026-11-27 09:00")
    texts = dict(tower.queued("observance"))
    assert "节点通知 国家宪法日" in texts["赵敏"]
    assert "节点通知" not in texts["孙丽"]


def test_two_clocks_at_once_send_one(tower: Tower) -> None:
    now = datetime(2026, 11, 27, 9, 0, tzinfo=tower.assistant.config.timezone)
    together = Barrier(2)

    def strike() -> None:
        together.wait()
        warn_of_observances.run(Tick(now, now, tower.assistant))

    threads = [Thread(target=strike) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warned(tower) == ["赵敏", "孙丽"]
