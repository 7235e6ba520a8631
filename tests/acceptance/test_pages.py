"""Pages as a phone sees them: through the real server, with forms of many parts."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests

from bot.clock import WallClock
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from tests.acceptance.programs import (
    KEY,
    SECRETS,
    Program,
    run,
    serving,
    write_config,
)

CLOCK = WallClock(ZoneInfo("Asia/Shanghai"))  # `serve` lives now
SECRETARY = "zhaomin"
ADDRESS = "https://branch.example.org"
FORM = re.compile('name="form" value="([0-9a-f]+)"')
MEGA = 1_000_000


class Browser:
    """A browser that keeps its cookies for the address before the proxy."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._cookie = ""

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        headers = {"Cookie": self._cookie}
        answer = requests.request(
            method,
            self._program.url + path,
            headers=headers,
            allow_redirects=False,
            timeout=20,
            **more,  # type: ignore[arg-type]
        )
        if told := answer.headers.get("Set-Cookie"):
            self._cookie = told.partition(";")[0]
        return answer

    def log_in(self, path: str, code: str) -> None:
        sent = self.ask("GET", path).headers["Location"]
        state = parse_qs(urlsplit(sent).query)["state"][0]
        back = self.ask("GET", "/m/login", params={"code": code, "state": state})
        assert back.headers["Location"] == ADDRESS + path


@pytest.fixture
def world() -> Iterator[World]:
    secrets = (SECRETS["secret"], SECRETS["token"], KEY)
    world = World("wwaccept", 1000002, *secrets, CLOCK.now)
    world.add_member(Member(SECRETARY, "赵敏"))
    with running(world):
        yield world


@pytest.fixture
def program(tmp_path: Path, world: World) -> Iterator[Program]:
    config = write_config(tmp_path, api_base=world.api_base, secretary=SECRETARY)
    text = config.read_text("utf-8")
    config.write_text(f'{text}[server]\npublic_url = "{ADDRESS}"\n', "utf-8")
    assert run("db", "upgrade", "--config", str(config)).returncode == 0
    with serving(config, "--only", "web") as program:
        world.callback_url = f"{program.url}/wecom/callback"
        yield program


def test_a_file_of_some_megabytes_is_taken(program: Program, world: World) -> None:
    said = world.say(SECRETARY, "发通知 周五下午三点开会").text
    found = re.search(f"{ADDRESS}(/m/enclose/\\S+)", said)
    assert found, said
    door, browser = found[1], Browser(program)
    browser.log_in(door, world.tokens.give_code(SECRETARY))
    form = FORM.search(browser.ask("GET", door).text)
    assert form
    fields = {"form": form[1]}
    content = b"%PDF-1.7 " + bytes(3 * MEGA)
    taken = browser.ask(
        "POST", door, data=fields, files={"file": ("材料.pdf", content)}
    )
    assert taken.status_code == 303, taken.text
    assert "材料.pdf" in browser.ask("GET", door).text
    files = {"file": ("材料.pdf", content * 10)}
    large = browser.ask("POST", door, data=fields, files=files)
    assert large.status_code == 413
    assert "Traceback" not in program.said()


def test_who_sends_much_to_no_page_hears_so(program: Program) -> None:
    """It sends to the end and only then listens, as some do."""
    for path in ("/nothing", "/m/nothing", "/healthz", "/m/notices/1"):
        for chunked in (False, True):
            assert heard(program, path, chunked=chunked) in (401, 404, 405), path
    assert "Traceback" not in program.said()


def heard(program: Program, path: str, *, chunked: bool) -> int:
    """Send thirty megabytes; return the status of the answer."""
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {30 * MEGA}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{how}\r\n\r\n"
    part, end = bytes(MEGA), b""
    if chunked:
        part, end = b"%x\r\n%b\r\n" % (MEGA, part), b"0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", program.port), timeout=20) as sender:
        sender.sendall(head.encode())
        for _ in range(30):
            sender.sendall(part)
        sender.sendall(end)
        return int(sender.recv(12)[9:])
