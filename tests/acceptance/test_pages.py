"""Pages as a phone sees them: through the real server, with forms of many parts."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from random import randbytes
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
        headers: dict[str, str] = more.pop("headers", {})  # type: ignore[assignment]
        answer = requests.request(
            method,
            self._program.url + path,
            headers={**headers, "Cookie": self._cookie},
            allow_redirects=False,
            timeout=60,
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


class Console(Browser):
    """A browser that keeps each cookie by its name, as the console sets two."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kept: dict[str, str] = {}

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        self._cookie = "; ".join(f"{name}={it}" for name, it in self._kept.items())
        answer = super().ask(method, path, **more)
        for told in answer.raw.headers.getlist("Set-Cookie"):
            name, _, value = told.partition(";")[0].partition("=")
            self._kept[name] = value
        return answer

    def open(self, path: str) -> dict[str, str]:
        """Open a page; return what its first form carries."""
        page = self.ask("GET", path)
        assert page.status_code == 200, page.text
        found = re.findall(r'name="(form|once|seen)" value="([^"]*)"', page.text)
        return dict(reversed(found))


def enter(program: Program, folder: Path) -> Console:
    """Come in by a link that the shell gives."""
    config = str(next(folder.glob("*.toml")))
    arguments = ("console", "link", "--as", SECRETARY, "--config", config, "--json")
    printed = run(*arguments)
    assert printed.returncode == 0, printed.stderr
    link = json.loads(printed.stdout)["url"]
    assert link.startswith(f"{ADDRESS}/console/enter/")
    console = Console(program)
    assert console.ask("POST", link.removeprefix(ADDRESS)).status_code == 303
    return console


def test_the_console_takes_long_texts_and_tables(
    program: Program, tmp_path: Path
) -> None:
    console, path = enter(program, tmp_path), "/console/people/import"
    sent = {"text": "长" * 100_000, "whole": "everybody"}
    fields = {**console.open("/console/notices/new"), **sent}
    back = console.ask("POST", "/console/notices/new/upload", data=fields)
    assert (back.status_code, "最多 4000 字" in back.text) == (409, True)
    assert sent["text"] in back.text
    rows = "".join(f"党员{name},u{at}\n" for at, name in enumerate("甲乙丙丁"))
    table = f"姓名,企业微信账号\n{rows}".encode()
    for content, status in ((table, 200), (bytes(30 * MEGA), 413)):
        fields, files = console.open(path), {"file": ("名册.csv", content)}
        shown = console.ask("POST", f"{path}/upload", data=fields, files=files)
        assert shown.status_code == status, shown.text
    assert "Traceback" not in program.said()


def test_the_console_reads_nothing_of_strangers(
    program: Program, tmp_path: Path
) -> None:
    console = enter(program, tmp_path)
    for odd in ("/console/people/", "/console/nothing"):
        many = console.ask("POST", odd, data=b"x" * 2 * MEGA)
        assert many.status_code in (403, 404, 405, 413), odd
    stranger = Console(program)
    told = stranger.ask("POST", "/console/notices/new", data={"text": "x"})
    assert told.status_code == 401
    assert "Traceback" not in program.said()


def test_the_shell_gives_links_only_to_who_may(
    program: Program, tmp_path: Path
) -> None:
    config = str(next(tmp_path.glob("*.toml")))
    told = run("console", "link", "--as", "nobody", "--config", config)
    assert (told.returncode, "名册里没有账号" in told.stderr) == (1, True)


FILM, WITHIN = 150 * MEGA, 60 * MEGA


class Film:
    """A film as a browser sends it in a form, made while it is sent."""

    def __init__(self, form: str, size: int) -> None:
        head = f'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\n{form}\r\n'
        head += (
            '--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n'
        )
        self._parts = [f"{head}\r\n".encode(), b"\0\0\0\x18ftypmp42", b"\r\n--b--\r\n"]
        self._size = size - len(self._parts[1])
        self.digest = sha256(self._parts[1])

    def __len__(self) -> int:
        return self._size + sum(len(each) for each in self._parts)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts[:2]
        for _ in range(self._size // MEGA):
            part = randbytes(MEGA)
            self.digest.update(part)
            yield part
        rest = bytes(self._size % MEGA)
        self.digest.update(rest)
        yield rest
        yield self._parts[2]


def test_a_film_comes_and_goes_in_bounded_memory(
    program: Program, world: World
) -> None:
    for said in (
        "发起征集 廉洁文化周，类别：微视频，三天后截止",
        "确认",
        "投稿 微视频《清风》，没有人像，网上也可以",
        "确认",
    ):
        answer = world.say(SECRETARY, said).text
    found = re.search(f"{ADDRESS}(/m/works/\\d+)", answer)
    assert found, answer
    page, browser = found[1], Browser(program)
    browser.log_in(page, world.tokens.give_code(SECRETARY))
    form = FORM.search(browser.ask("GET", page).text)
    assert form
    before, film = peak_of(program), Film(form[1], FILM)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    taken = browser.ask("POST", page, data=film, headers=headers)
    assert taken.status_code == 303, taken.text
    assert film.digest.hexdigest()[:12] in browser.ask("GET", page).text
    sent = browser.ask("GET", "/m/works/files/1")
    assert sha256(sent.content).hexdigest() == film.digest.hexdigest()
    assert peak_of(program) - before < WITHIN
    large = browser.ask("POST", page, data=Film(form[1], 201 * MEGA), headers=headers)
    assert large.status_code in (400, 413), large.text
    assert "Traceback" not in program.said()


def peak_of(program: Program) -> int:
    """Return the most memory that a program and what it started ever had, in bytes."""
    own = str(program.process.pid)
    every = {own}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if status.read_text("utf-8").rpartition(")")[2].split()[1] in every:
                every.add(status.parent.name)
    peaks = [
        int(line.split()[1]) * 1024
        for each in every
        for line in Path(f"/proc/{each}/status").read_text("utf-8").splitlines()
        if line.startswith("VmHWM:")
    ]
    return max(peaks)
