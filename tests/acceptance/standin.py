"""The stand-in for WeCom in Node.js, with Tencent's own @wecom/crypto."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.acceptance.programs import PATIENCE, SECRETS, end, need

NODE = Path(__file__).with_name("node")
DEPARTMENTS = [
    {"id": 1, "name": "示例大学", "parentid": 0},
    {"id": 2, "name": "机电学院", "parentid": 1},
]
# invented; 退休 is in nobody's roster
PEOPLE = [
    {"userid": "ZhaoMin", "name": "赵敏", "department": 1},
    {"userid": "wangfang", "name": "王芳", "department": 2},
    {"userid": "liwei", "name": "李伟", "department": 2},
    {"userid": "chenjing", "name": "陈静", "department": 2},
    {"userid": "liuyang", "name": "刘洋", "department": 2},
    {"userid": "outsider", "name": "退休", "department": 2},
]


@dataclass(frozen=True)
class StandIn:
    api_base: str

    def listen_to(self, callback: str) -> None:
        self._post("callback", url=callback)

    def verify(self) -> dict[str, Any]:
        """Ask as the console does on saving: is the address ours?"""
        return self._post("verify")

    def say(self, userid: str, content: str, number: int) -> dict[str, Any]:
        """Deliver a text; the same number again is the same message again."""
        msgid = str(7_300_000_000_000_000_000 + number)
        return self._post("say", userid=userid, content=content, msgid=msgid)

    def press(self, userid: str, card: dict[str, Any]) -> dict[str, Any]:
        """Press the first button of a card."""
        key, task = card["button_list"][0]["key"], card["task_id"]
        return self._post("press", userid=userid, key=key, taskid=task)

    def seen(self) -> dict[str, Any]:
        """Tell all that reached it: messages, card updates, the menu, tokens."""
        found: dict[str, Any] = requests.get(
            f"{self.api_base}/play/seen", timeout=5
        ).json()
        return found

    def cards(self, userid: str) -> list[dict[str, Any]]:
        return [
            each["template_card"]
            for each in self.seen()["sent"]
            if each["msgtype"] == "template_card" and userid in each["users"]
        ]

    def _post(self, what: str, **body: str) -> dict[str, Any]:
        url = f"{self.api_base}/play/{what}"
        response = requests.post(url, json=body, timeout=10)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Start it on a free port; skips, loudly, without Node.js or the package."""
    install()
    corp = {
        "corpid": "wwaccept",
        "agentid": 1000002,
        "secret": SECRETS["secret"],
        "token": SECRETS["token"],
        "key": SECRETS["encoding_aes_key"],
        "people": PEOPLE,
        "departments": DEPARTMENTS,
    }
    process = subprocess.Popen(
        [need("node", "Tencent's @wecom/crypto"), "standin.mjs", json.dumps(corp)],
        cwd=NODE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        port = json.loads(process.stdout.readline())["port"]
        yield StandIn(f"http://127.0.0.1:{port}")
    finally:
        end(process)
        process.stdout.close()


def install() -> None:
    install_packages("Tencent's @wecom/crypto")


def install_packages(what: str) -> None:
    """Fetch the packages, of exactly the versions that package.json names."""
    told = json.loads((NODE / "package.json").read_text("utf-8"))
    if all((NODE / "node_modules" / each).is_dir() for each in told["dependencies"]):
        return
    npm = need("npm", what)
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"]
    subprocess.run(command, cwd=NODE, check=True, timeout=6 * PATIENCE)
