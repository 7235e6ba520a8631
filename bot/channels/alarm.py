"""The second channel: one sentence to whoever must get up when the first is silent.

A group robot of WeCom or DingTalk, or any address that takes such JSON. It depends on
nothing of ours: neither on the database nor on WeCom's token.
"""

import json

import requests

from bot.channels.http import JSON, TIMEOUTS, Answered, exchange, open_session
from bot.channels.json import read_json
from bot.errors import DeliveryError


def sound_alarm(url: str, text: str) -> None:
    """Send the text. Raises DeliveryError, which does not name the address."""
    failure = None
    try:
        with open_session() as http:
            body = {"msgtype": "text", "text": {"content": text}}
            answer = exchange(
                http,
                "post",
                url,
                data=json.dumps(body).encode(),
                headers=JSON,
                timeout=TIMEOUTS,
            )
    except requests.RequestException as error:
        failure = f"连不上告警地址（{type(error).__name__}）"
    else:
        failure = _refusal(answer)
    if failure:
        raise DeliveryError(failure)


def _refusal(answer: Answered) -> str | None:
    if not 200 <= answer.status < 300:
        return f"告警地址答复 HTTP {answer.status}"
    try:
        told = read_json(answer.body)
    except ValueError:
        return None  # it need not be a robot
    code = told.get("errcode", 0) if isinstance(told, dict) else 0
    return f"告警地址没有收下（{code}）" if code else None
