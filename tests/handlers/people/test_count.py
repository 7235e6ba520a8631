"""How many there are: who has no category on the roll is one of them."""

from bot.storage.database import Storage
from tests.people import find_member
from tests.stage import Stage


def test_who_has_no_category_is_counted(stage: Stage, storage: Storage) -> None:
    before = stage.say("王芳", "支部现在有多少党员")
    with storage.write() as session:
        find_member(session, "李伟").category = None
    assert stage.say("王芳", "支部现在有多少党员") == before
    assert "6 名党员" in before
