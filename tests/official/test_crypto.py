"""The official account's envelopes, sealed and opened by Tencent's @wecom/crypto."""

import json
import subprocess
from typing import Any

import pytest
import requests

from server.twin.official.account import Account
from server.twin.xml import read, write
from tests.acceptance.standin import NODE, install
from tests.official.conftest import KEY, bind
from tests.stage import Stage

pytestmark = pytest.mark.thorough


def seal(account: Account, **more: str) -> dict[str, Any]:
    words = {"token": account.token, "key": KEY, "appid": account.app_id}
    told = subprocess.run(
        ["node", "official.mjs", json.dumps(words | more)],
        cwd=NODE,
        check=True,
        capture_output=True,
        timeout=30,
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_a_message_and_its_answer(stage: Stage, account: Account) -> None:
    install()
    bind(stage, "王芳", "oWang")
    at = str(int(stage.clock.now().timestamp()))
    xml = write(
        {
            "ToUserName": account.gh_id,
            "FromUserName": "oWang",
            "CreateTime": int(at),
            "MsgType": "text",
            "Content": "打卡 读书",
            "MsgId": 7001,
        }
    )
    sealed = seal(account, timestamp=at, nonce="n1", xml=xml)
    query = {
        "signature": account.caller.sign(at, "n1"),
        "timestamp": at,
        "nonce": "n1",
        "encrypt_type": "aes",
        "msg_signature": sealed["signature"],
    }
    body = write({"ToUserName": account.gh_id, "Encrypt": sealed["cipher"]})
    answer = requests.post(
        account.callback_url, params=query, data=body.encode(), timeout=10
    )
    outer = read(answer.text)
    opened = seal(
        account,
        timestamp=outer["TimeStamp"],
        nonce=outer["Nonce"],
        cipher=outer["Encrypt"],
    )
    assert opened["signature"] == outer["MsgSignature"]
    assert opened["appid"] == account.app_id
    told = read(opened["xml"])
    assert told["ToUserName"] == "oWang"
    assert "已打卡" in told["Content"]
