"""The settings for who checks them, or starts with them: every fault at once."""

from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from bot.config.load import FindMore, load_config
from bot.config.settings import Config


def find_schedule_faults(config: Config, _wrong: Collection[str] = ()) -> list[str]:
    """Load the jobs only where the settings are refused: they are heavy."""
    jobs = import_module("server.setup.wiring").all_jobs()
    found = import_module("scheduler.runner").find_faults(jobs, config)
    return [str(each) for each in found]


def load_settings(path: Path, find_more: FindMore = find_schedule_faults) -> Config:
    """Read the file; raise ConfigError with all that is wrong, [schedule] too."""
    return load_config(path, find_more)
