"""What lapsed in the quiet of more people than one statement names."""

from datetime import timedelta

from sqlalchemy import func, insert, select, update

from bot import outbox
from bot.branch.people.members import Category, Member, ensure_root
from bot.message import Text
from bot.outbox import Importance, Letter, Plan, Recipient, Window
from bot.outbox.courtesy import TOLD_LATE
from bot.storage.database import Storage
from bot.storage.in_list import AT_ONCE
from tests.conftest import LONG_AGO as NOW

MANY = 2 * AT_ONCE + 1
EARLIER = NOW - timedelta(days=5)


def test_each_of_many_is_told_once_what_lapsed(storage: Storage) -> None:
    with storage.write() as session:
        root = ensure_root(session, "人很多的支部")
        people = [
            {"name": f"甲{number}", "userid": f"many{number}", "branch_id": root.id}
            for number in range(MANY)
        ]
        same = {"category": Category.FULL, "state": "active", "added_at": EARLIER}
        session.execute(insert(Member), [each | same for each in people])
        everybody = select(Member.id, Member.userid).where(Member.branch_id == root.id)
        window = Window(EARLIER, EARLIER + timedelta(days=2))
        for key in ("one", "two"):
            plan = Plan(key, TOLD_LATE, Text(key), window, Importance.NOTICE)
            outbox.put(session, plan, everybody, now=EARLIER)
        session.execute(update(Recipient).values(held_until=NOW))
    for told in (MANY, 0):
        with storage.write() as session:
            assert outbox.tell_lapsed(session, NOW) == told
    with storage.read() as session:
        digests = select(Letter.id).where(Letter.kind == "digest")
        readers = select(Recipient.user).where(Recipient.letter_id.in_(digests))
        users = session.scalars(readers).all()
        assert len(users) == len(set(users)) == MANY
        waiting = select(func.count()).where(
            Recipient.digest_id.is_(None), Recipient.letter_id.not_in(digests)
        )
        assert session.scalar(waiting) == 0
