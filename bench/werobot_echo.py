"""werobot's echo: verified, decrypted and sealed, recording nothing."""

import sys
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from werobot import WeRoBot
from werobot.contrib.flask import make_view

from bench.envelopes import CORP, KEY, TOKEN
from server.process.front import run_web


def load_echo() -> Any:
    app = Flask(__name__)
    robot = WeRoBot(
        token=TOKEN, encoding_aes_key=KEY, app_id=CORP, enable_session=False
    )
    robot.handler(lambda message: message.content)
    view = make_view(robot)
    app.add_url_rule("/wecom/callback", "werobot", view, methods=["GET", "POST"])
    app.add_url_rule("/healthz", "healthz", lambda: "ok")
    return app


if __name__ == "__main__":
    run_web("127.0.0.1", int(sys.argv[1]), load_echo, Interfaces.WSGI)
