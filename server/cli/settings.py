"""The settings for who checks them, or starts with them: every fault at once."""

from importlib import import_module
from pathlib import Path

import click

from bot.config.load import load_config
from bot.config.settings import Config

NO_OFFICIAL = "注意：这一版还没有做公众号，[official] 这一节填了也不起作用。"


def load_settings(path: Path) -> Config:
    """Read the file; raise ConfigError with all that is wrong, [schedule] too.

    Remark on stderr what is accepted and has no effect yet.
    """
    config = load_config(path, _find_schedule_faults)
    if config.official:
        click.echo(NO_OFFICIAL, err=True)
    return config


def _find_schedule_faults(config: Config) -> list[str]:
    """Load the jobs only where the settings are refused: they are heavy."""
    jobs = import_module("server.setup.wiring").all_jobs()
    found = import_module("scheduler.runner").find_faults(jobs, config)
    return [str(each) for each in found]
