"""A process that delivers until it is killed: python deliverer.py CONFIG CLOCK.

CLOCK is a file that holds the time, so that a test can move it.
"""

import sys
from datetime import datetime
from pathlib import Path
from threading import Event

from bot.channels.wecom import WeCom
from bot.config.load import load_config
from bot.delivery.deliver import Delivery
from bot.storage.database import Storage

PAUSE = 0.02


class FileClock:
    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.fromisoformat(self._path.read_text("utf-8"))


def main(config_path: str, clock_path: str) -> None:
    config = load_config(Path(config_path))
    storage, clock = Storage(config.database.address), FileClock(Path(clock_path))
    assert config.wecom is not None
    channels = {"wecom": WeCom(config.wecom, storage, clock)}
    delivery = Delivery(storage, clock, channels)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        if not delivery.deliver_next():
            Event().wait(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
