"""The reverse proxies as docs/operating.md shows them, in front of the real server."""

import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests
from requests.adapters import HTTPAdapter

from bot.clock import WallClock
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from server.web.asgi import CONSOLE, UPLOADS
from server.web.console import UPLOAD
from server.web.rate_limit import MISSED
from tests.acceptance.operating import read_block
from tests.acceptance.programs import (
    KEY,
    SECRETS,
    Program,
    free_port,
    need,
    run,
    serving,
    until,
    write_config,
)

CLOCK = WallClock(ZoneInfo("Asia/Shanghai"))  # `serve` lives now
SECRETARY = "zhaomin"
NAME = "localhost"  # for 你的域名
MEGA = 1024 * 1024
SLOW = 40  # more than there are threads
HERE, NEIGHBOUR, GUESSER = "127.0.0.2", "127.0.0.3", "127.0.0.9"
FORM = re.compile('name="form" value="([0-9a-f]+)"')

NGINX = """
user root;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
{shown}
}}
"""
CADDY = """
{{
    admin off
    local_certs
    skip_install_trust
    auto_https disable_redirects
    https_port {port}
    http_port {other}
}}
{shown}
"""


class FromAddress(HTTPAdapter):
    """Connects from an address of this machine."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more, source_address=(self._address, 0))


@dataclass
class Proxy:
    """A proxy at work, in front of a `serve`."""

    port: int
    program: Program
    world: World

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    def browser(self, address: str = HERE) -> requests.Session:
        session = requests.Session()
        session.verify, session.trust_env = False, False
        session.mount("https://", FromAddress(address))
        return session

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        bare = socket.create_connection((HERE, self.port), timeout=20)
        return context.wrap_socket(bare, server_hostname=NAME)

    def log_in(self, browser: requests.Session, path: str, code: str) -> int:
        sent = browser.get(self.url + path, allow_redirects=False).headers["Location"]
        query = {"state": parse_qs(urlsplit(sent).query)["state"][0], "code": code}
        came = browser.get(f"{self.url}/m/login", params=query, allow_redirects=False)
        return came.status_code


def start_nginx(folder: Path, port: int, behind: int) -> list[str]:
    certificate, key = folder / "fullchain.pem", folder / "key.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", str(key), "-out", str(certificate)]
    openssl = need("openssl", "nginx as the guide shows it")
    subprocess.run([openssl, *words.split(), *files], check=True, capture_output=True)
    shown = read_block("server {").replace("listen 443", f"listen {port}")
    shown = shown.replace("/etc/ssl/你的域名", str(folder))
    written = NGINX.format(folder=folder, shown=_here(shown, behind))
    (folder / "nginx.conf").write_text(written, "utf-8")
    nginx = need("nginx", "nginx as the guide shows it")
    return [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]


def start_caddy(folder: Path, port: int, behind: int) -> list[str]:
    shown = _here(read_block("你的域名 {"), behind)
    written = CADDY.format(port=port, other=free_port(), shown=shown)
    (folder / "Caddyfile").write_text(written, "utf-8")
    caddy = need("caddy", "Caddy as the guide shows it")
    home = [f"HOME={folder}", f"XDG_DATA_HOME={folder}", f"XDG_CONFIG_HOME={folder}"]
    file = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    return ["env", *home, caddy, "run", *file]


def _here(shown: str, behind: int) -> str:
    return shown.replace("你的域名", NAME).replace(
        "127.0.0.1:8080", f"127.0.0.1:{behind}"
    )


@pytest.fixture(
    params=[start_nginx, start_caddy], ids=["nginx", "caddy"], scope="module"
)
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    secrets = (SECRETS["secret"], SECRETS["token"], KEY)
    world = World("wwaccept", 1000002, *secrets, CLOCK.now)
    world.add_member(Member(SECRETARY, "赵敏"))
    with ExitStack() as stack:
        stack.enter_context(running(world))
        port = lasting_port()
        config = write_config(folder, api_base=world.api_base, secretary=SECRETARY)
        with config.open("a", encoding="utf-8") as file:
            file.write(f'[server]\npublic_url = "https://{NAME}:{port}"\n')
        assert run("db", "upgrade", "--config", str(config)).returncode == 0
        program = stack.enter_context(serving(config, "--only", "web"))
        command = request.param(folder, port, program.port)
        stack.enter_context(started(command, folder / "proxy.log", port))
        world.callback_url = f"{program.url}/wecom/callback"
        yield Proxy(port, program, world)


def lasting_port() -> int:
    """Find a free port that no connection is given meanwhile: `serve` starts first."""
    for port in range(10_000 + os.getpid() % 10_000, 32_768):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HERE, port))
            return port
    pytest.fail("no free port")


@contextmanager
def started(command: list[str], log: Path, port: int) -> Iterator[None]:
    """Run a proxy until the block is left."""

    def listens() -> bool:
        if process.poll() is not None:
            pytest.fail(f"the proxy ended:\n{log.read_text('utf-8')}")
        with socket.socket() as probe:
            return probe.connect_ex((HERE, port)) == 0

    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        until(listens, "the proxy listens")
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
class TestAProxy:
    def test_what_those_outside_see(self, proxy: Proxy) -> None:
        outside = proxy.browser()
        ready = outside.get(f"{proxy.url}/readyz")
        assert (ready.status_code, ready.text) == (200, "ready\n")
        for path in ("/metrics", "/metrics/", "/%6detrics", "//metrics", "/metrics?x"):
            told = outside.get(proxy.url + path)
            assert told.status_code in (401, 404), path
            assert "xiangyang" not in told.text
        assert "xiangyang_messages_total" in proxy.program.get("/metrics").text
        proxy.world.callback_url = f"{proxy.program.url}/wecom/callback"
        assert "帮助" in proxy.world.say(SECRETARY, "你好").text

    def test_a_callback_comes_through(self, proxy: Proxy) -> None:
        query, body = proxy.world.caller.sealed("<xml></xml>")
        door = f"{proxy.url}/wecom/callback"
        outside = proxy.browser()
        assert outside.post(door, params=query, data=body).status_code == 403
        large = outside.post(door, params=query, data=b"x" * 70_000)
        assert large.status_code == 413

    def test_each_caller_has_an_address(self, proxy: Proxy) -> None:
        """Nor can anybody name himself otherwise."""

        def guess(number: int) -> int:
            guesser = proxy.browser(GUESSER)
            guesser.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            return proxy.log_in(guesser, "/m/notices/1", "guess")

        with ThreadPoolExecutor(8) as pool:
            told = set(pool.map(guess, range(2 * MISSED)))
        assert told == {400, 429}
        code = proxy.world.tokens.give_code(SECRETARY)
        neighbour = proxy.browser(NEIGHBOUR)
        assert proxy.log_in(neighbour, "/m/notices/1", code) == 302

    def test_a_file_of_twenty_megabytes(self, proxy: Proxy) -> None:
        said = proxy.world.say(SECRETARY, "发通知 周五下午三点开会").text
        found = re.search(f"{proxy.url}(/m/enclose/\\S+)", said)
        assert found, said
        door, browser = found[1], proxy.browser()
        code = proxy.world.tokens.give_code(SECRETARY)
        assert proxy.log_in(browser, door, code) == 302
        form = FORM.search(browser.get(proxy.url + door).text)
        assert form
        content = b"%PDF-1.7 " + bytes(20 * MEGA - 9)
        for more, status in ((b"", 200), (b"x", 400), (bytes(MEGA), 413)):
            taken = browser.post(
                proxy.url + door,
                data={"form": form[1]},
                files={"file": ("材料.pdf", content + more)},
            )
            assert taken.status_code == status, taken.text
        assert browser.get(proxy.url + door).text.count("材料.pdf") == 1

    def test_slow_senders_hold_up_nobody(self, proxy: Proxy) -> None:
        head = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nx"
        paths = ("/m/notices/1", "/m/login", "/wecom/callback", "/nothing", "/readyz")
        with ExitStack() as stack:
            for number in range(SLOW):
                sender = stack.enter_context(proxy.connect())
                sender.sendall(head.format(paths[number % len(paths)]).encode())
            began = monotonic()
            outside = proxy.browser()
            for _ in range(10):
                assert outside.get(f"{proxy.url}/healthz").status_code == 200
                told = outside.get(f"{proxy.url}/m/notices/1", allow_redirects=False)
                assert told.status_code == 302
            assert proxy.world.say(SECRETARY, "你好").status == 200
            assert monotonic() - began < 10  # what a slow sender alone may take

    def test_every_page_that_takes_files_gets_them(self, proxy: Proxy) -> None:
        """Also those that came after the guide was written."""
        for path in (*UPLOADS, CONSOLE):
            page = f"{proxy.url}{path}people{UPLOAD}"
            sent = {"file": ("a.docx", b"x" * 300_000)}
            answered = proxy.browser().post(page, files=sent, allow_redirects=False)
            assert answered.status_code != 413, path
