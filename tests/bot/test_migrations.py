"""What migrations do with what is there."""

from itertools import pairwise

from alembic import command
from sqlalchemy import select, text

from bot.branch.notices import notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.maintenance import upgrade
from bot.storage.database import Storage
from tests.conftest import LONG_AGO as NOW


def test_receipts_of_corrections_come_to_the_first_notice(
    storage: Storage,
) -> None:
    with storage.write() as session:
        author = session.scalars(select(Member)).first()
        assert author
        audience = Audience(author.branch_id)
        desk = Desk(author, session.get_one(Branch, author.branch_id))
        ids = [
            notices.publish(session, desk, Draft(said, audience), NOW).id
            for said in ("在201", "在301", "在401", "交表")
        ]
    with storage.exclusive() as connection:
        command.downgrade(upgrade.make_config(connection=connection), "0014")
        corrects = text("UPDATE notice SET corrects = :first WHERE id = :id")
        for first, later in pairwise(ids[:3]):
            connection.execute(corrects, {"first": first, "id": later})
        receipt = text(
            "INSERT INTO receipt (notice_id, member_id, at, how, choice) "
            "SELECT id, :member, at, 'text', :choice FROM notice WHERE id = :notice"
        )
        rows = [
            (0, 1, None),
            (1, 1, "请假"),
            (2, 1, None),
            (2, 2, "能参加"),
            (3, 3, None),
        ]
        for at, member, choice in rows:
            row = {"notice": ids[at], "member": member, "choice": choice}
            connection.execute(receipt, row)
    upgrade.upgrade(storage)
    with storage.read() as session:
        found = [
            (each.notice_id, each.member_id, each.choice)
            for each in session.scalars(
                select(Receipt).order_by(Receipt.notice_id, Receipt.member_id)
            )
        ]
        corrected = session.scalars(select(Notice.corrects).order_by(Notice.id)).all()
    first = ids[0]
    assert found == [(first, 1, "请假"), (first, 2, "能参加"), (ids[3], 3, None)]
    assert corrected == [None, first, first, None]
