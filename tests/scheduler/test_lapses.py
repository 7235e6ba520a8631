"""党费: who owes for months is told of to the secretary in time, with the rule."""

from dataclasses import replace
from datetime import date

from bot.branch.people.members import Category, set_joined
from bot.branch.people.tree import find_branch
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.kinds.dues import DUES
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower


def pay(tower: Tower, name: str, first: str, until: str = "") -> None:
    with tower.assistant.storage.write() as session:
        branch, member = find_branch(session, BRANCH), find_member(session, name)
        assert branch is not None
        values = {"day": first, "people": [[member.id, name]], "amount": 42.0}
        if until:
            values["until"] = until
        teller = Teller(find_member(session, "赵敏"), branch)
        book.record(session, DUES, values, teller, tower.clock.now())


def everybody_but_two_pays(tower: Tower) -> None:
    tower.strike("2026-03-10 10:00")
    for name in ("赵敏", "陈静", "刘洋", "何雪"):
        pay(tower, name, "2026-01-01", "2026-12-01")
    pay(tower, "王芳", "2026-01-01", "2026-03-01")
    pay(tower, "李伟", "2026-01-01", "2026-04-01")


def told(tower: Tower, who: str) -> list[str]:
    return [
        said for to, said in tower.queued("deadline") if to == who and "党费" in said
    ]


def test_the_secretary_is_told_two_months_and_one_before_six_are_full(
    tower: Tower,
) -> None:
    everybody_but_two_pays(tower)
    for day in ("07-06", "07-27", "08-03", "08-10", "08-31", "09-07", "10-05", "11-02"):
        tower.strike(f"2026-{day} 08:30")
    first, second, *_ = said = told(tower, "赵敏")
    assert "王芳的党费从2026年4月起没有记过：2026年9月30日" in first
    assert "连续 6 个月不交纳党费，就被认为是自行脱党" in first
    assert "《中国共产党章程》第九条" in first
    assert "没记不等于没交" in first
    assert "李伟" not in first
    assert "李伟的党费从2026年5月起没有记过：2026年10月31日" in second
    of_wang = [each for each in said if "王芳的党费" in each]
    assert len(of_wang) == 3


def test_nobody_else_is_told_unless_the_settings_say_so(tower: Tower) -> None:
    everybody_but_two_pays(tower)
    tower.strike("2026-08-03 08:30")
    assert told(tower, "王芳") == []


def test_who_is_behind_is_told_alone_and_once_where_that_is_set(tower: Tower) -> None:
    config = tower.assistant.config
    dues = config.dues.model_copy(update={"tell_members": True})
    settings = config.model_copy(update={"dues": dues})
    assistant = replace(tower.assistant, config=settings)
    everybody_but_two_pays(tower)
    tower = replace(tower, runner=Runner(all_jobs(), assistant))
    for day in ("08-03", "08-31", "10-05"):
        tower.strike(f"2026-{day} 08:30")
    (said,) = told(tower, "王芳")
    assert "没记不等于没交" in said
    assert "李伟" not in said
    (other,) = told(tower, "李伟")
    assert "王芳" not in other


def test_who_owes_nothing_by_the_roster_is_not_told_of(tower: Tower) -> None:
    everybody_but_two_pays(tower)
    with tower.assistant.storage.write() as session:
        wang, li = find_member(session, "王芳"), find_member(session, "李伟")
        wang.category = Category.ACTIVIST
        set_joined(wang, None)
        set_joined(li, date(2026, 8, 1))
    tower.strike("2026-10-05 08:30")
    assert told(tower, "赵敏") == []
