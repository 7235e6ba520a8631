"""Each mistake of the set-up in WeCom's console is named, and where it is mended."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Response
from requests import Response as Answer
from requests import exceptions
from werkzeug.serving import make_server

from bot.assistant.answering import Assistant
from bot.channels import OWN_KNOCK, envelope
from bot.clock import WallClock
from server.setup import check_online
from server.setup.check_online import PASSAGE
from server.twin.callbacks import Caller
from server.twin.crypto import Seal
from server.twin.serving import QuietHandler
from server.twin.world import World
from server.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.model import Model, answering
from tests.server.test_cli import run, settings

__all__ = ["settings"]


@pytest.fixture
def clock() -> FakeClock:
    """The command's own clock is the wall's, and must not differ by days."""
    return FakeClock(WallClock(ZoneInfo("Asia/Shanghai")).now())


@pytest.fixture
def foreign() -> Iterator[Callable[[int, str], str]]:
    """Serve the same answer at every path; somebody else's site."""
    with ExitStack() as stack:

        def serve(status: int, body: str) -> str:
            def answer(environ: object, start: Any) -> list[bytes]:
                start(f"{status} X", [("Content-Type", "text/plain; charset=utf-8")])
                return [body.encode()]

            server = make_server("127.0.0.1", 0, answer, request_handler=QuietHandler)
            thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            for end in (thread.join, server.server_close, server.shutdown):
                stack.callback(end)
            return f"http://127.0.0.1:{server.port}"

        yield serve


def change(settings: str, name: str, value: str) -> None:
    path = Path(settings)
    text = re.sub(f"(?m)^{name} = .*$", f"{name} = {value}", path.read_text("utf-8"))
    path.write_text(text, "utf-8")


def set_public_url(settings: str, url: str) -> None:
    with Path(settings).open("a", encoding="utf-8") as file:
        file.write(f'[server]\npublic_url = "{url}"\nport = 9\n')


def said(settings: str) -> str:
    told = run(settings, "check", "--online")
    assert told.exit_code == 1
    assert told.stdout == "" or told.stdout.startswith("注意")
    return told.stderr


def test_all_is_well(settings: str, address: str) -> None:
    set_public_url(settings, address)
    told = run(settings, "check", "--online")
    assert (told.exit_code, told.stdout) == (0, "设置没有问题。\n")


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("secret", '"wrong"', "wecom.secret：Secret 不对"),
        ("corp_id", '"wwother"', "wecom.corp_id：企业 ID 不对"),
        ("agent_id", "1000099", "wecom.agent_id：和 secret 不是同一个应用"),
    ],
)
def test_a_wrong_setting(settings: str, name: str, value: str, mistake: str) -> None:
    change(settings, name, value)
    assert mistake in said(settings)
    assert value.strip('"') not in said(settings).replace("wecom.", "")


@pytest.mark.parametrize(
    ("code", "path", "mistake"),
    [
        (60020, "agent/get", "服务器的出口 IP（127.0.0.1）不在名单里"),
        (40091, "gettoken", "是别的企业的"),
        (50003, "agent/get", "应用已停用"),
        (48002, "department/list", "没有这个接口的权限"),
        (45009, "gettoken", "过一小时再试"),
        (46004, "department/list", "wecom：账号不存在"),
    ],
)
def test_what_the_console_lacks(
    settings: str, world: World, code: int, path: str, mistake: str
) -> None:
    world.faults.add(path, "errcode", times=None, code=code)
    assert mistake in said(settings)


def test_an_answer_for_another_app(
    settings: str, foreign: Callable[[int, str], str]
) -> None:
    answer = '{"errcode": 0, "access_token": "x", "expires_in": 7200, "agentid": 9}'
    change(settings, "api_base", f'"{foreign(200, answer)}"')
    assert "wecom.agent_id：和 secret 不是同一个应用" in said(settings)


def test_a_secretary_whom_the_app_does_not_see(settings: str, world: World) -> None:
    secretary = world.people.find("zhaomin")
    assert secretary
    secretary.visible = False
    assert "可见范围里没有账号 zhaomin" in said(settings)


def test_nobody_in_the_visible_range(settings: str, world: World) -> None:
    for member in world.people.all():
        member.visible = False
    assert "可见范围里没有人" in said(settings)


def test_an_api_that_is_not_there(settings: str) -> None:
    change(settings, "api_base", '"http://127.0.0.1:9"')
    assert "连不上企业微信" in said(settings)


def test_a_callback_that_nobody_reaches(settings: str) -> None:
    set_public_url(settings, "http://127.0.0.1:9")
    assert "回调地址 http://127.0.0.1:9/wecom/callback：连不上" in said(settings)


@pytest.mark.parametrize(
    ("name", "value"), [("token", '"other"'), ("encoding_aes_key", f'"{"x" * 43}"')]
)
def test_a_server_that_runs_with_other_settings(
    settings: str, address: str, name: str, value: str
) -> None:
    set_public_url(settings, address)
    change(settings, name, value)
    assert "要重启 serve" in said(settings)


@pytest.mark.parametrize(
    ("status", "body", "mistake"),
    [
        (404, "", "没有把这个路径转给 serve（HTTP 404）"),
        (302, "", "没有把这个路径转给 serve（HTTP 302）"),
        (502, "", "后面的 serve 没有在运行"),
        (200, "<html>备案</html>", "答复的不是向阳"),
    ],
)
def test_a_proxy_that_leads_elsewhere(
    settings: str,
    foreign: Callable[[int, str], str],
    status: int,
    body: str,
    mistake: str,
) -> None:
    set_public_url(settings, foreign(status, body))
    assert mistake in said(settings)


@pytest.mark.parametrize(
    ("error", "mistake"),
    [
        (exceptions.SSLError("bad certificate"), "证书"),
        (exceptions.ConnectTimeout("late"), "没有回答"),
        (exceptions.ConnectionError("NameResolutionError(no such host)"), "域名"),
        (exceptions.ConnectionError("refused"), "连不上"),
    ],
)
def test_ways_not_to_connect(error: exceptions.RequestException, mistake: str) -> None:
    assert mistake in check_online._why(error)


def test_an_answer_that_comes_too_late() -> None:
    answer = Answer()
    answer.status_code, answer._content = 200, b"123"
    answer.elapsed = timedelta(seconds=1.5)
    assert check_online._judge(answer, "123") == (
        "答复用了 1.5 秒，企业微信只等 1 秒，会说“URL 请求失败”。"
    )


def knocked(text: str, serving: Callable[[int, str], str]) -> list[str]:
    return check_online._read_counters(serving(200, text))


def test_callbacks_that_do_not_open(
    assistant: Assistant, world: World, foreign: Callable[[int, str], str]
) -> None:
    """WeCom has another key than we: its token is right, its envelope is not."""
    door = create_app(assistant).test_client()
    other = Caller(
        Seal.of(world.token, "x" * 43, world.corp_id), 1, world.clock, lambda: ""
    )
    query, body = other.sealed("<xml></xml>")
    assert (
        door.post("/wecom/callback", query_string=query, data=body).status_code == 403
    )
    found = knocked(door.get("/metrics").text, foreign)
    assert check_online.OTHER_KEY in found


def test_counters_that_tell_of_a_setting(foreign: Callable[[int, str], str]) -> None:
    misfit = check_online.LAST.format("corp_id") + " 1.7e9\n"
    refused = 'xiangyang_callbacks_refused_total{status="403"} 3.0\n'
    genuine = check_online.LAST.format("genuine") + " 1.8e9\n"
    assert knocked(misfit, foreign) == [check_online.OTHER_CORP]
    assert knocked(refused, foreign) == [check_online.OTHER_TOKEN.format(count=3)]
    assert knocked(refused + genuine, foreign) == []
    assert knocked(refused + misfit + genuine, foreign) == [], "mended since"


def test_our_own_knock_says_nothing_of_wecoms_settings(
    assistant: Assistant, world: World
) -> None:
    """A check with other settings than the web's must not be held against WeCom."""
    door = create_app(assistant).test_client()
    before = door.get("/metrics").text
    other = envelope.Seal(world.token, "b" * 43, world.corp_id)
    query = other.seal_echo("1", 1, OWN_KNOCK)
    assert door.get("/wecom/callback", query_string=query).status_code == 403
    for name in ("refused", "misfit", "last"):
        lines = [
            [line for line in text.splitlines() if f"callbacks_{name}" in line]
            for text in (before, door.get("/metrics").text)
        ]
        assert lines[0] == lines[1]


def set_rephrasing(settings: str, base_url: str, timeout: float = 2) -> None:
    with Path(settings).open("a", encoding="utf-8") as file:
        file.write(
            f'[rephrase]\nbase_url = "{base_url}"\nmodel = "m1"\n'
            f'api_key = "k"\ntimeout = {timeout}\n'
        )


@pytest.fixture
def model() -> Iterator[Model]:
    with answering(Model()) as model:
        yield model


def test_a_model_that_rephrases(settings: str, model: Model) -> None:
    set_rephrasing(settings, model.base_url)
    told = run(settings, "check", "--online")
    assert (told.exit_code, told.stderr) == (0, "")
    assert "rephrase" not in told.stdout
    assert PASSAGE in model.told
    model.say = lambda _: "不用开会"
    told = run(settings, "check", "--online")
    assert told.exit_code == 0
    assert "注意：rephrase（m1）：答复了，但改写不忠实" in told.stdout
    assert run(settings, "check").exit_code == 0
    assert len(model.asked) == 2  # only when told to try


@pytest.mark.parametrize(
    ("status", "body", "mistake"),
    [
        (401, "", "rephrase（m1）：api_key 不对"),
        (404, "", "rephrase（m1）：base_url 或 model 不对"),
        (429, "", "额度用完了"),
        (500, "", "对方答复 HTTP 500"),
        (200, "<html>", "不是 OpenAI 兼容的接口"),
    ],
)
def test_a_model_that_does_not(
    settings: str, model: Model, status: int, body: str, mistake: str
) -> None:
    model.say = lambda _: Response(body, status)
    set_rephrasing(settings, model.base_url)
    assert mistake in said(settings)


def test_a_model_that_is_slow_or_not_there(settings: str, model: Model) -> None:
    model.go.clear()
    set_rephrasing(settings, model.base_url, 0.1)
    assert "0.1 秒内没有答复" in said(settings)
    change(settings, "base_url", '"http://127.0.0.1:9/v1"')
    assert "rephrase（m1）：连不上" in said(settings)
