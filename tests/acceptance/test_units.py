"""The units of systemd as docs/operating.md shows them."""

import subprocess
from pathlib import Path

from tests.acceptance.operating import read_units
from tests.acceptance.programs import need

HOME = "/srv/xiangyang"


def test_systemd_finds_no_fault_in_them(tmp_path: Path) -> None:
    """Its own words for that are none; only where the program lies is another place."""
    systemd = need("systemd-analyze", "the units of the guide")
    program = tmp_path / "app/.venv/bin/xiangyang"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    (tmp_path / "xiangyang.env").touch()
    units = read_units()
    every = units["xiangyang.service"].replace("serve\n", "serve --only %i\n")
    assert every.count("%i") == 1  # as the guide says for several machines
    units["xiangyang@.service"] = every
    for name, text in units.items():
        here = text.replace(HOME, str(tmp_path)).replace("/etc", str(tmp_path))
        (tmp_path / name).write_text(here, "utf-8")
    files = [str(tmp_path / name.replace("@", "@web")) for name in units]
    done = subprocess.run(
        [systemd, "verify", *files],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
