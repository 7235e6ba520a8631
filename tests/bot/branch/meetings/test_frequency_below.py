"""The year's meters of many branches at once, as a Party committee asks for them."""

from datetime import timedelta

from bot.branch.meetings import digest, frequency
from bot.branch.meetings.kinds import Kind
from bot.branch.people.tree import Branch, find_branch, plant
from bot.storage.database import Storage
from tests.bot.branch.meetings.test_calls import record
from tests.bot.branch.meetings.test_doors import AT
from tests.people import BRANCH
from tests.stage import Stage


def test_many_are_read_as_each_alone(storage: Storage, stage: Stage) -> None:
    with storage.write() as session:
        record(session, AT - timedelta(days=20), sits_in=())
        other = plant(session, "第二党支部", find_branch(session, BRANCH))
        every = [each.id for each in session.query(Branch)]
        alone = {
            number: frequency.check_year(
                session, session.get_one(Branch, number), 2026, AT
            )
            for number in every
        }
        assert frequency.check_years(session, every, 2026, AT) == alone
        held = {each.kind: each.held for each in alone[other.id]}
        assert held[Kind.GENERAL] == 0


def test_who_stands_above_is_told_counts_and_no_people(
    storage: Storage, stage: Stage
) -> None:
    with storage.write() as session:
        record(session, AT - timedelta(days=20), sits_in=())
        above = find_branch(session, BRANCH)
        assert above
        assert digest.describe_below(session, above, 2026, AT) == ""
        for name in ("第二党支部", "第三党支部"):
            plant(session, name, above)
        told = digest.describe_below(session, above, 2026, AT + timedelta(days=40))
    assert "下面 2 个党支部，0 个到上月没有缺" in told
    assert "第二党支部（" in told
    assert "支部党员大会：2 个支部有缺" in told
    assert "赵敏" not in told
