"""The demo: a sample branch, the twin of WeCom, and a page to play everybody.

Everything goes the real way: the twin calls our encrypted callback over HTTP, and we
call its API. Only the clock is special: it can be moved forward.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import click
from flask import Flask, redirect
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from bot.channels.aibot import AiBot
from bot.channels.wecom import WeCom
from bot.clock import MovableClock, WallClock
from bot.config.load import make_config
from bot.delivery.deliver import Delivery
from bot.delivery.wake import Engine
from bot.outbox import is_sending
from bot.storage import ticks
from scheduler.runner import Runner
from server.demo.kept_chats import KeptChats, load_chats, read_now
from server.demo.meetings import hold_year
from server.demo.menu import MENU
from server.demo.rehearsal_page import create_rehearsal
from server.demo.sample import SECRETARY, Sample
from server.line.keeper import Keeper
from server.monitoring.logs import set_up_logs
from server.process.background import Machinery
from server.process.parts import wait_for_signal
from server.process.ports import check_free
from server.setup.open_database import open_storage
from server.setup.wiring import all_jobs, build_assistant, names_away
from server.twin.official.account import Account
from server.twin.official.api import running as serving_account
from server.twin.page import create_page
from server.twin.robot import Robot, encrypted_userid, running_robot
from server.twin.robot_phones import RobotPhones
from server.twin.serving import running
from server.twin.world import World
from server.web.app import create_app
from server.web.console.browsers import BROWSER, TOKEN

ZONE = ZoneInfo("Asia/Shanghai")
KEY = "demo0demo0demo0demo0demo0demo0demo0demo0de0"
ROBOT_PEOPLE = {
    "zhaomin": "赵敏",
    "wangfang": "王芳",
    encrypted_userid("liwei"): "李伟",
}
HISTORY = timedelta(days=14)
PATIENCE, A_MOMENT = 5.0, 0.02  # seconds of the wall's clock
A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)
RUNS, LONGEST_RUN = 10**9, 10**6
"""Of the numbers of messages: two runs on one folder hardly ever share one."""
GUIDE = (
    "在左侧选一个人，就拿着他的手机：跟助手说“帮助”，或说“打卡 读党章”。",
    "选书记赵敏，说“发通知 周五下午两点开会”，再选别人点“收到”；“后台”是她的网页。",
    "点“明早 8:00”，中间到点的事会一件一件照做：祝福、提醒、催办。",
)
HTML = "text/html; charset=utf-8"
PREPARING = "<!doctype html><meta charset=utf-8><title>向阳</title><p>演示正在准备……"


def run_demo(port: int, data: Path | None, *, with_robot: bool = False) -> None:
    """Serve until interrupted. Raises BotError."""
    set_up_logs(level=30)
    check_free("127.0.0.1", port)
    click.echo("正在准备演示……")
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        with serving_demo(folder, port, with_robot=with_robot) as address:
            click.echo(
                f"演示已就绪，请用浏览器打开 {address}/simulator （按 Ctrl+C 结束）"
            )
            wait_for_signal(Event())
        click.echo("演示结束。")


@contextmanager
def serving_demo(folder: Path, port: int, *, with_robot: bool = False) -> Iterator[str]:
    """Run the demo on 127.0.0.1 in threads; yield its address.

    What was played in this folder before goes on: its chats, at the hour it was left.
    """
    left_at = read_now(folder)
    start = left_at or datetime.combine(WallClock(ZONE).now(), time(10), ZONE)
    clock = MovableClock(ZONE, start)
    world = _make_world(folder, clock)
    sample = Sample(start.date())
    sample.move_in(world)
    account = world.account = make_account(world, clock.now)
    sample.follow(account)
    with (
        having_robot(world, clock.now) if with_robot else nullcontext(),
        running(world),
        serving_account(account),
        socket.create_server(("127.0.0.1", port)) as door,
    ):
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        demo = Demo(folder, world, clock, address)
        with demo.listening(door):
            world.callback_url = f"{address}/wecom/callback"
            account.callback_url = f"{address}/official/callback"
            demo.prepare(sample, start)
            demo.keep_line()
            with demo.kept_chats.following():
                demo.machinery.start(lambda _: os.kill(os.getpid(), SIGTERM))
                try:
                    yield address
                finally:
                    demo.let_line_go()
                    demo.machinery.stop()


class Demo:
    """The program as it is, with the twin for WeCom and a clock that can be moved."""

    def __init__(
        self, folder: Path, world: World, clock: MovableClock, address: str
    ) -> None:
        config = make_config(
            {
                "server": {"public_url": address},
                "database": {"url": f"sqlite:///{folder / 'demo.db'}"},
                "branch": {"name": Sample.BRANCH, "secretaries": [SECRETARY]},
                "wecom": {
                    "corp_id": world.corp_id,
                    "agent_id": world.agent_id,
                    "secret": world.secret,
                    "token": world.token,
                    "encoding_aes_key": world.encoding_aes_key,
                    "api_base": world.api_base,
                    "open_base": f"{address}/simulator",
                },
                "official": _official(world.account) if world.account else None,
                "aibot": _robot(world.robot_phones) if world.robot_phones else None,
            }
        )
        self.clock = clock
        self.world = world
        self.kept_chats = KeptChats(folder, world)
        self.ready = Event()
        storage = open_storage(config)
        engine = Engine("", storage)
        self.assistant = build_assistant(
            config, storage=storage, clock=clock, wake=engine.wake
        )
        parts = frozenset(("delivery", "scheduler"))
        self.machinery = Machinery(self.assistant, engine, parts)
        self._runner = Runner(all_jobs(), self.assistant)
        self._delivery = Delivery(
            storage,
            clock,
            self.assistant.senders,
            quiet=config.quiet,
            away=partial(names_away, self.assistant.senders),
        )
        self._keeper: Keeper | None = None
        with storage.read() as session:
            self.is_new = not Sample.is_enrolled(session)

    def prepare(self, sample: Sample, start: datetime) -> None:
        """Live through the sample's two weeks, unless they are behind us.

        The year of meetings before them is only written down.
        """
        if self.is_new:
            self.clock.move_to(start - HISTORY)
            sample.enrol(self.assistant)
            with self.assistant.storage.write() as session:
                hold_year(session, Sample.BRANCH, start.date(), ZONE)
            sample.live_through(self, start)
        self.ready.set()

    def keep_line(self) -> None:
        """Open the robot's line, if there is a robot."""
        robot = self.assistant.channels.get("aibot")
        if isinstance(robot, AiBot):
            self._keeper = Keeper(self.assistant, robot)
            self._keeper.start()

    def let_line_go(self) -> None:
        if self._keeper:
            self._keeper.stop()

    def move_to(self, moment: datetime) -> None:
        """Move the clock forward; what is due by then is done and delivered."""
        self.clock.move_to(moment)
        self._runner.strike()
        self._delivery.deliver_all()

    def play_to(self, moment: datetime) -> None:
        """Move the clock forward through every moment at which something is due.

        So nothing is done late: at each it is done and delivered, as if one had
        waited. What is on the phones by then is kept.
        """
        while (now := self.clock.now()) < moment:
            self._let_finish(now)
            due, ahead = self._delivery.next_due(), self._runner.next_due(now)
            following = min(due, ahead) if due else ahead
            # what is due and yet not done is in other hands, or cannot be done now
            step = following if following > now + A_SECOND else now + A_MINUTE
            self.move_to(min(step, moment).astimezone(ZONE))
        self.kept_chats.save()

    def _let_finish(self, now: datetime) -> None:
        """Wait a little for what the demo's own threads took on at this hour."""
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            with self.assistant.storage.read() as session:
                if not (ticks.is_running(session, now) or is_sending(session, now)):
                    return
            sleep(A_MOMENT)

    @contextmanager
    def listening(self, door: socket.socket) -> Iterator[None]:
        host, port = door.getsockname()
        server = make_server(
            host,
            port,
            self._app(),
            threaded=True,
            request_handler=_Silent,
            fd=door.fileno(),
        )
        thread = Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        wecom = self.assistant.channels["wecom"]
        if isinstance(wecom, WeCom):
            wecom.create_menu(MENU)
        try:
            yield
        finally:
            self.world.close()
            server.shutdown()
            thread.join()
            server.server_close()

    def _app(self) -> Flask:
        app = create_app(self.assistant, grows=True)
        cookies = (app.config["SESSION_COOKIE_NAME"], TOKEN, BROWSER)
        app.register_blueprint(
            create_page(
                self.world,
                advance=self.play_to,
                now=self.clock.now,
                cookies=cookies,
                links={"往后演练": "/rehearsal/"},
                pages={"我的": "/m/me", "后台": "/m/console"},
                guide=GUIDE,
            )
        )
        app.register_blueprint(create_rehearsal(self.assistant, self.clock.now))

        @app.before_request
        def wait_for_history() -> Response | None:
            """Keep visitors out while the sample's two weeks are lived through."""
            if self.ready.is_set():
                return None
            return Response(PREPARING, 503, {"Refresh": "1"}, content_type=HTML)

        @app.get("/")
        def go_to_simulator() -> Response:
            return redirect("/simulator")

        return app


def _make_world(folder: Path, clock: MovableClock) -> World:
    """Make the twin, with what its phones showed when the folder was left."""
    world = World("wwdemo", 1000002, "demosecret", "demotoken", KEY, clock.now)
    world.first_id += secrets.randbelow(RUNS) * LONGEST_RUN
    load_chats(folder, world)
    return world


def make_account(world: World, clock: Callable[[], datetime]) -> Account:
    """Make the official account that some follow on a second phone."""
    return Account(
        "wxdemo",
        "demosecret",
        "demotoken",
        KEY,
        clock,
        name="向阳",
        phones=world.phones,
        shelf=world.shelf,
    )


@contextmanager
def having_robot(world: World, clock: Callable[[], datetime]) -> Iterator[None]:
    """Give some a chat with a smart robot, and one whom it does not know."""
    with running_robot(Robot("demobot", "demorobotsecret", clock)) as robot:
        world.robot_phones = RobotPhones(robot, world.phones, ROBOT_PEOPLE)
        yield


def _robot(phones: RobotPhones) -> dict[str, str]:
    line = phones.robot.line
    return {"bot_id": line.bot_id, "secret": line.secret, "url": line.url}


def _official(account: Account) -> dict[str, str]:
    return {
        "app_id": account.app_id,
        "secret": account.secret,
        "token": account.token,
        "encoding_aes_key": account.encoding_aes_key,
        "api_base": account.api_base,
        "name": account.name,
    }


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the terminal for the one sentence that matters."""
