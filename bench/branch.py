"""A branch of a thousand invented members, and the settings that serve it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.envelopes import AGENT, CORP, KEY, SECRET, TOKEN, userid
from bot.branch.people.members import (
    Category,
    add_member,
    ensure_root,
    link,
    set_joined,
)
from bot.branch.people.tree import plant
from bot.config.load import load_config
from bot.config.settings import Config
from bot.maintenance import upgrade
from bot.storage.database import Storage

PEOPLE = 1000
GROUPS = 50
BRANCH = "量一量党支部"


def write_config(
    folder: Path, api_base: str, database: str = "", per_day: int = 20
) -> Path:
    """Write config.toml; twenty check-ins a day, so that runs can be long."""
    path = folder / "config.toml"
    tables: dict[str, dict[str, Any]] = {
        "database": {"url": database or f"sqlite:///{folder / 'branch.db'}"},
        "branch": {"name": BRANCH},
        "checkins": {"per_day": per_day},
        "wecom": {
            "corp_id": CORP,
            "agent_id": AGENT,
            "secret": SECRET,
            "token": TOKEN,
            "encoding_aes_key": KEY,
            "api_base": api_base,
        },
    }
    lines = [
        f"[{name}]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in rows)
        for name, rows in ((name, table.items()) for name, table in tables.items())
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path


def fill(config_path: Path, now: datetime, people: int = PEOPLE) -> None:
    """Make the database, with everybody in it."""
    storage = Storage(load_config(config_path).database.address)
    upgrade.upgrade(storage)
    with storage.write() as session:
        root = ensure_root(session, BRANCH)
        groups = [plant(session, f"第{n}党小组", root) for n in range(1, GROUPS + 1)]
        for number in range(people):
            group = groups[number % GROUPS]
            member = add_member(session, f"党员{number:04d}", group, now)
            link(member, userid(number))
            set_joined(member, date(1980 + number % 40, 1 + number % 12, 3))
            member.category = Category.FULL
    storage.close()


def count_checkins(config_path: Path) -> int:
    config: Config = load_config(config_path)
    storage = Storage(config.database.address)
    with storage.looking() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM check_in").scalar()
    storage.close()
    return int(rows or 0)


def _toml(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'
