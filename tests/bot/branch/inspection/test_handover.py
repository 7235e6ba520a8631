"""What a new committee is given: every year's ledgers, and what is still open."""

from io import BytesIO
from zipfile import ZipFile

from sqlalchemy.orm import Session

from bot.branch.inspection.handover import write_handover
from bot.branch.inspection.items import Asked
from bot.config.settings import Config
from tests.bot.branch.records.test_lists import person, put
from tests.bot.branch.records.test_search import NOON, branch_of


def test_the_term_s_ledgers_and_what_is_open(session: Session, config: Config) -> None:
    year = NOON.year
    who = person(session, "王芳")
    put(session, "pledge", title="带两个徒弟", people=who, day=f"{year}-01-05")
    put(
        session,
        "honour",
        title="教学能力大赛一等奖",
        level="省部级",
        people=who,
        day=f"{year - 1}-06-01",
    )
    put(
        session,
        "concern",
        what="家里有困难",
        sign="只给书记",
        people=who,
        day=f"{year}-01-06",
    )
    out = BytesIO()
    asked = Asked(session, branch_of(session), year, NOON, config)
    handed = write_handover(asked, out)
    names = ZipFile(out).namelist()
    assert f"{year}/承诺台账.xlsx" in names
    assert f"{year - 1}/荣誉台账.xlsx" in names
    assert "00 交接清单.docx" in names
    assert not any("诉求" in each or "谈心" in each for each in names)
    told = [which for _, which, _ in handed.open]
    assert any("带两个徒弟" in each for each in told)
    assert not any("家里有困难" in each for each in told)
