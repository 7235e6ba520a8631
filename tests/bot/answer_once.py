"""A process of its own that answers one message when told to.

Arguments: the settings as JSON, the time, the message as JSON.
"""

import json
import sys
from datetime import datetime

from bot.clock import StoppedClock
from bot.config.load import make_config
from bot.message import Message
from server.setup.open_database import open_storage
from server.setup.wiring import build_assistant


def main(settings: str, now: str, message: str) -> None:
    clock = StoppedClock(datetime.fromisoformat(now))
    config = make_config(json.loads(settings))
    assistant = build_assistant(config, storage=open_storage(config), clock=clock)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    heard = assistant.answer(Message(**json.loads(message)))
    sys.stdout.write(json.dumps(heard.reply and heard.reply.text))


if __name__ == "__main__":
    main(*sys.argv[1:])
