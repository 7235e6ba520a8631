"""What is personal is sealed at rest, opens with its key only, and can change keys."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from bot.branch.people import audit, phones
from bot.config.load import make_config
from bot.errors import ConfigError, StorageError
from bot.maintenance import rekey
from bot.outbox import attachments
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Storage
from bot.storage.encrypted import Ring, give_ring, key_id, watching
from bot.storage.prepared import Prepared
from tests.conftest import LONG_AGO
from tests.people import PEOPLE, find_member

OLD, NEW = (Fernet.generate_key().decode() for _ in "12")
NUMBER = "13800001234"


def number_of(place: int) -> str:
    return f"1380000{place:04d}"


def fill(storage: Storage, *keys: str) -> None:
    give_ring(storage.engine, Ring(keys))
    with storage.write() as session:
        for place, each in enumerate(PEOPLE):
            member = find_member(session, each.name)
            phones.keep(session, member, number_of(place), LONG_AGO)


def numbers(storage: Storage) -> set[str]:
    with storage.read() as session:
        return {each.number for each in session.query(phones.Phone)}


SEALED = Prepared(select(Attachment.sealed).where(Attachment.id == bindparam("of")))
ALL = {number_of(place) for place in range(len(PEOPLE))}


@pytest.mark.files
def test_the_file_holds_no_number(storage: Storage, tmp_path: Path) -> None:
    fill(storage, OLD)
    assert numbers(storage) == ALL
    storage.close()
    files = [path.read_bytes() for path in tmp_path.glob("branch.db*")]
    assert files
    for each in files:
        assert number_of(0).encode() not in each
        assert OLD.encode() not in each


def test_two_databases_of_one_process_have_keys_of_their_own(tmp_path: Path) -> None:
    """What was compiled for one never seals, nor opens, for another."""
    for key in (OLD, NEW, OLD):
        kept = Storage(f"sqlite:///{tmp_path / key_id(key)}.db")
        Base.metadata.create_all(kept.engine)
        give_ring(kept.engine, Ring([key]))
        with kept.write() as session:
            kind = "text/csv"
            number = attachments.keep_private(session, "a", kind, b"13", LONG_AGO)
        with kept.read() as session:
            found = session.get_one(Attachment, number)
            assert found.bytes_kept == b"13"
            assert SEALED.first(session, of=number) == (found.sealed,)
        kept.close()


def test_without_the_key_one_clear_sentence(storage: Storage) -> None:
    fill(storage, OLD)
    give_ring(storage.engine, Ring([NEW]))
    with pytest.raises(StorageError, match=f"密钥 {key_id(OLD)} 加密的，设置里没有"):
        numbers(storage)
    with pytest.raises(StorageError, match=key_id(OLD)):
        rekey.check(storage, Ring([NEW]))
    with pytest.raises(StorageError, match="没有密钥"):
        Ring([]).seal(NUMBER)
    with pytest.raises(StorageError, match="没有密钥"):
        rekey.rotate(storage, Ring([]))


def test_a_value_that_was_tampered_with(storage: Storage) -> None:
    ring = Ring([OLD])
    with pytest.raises(StorageError, match="被改坏了"):
        ring.open(ring.seal(NUMBER)[:-4] + "AAA=")


def test_rotation_goes_on_where_it_was_stopped(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(storage, OLD)
    monkeypatch.setattr(rekey, "STEP", 2)
    ring = Ring([NEW, OLD])

    class Killed(Exception):
        pass

    def kill(done: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        rekey.rotate(storage, ring, kill)
    with storage.read() as session:
        assert rekey.count_by_key(session) == {
            key_id(OLD): len(ALL) - 2,
            key_id(NEW): 2,
        }
    give_ring(storage.engine, ring)
    assert numbers(storage) == ALL, "both keys are in use meanwhile"
    assert rekey.rotate(storage, ring) == len(ALL) - 2
    assert rekey.rotate(storage, ring) == 0
    give_ring(storage.engine, Ring([NEW]))
    assert numbers(storage) == ALL, "the old key is needed no more"


def test_a_rotation_is_verified(storage: Storage) -> None:
    fill(storage, NEW)
    with storage.exclusive() as connection:
        change = f"UPDATE phone SET number = '{key_id(NEW)}:spoilt'"
        connection.exec_driver_sql(change)
    with pytest.raises(StorageError, match="被改坏了"):
        rekey.rotate(storage, Ring([NEW, OLD]))


def test_a_ring_does_not_print_its_keys() -> None:
    assert OLD not in repr(Ring([OLD]))
    assert key_id(OLD) in repr(Ring([OLD]))


def test_a_look_is_written_down(storage: Storage) -> None:
    fill(storage, OLD)
    with storage.write() as session:
        wang, zhao = find_member(session, "王芳"), find_member(session, "赵敏")
        assert phones.look_up(session, wang, zhao, LONG_AGO)
        assert [look.who for look in audit.seen(session, wang)] == ["赵敏"]
        own = phones.own(session, wang)
        assert own is not None
        assert "****" in own
        assert not phones.keep(session, wang, number_of(3), LONG_AGO)


def test_what_opens_a_value_is_noticed_whoever_asks(storage: Storage) -> None:
    """So that a reply of it is kept sealed too, without its command's saying so."""
    fill(storage, Fernet.generate_key().decode())
    with watching() as first, storage.read() as session:
        find_member(session, "王芳")
        with watching() as second:
            assert numbers(storage)
    assert (first.secret, second.secret) == (False, True)


def test_nothing_known_is_nothing_written_down(session: Session) -> None:
    wang = find_member(session, "王芳")
    assert phones.look_up(session, wang, None, LONG_AGO) is None
    assert phones.own(session, wang) is None
    assert session.execute(text("SELECT count(*) FROM audit")).scalar() == 0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"roster": {"phones": True}}, "先在 \\[security\\] 里写 key"),
        ({"security": {"key": "short"}}, "security.key：应是 xiangyang keys new"),
        ({"security": {"old_keys": ["x" * 44]}}, "security.old_keys.0：应是"),
        ({"security": {"key": "env:NO_SUCH_KEY"}}, "环境变量 NO_SUCH_KEY 没有设置"),
    ],
)
def test_settings_that_cannot_be(values: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        make_config(values)
