"""The bare library's echo: Flask and wechatpy, recording nothing.

python -m bench.echo PORT [WORKERS]
"""

import sys
from typing import Any

from flask import Flask, Response, request
from granian.constants import Interfaces
from wechatpy.work import create_reply, parse_message
from wechatpy.work.crypto import WeChatCrypto

from bench.envelopes import CORP, KEY, TOKEN
from server.process.front import run_web


def load_echo() -> Any:
    app = Flask(__name__)
    crypto = WeChatCrypto(TOKEN, KEY, CORP)

    @app.get("/healthz")
    def tell_alive() -> str:
        return "ok"

    @app.post("/wecom/callback")
    def echo() -> Response:
        query = request.args
        nonce, timestamp = query["nonce"], query["timestamp"]
        signature = query["msg_signature"]
        xml = crypto.decrypt_message(request.get_data(), signature, timestamp, nonce)
        message = parse_message(xml)
        reply = create_reply(message.content, message).render()
        sealed = crypto.encrypt_message(reply, nonce, timestamp)
        return Response(sealed, content_type="application/xml; charset=utf-8")

    return app


if __name__ == "__main__":
    port, workers = int(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 1
    run_web("127.0.0.1", port, load_echo, Interfaces.WSGI, workers)
