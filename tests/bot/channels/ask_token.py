"""A process of its own that asks for the app's token when told to.

Arguments: the settings as JSON, the database's address, the time.
"""

import json
import sys
from datetime import datetime

from bot.channels.wecom.client import Client
from bot.clock import StoppedClock
from bot.config.settings import WeCom
from bot.storage.database import Storage


def main(settings: str, database: str, now: str) -> None:
    wecom = WeCom(**json.loads(settings))
    clock = StoppedClock(datetime.fromisoformat(now))
    client = Client(wecom, Storage(database), clock)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(client.token() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
