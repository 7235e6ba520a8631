"""How far a command is, on a terminal's last line; and Ctrl-C at a known moment of it.

The terminal presses Ctrl-C itself, when the line says what the test waits for.
"""

import signal
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bot.branch.people.audit import Audit
from bot.branch.people.members import Member
from bot.config.settings import Config
from bot.maintenance.verify import verify
from bot.progress import Step
from bot.storage.database import Storage
from server.cli import main
from server.cli.progress import ERASE, STOPPED, Line, fit
from server.twin.world import World
from tests.conftest import make_clock
from tests.people import BRANCH

pytestmark = [pytest.mark.thorough, pytest.mark.files]
ROSTER = "姓名,入党日期\n" + "".join(
    f"{family}{given},2001-07-01\n" for family in "郝邱邹岳龚" for given in "伟芳娜敏静"
)


class Terminal(StringIO):
    """A terminal at which somebody presses Ctrl-C as soon as it shows something."""

    def __init__(self, press_at: str | None = None) -> None:
        super().__init__()
        self._press_at = press_at

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        written = super().write(text)
        if self._press_at and self._press_at in text:
            signal.raise_signal(signal.SIGINT)
        return written

    @property
    def lines(self) -> list[str]:
        return self.getvalue().split(ERASE)


def at_terminal(
    terminal: Terminal, *arguments: str, out: StringIO | None = None
) -> int:
    """Run a command with its last line on a terminal; return what it ended with."""
    with redirect_stderr(terminal), redirect_stdout(out or StringIO()):
        try:
            main.main(list(arguments), prog_name="xiangyang")
        except SystemExit as end:
            return int(end.code or 0)


@pytest.fixture(autouse=True)
def _as_a_process_begins() -> Iterator[None]:
    """Ctrl-C as a process of its own has it, whatever ran in this one before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def settings(tmp_path: Path, config: Config, storage: Storage, world: World) -> str:
    path = tmp_path / "config.toml"
    wecom = config.wecom
    assert wecom
    path.write_text(
        f'[database]\nurl = "{config.database.address}"\n[branch]\nname = "{BRANCH}"\n'
        f'[wecom]\ncorp_id = "{world.corp_id}"\nagent_id = {world.agent_id}\n'
        f'secret = "{world.secret}"\ntoken = "{world.token}"\n'
        f'encoding_aes_key = "{world.encoding_aes_key}"\n'
        f'api_base = "{world.api_base}"\n',
        "utf-8",
    )
    return str(path)


@pytest.fixture
def roster(tmp_path: Path) -> str:
    path = tmp_path / "名册.csv"
    path.write_text(ROSTER, "utf-8")
    return str(path)


def count_people(storage: Storage) -> int:
    with storage.read() as session:
        return session.scalars(select(func.count()).select_from(Member)).one()


def list_acts(storage: Storage) -> list[str]:
    with storage.read() as session:
        return list(session.scalars(select(Audit.action)))


def test_a_terminal_shows_how_far_it_is_and_nothing_of_it_stays(
    settings: str, roster: str
) -> None:
    terminal, out = Terminal(), StringIO()
    assert (
        at_terminal(
            terminal, "members", "import", roster, "--config", settings, out=out
        )
        == 0
    )
    assert "核对名册：0%（0/25）  按 Ctrl-C 停下" in terminal.lines
    assert "核对名册：96%（24/25）  按 Ctrl-C 停下" in terminal.lines
    assert terminal.lines[-1] == ""
    assert "新增 25 人" in out.getvalue()


def test_quiet_and_what_is_no_terminal_show_none(settings: str, roster: str) -> None:
    terminal = Terminal()
    quiet = ("members", "import", roster, "--dry-run", "--quiet", "--config", settings)
    assert at_terminal(terminal, *quiet) == 0
    assert terminal.getvalue() == ""
    elsewhere = CliRunner().invoke(main, [each for each in quiet if each != "--quiet"])
    assert elsewhere.exit_code == 0
    assert elsewhere.stderr == ""


STOPS = [
    ("读名册：50%", ["members", "import", "名册.csv"]),
    ("核对名册：0%", ["members", "import", "名册.csv"]),
    ("核对名册：96%", ["members", "import", "名册.csv"]),
    ("核对名册：48%", ["members", "import", "名册.csv", "--dry-run"]),
    ("读表格：50%", ["records", "import", "service", "服务.csv"]),
    ("记台账：0%", ["records", "import", "service", "服务.csv"]),
    ("写表格", ["records", "export", "service", "out"]),
    ("收知识：0%", ["knowledge", "import", "制度.md"]),
    ("读通讯录", ["members", "sync", "--add"]),
    ("关联账号：0%", ["members", "sync", "--add"]),
    ("整理备份", ["backup", "out"]),
    ("核对备份：0%", ["backup", "out"]),
    ("装材料：0%", ["pack", "--year", "2026", "--out", "out"]),
    ("装材料：0%", ["pack", "--year", "2026", "--out", "out", "--handover"]),
    ("预演：0%", ["rehearse", "--from", "2027-03-01", "--days", "30"]),
]


@pytest.mark.parametrize(
    ("moment", "command"), STOPS, ids=[" ".join([m, *c]) for m, c in STOPS]
)
def test_ctrl_c_leaves_nothing_half_done(
    moment: str,
    command: list[str],
    settings: str,
    roster: str,
    storage: Storage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "2026-03-0{},万盛机械,王芳,4\n"
    head = "日期,服务对象,人员,时长\n"
    Path("服务.csv").write_text(head + rows.format(1) + rows.format(2), "utf-8")
    Path("制度.md").write_text("# 请假\n提前一天说。\n\n# 值班\n轮流。\n", "utf-8")
    before, acts, files = (
        count_people(storage),
        list_acts(storage),
        sorted(tmp_path.iterdir()),
    )
    terminal = Terminal(moment)
    ended = at_terminal(terminal, *command, "--config", settings)
    assert terminal.lines[-1] == f"{STOPPED}\n"
    assert ended == 130
    assert count_people(storage) == before
    assert list_acts(storage) == acts
    assert sorted(tmp_path.iterdir()) == files
    assert verify(storage, make_clock().now()) == []


def test_what_is_being_written_down_is_not_stopped_any_more(
    settings: str, roster: str, storage: Storage
) -> None:
    """Ctrl-C that comes with the last sentence is too late: it is done, and said so."""
    before, out = count_people(storage), Terminal("新增 25 人")
    ended = at_terminal(
        Terminal(), "members", "import", roster, "--config", settings, out=out
    )
    assert ended == 0
    assert count_people(storage) == before + 25


def test_a_restore_that_was_stopped_can_be_begun_again(
    settings: str, tmp_path: Path, storage: Storage
) -> None:
    kept, new = str(tmp_path / "kept"), tmp_path / "new.toml"
    assert at_terminal(Terminal(), "backup", kept, "--config", settings) == 0
    new.write_text(
        f'[database]\nurl = "sqlite:///{tmp_path / "new.db"}"\n'
        f'[branch]\nname = "{BRANCH}"\n',
        "utf-8",
    )
    stopped = at_terminal(Terminal("搬数据"), "restore", kept, "--config", str(new))
    assert stopped == 130
    assert at_terminal(Terminal(), "restore", kept, "--config", str(new)) == 0


def test_other_commands_say_that_they_were_stopped(settings: str) -> None:
    terminal = Terminal("王芳")
    ended = at_terminal(
        error := Terminal(), "members", "list", "--config", settings, out=terminal
    )
    assert (ended, error.getvalue()) == (130, "已停下。\n")


def test_a_line_is_news_only_by_the_percent() -> None:
    line = Line(terminal := Terminal())
    for done in range(1001):
        line.write(Step("数", done, 1000))
    assert len(terminal.lines) == 102  # from 0 to 99, what stood before, and no line
    line.write(Step("写", 0, 1))
    assert terminal.lines[-1] == "写…  按 Ctrl-C 停下"


@pytest.mark.parametrize(
    ("columns", "shown"), [(3, "核"), (4, "核对"), (5, "核对："[:2]), (80, "核对：9%")]
)
def test_a_line_is_never_broken(columns: int, shown: str) -> None:
    assert fit("核对：9%", columns) == shown
