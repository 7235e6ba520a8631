"""The audit: who looked, to be read by whom it concerns, changed by nobody."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.branch.people import audit
from bot.branch.people.audit import Audit, Look
from bot.storage.database import Storage
from tests.conftest import LONG_AGO as NOW
from tests.people import find_member

HOUR = timedelta(hours=1)


def test_each_reads_who_looked_at_her(session: Session) -> None:
    zhao, wang, li = (find_member(session, name) for name in ("赵敏", "王芳", "李伟"))
    audit.note(session, zhao, "birthday.view", NOW, subjects=[wang.id, li.id])
    audit.note(session, None, "members.list", NOW + HOUR, subjects=[wang.id])
    audit.note(session, wang, "my_data.export", NOW + HOUR, subjects=[wang.id])
    audit.note(session, zhao, "notices.export", NOW + HOUR, details="nobody's")
    assert audit.seen(session, wang) == [
        Look(NOW + HOUR, None, "members.list", ""),
        Look(NOW, "赵敏", "birthday.view", ""),
    ]
    assert [look.action for look in audit.seen(session, li)] == ["birthday.view"]
    assert audit.seen(session, zhao) == []
    assert len(audit.seen(session, wang, limit=1)) == 1


def test_who_has_gone_is_still_counted(session: Session) -> None:
    wang, he = find_member(session, "王芳"), find_member(session, "何雪")
    audit.note(session, he, "profile.view", NOW, subjects=[wang.id], details="长" * 300)
    session.delete(he)
    session.flush()
    (look,) = audit.seen(session, wang)
    assert look.who == audit.GONE
    assert look.details == "长" * 255


@pytest.mark.parametrize("change", [delete(Audit), update(Audit).values(action="-")])
def test_no_line_is_changed_or_deleted(storage: Storage, change: object) -> None:
    with storage.write() as session:
        audit.note(session, None, "members.list", NOW)
    with pytest.raises(DBAPIError, match="only added"), storage.write() as session:
        session.execute(change)  # type: ignore[call-overload]
    with storage.read() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 1
