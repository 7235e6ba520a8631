"""The settings for who checks them, or starts with them: every fault at once."""

from importlib import import_module
from pathlib import Path

from bot.config import Config, load_config


def load_settings(path: Path) -> Config:
    """Read the file; raise ConfigError with all that is wrong, [schedule] too."""
    return load_config(path, _find_schedule_faults)


def _find_schedule_faults(config: Config) -> list[str]:
    """Load the jobs only where the settings are refused: they are heavy."""
    jobs = import_module("server.wiring").all_jobs()
    found = import_module("scheduler.runner").find_faults(jobs, config)
    return [str(each) for each in found]
