"""Plays a transcript through the encrypted WeCom callback, word for word.

2026-03-02 08:05        the clock is set; jobs and letters that are due run
王芳> 打卡               王芳 says this
王芳* 收到               王芳 presses the newest card's button of that name
王芳# checkin            王芳 presses the menu entry with that key
王芳+ 签到表              王芳 sends a picture (of that)
 bot> 已打卡             the answer
 王芳、李伟< 周五开会     what reached their phones by itself
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from werkzeug.serving import WSGIRequestHandler

from bot.assistant.answering import Assistant
from bot.delivery.deliver import Delivery
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from server.twin.phones import Bubble
from server.twin.replies import Answer
from server.twin.world import World
from server.web.app import create_app
from tests.fakes.clock import FakeClock
from tests.fakes.port import Port
from tests.people import NAME, USERID

PICTURES = {"image": "〔图片〕", "file": "〔文件〕"}


@dataclass
class Stage:
    assistant: Assistant
    clock: FakeClock
    world: World
    seen: int = 0
    delivery: Delivery = field(init=False)
    runner: Runner = field(init=False)

    def __post_init__(self) -> None:
        kept = self.assistant
        self.delivery = Delivery(
            kept.storage, kept.clock, kept.senders, quiet=kept.config.quiet
        )
        self.runner = Runner(all_jobs(), kept)

    def play(
        self, script: str, after: Callable[[list[str]], None] = lambda played: None
    ) -> str:
        """Return the script as it went; `after` looks at each line with its answers."""
        lines: list[str] = []
        for line in script.splitlines():
            played = self._play(line)
            after(played)
            lines += played
        return "\n".join(lines) + "\n"

    def say(self, name: str, text: str) -> str:
        """Say something; return the answer's text."""
        return self.world.say(USERID[name], text).text

    def move_to(self, when: str) -> None:
        """Set the clock, and run what is due by then."""
        zone = self.assistant.config.timezone
        self.clock.set(datetime.fromisoformat(when).replace(tzinfo=zone))
        self.runner.strike()
        self.delivery.deliver_all()

    def arrived(self) -> list[str]:
        """Deliver what is due; list what reached the phones since last asked."""
        self.delivery.deliver_all()
        since, self.seen = self.seen, self.world.mark()
        told: dict[str, list[str]] = {}
        for userid in USERID.values():
            for bubble in self.world.phone(userid).pushed(since):
                told.setdefault(_describe(bubble), []).append(NAME[userid])
        return [f" {'、'.join(names)}< {_indent(text)}" for text, names in told.items()]

    def _play(self, line: str) -> list[str]:
        if line.startswith(" "):
            return []  # the assistant's own lines are played, not read
        if line.startswith("20"):
            self.move_to(line)
            return [line, *self.arrived()]
        for sign in ("> ", "* ", "# ", "+ "):
            name, found, said = line.partition(sign)
            if found and name in USERID:
                answer = self._act(sign[0], USERID[name], said)
                return [line, *_answered(answer), *self.arrived()]
        return [line]

    def _act(self, sign: str, userid: str, said: str) -> Answer:
        match sign:
            case ">":
                return self.world.say(userid, said)
            case "*":
                return self.world.press(userid, self._key(userid, said))
            case "+":
                return self.world.picture(userid)
            case _:
                return self.world.click(userid, said)

    def _key(self, userid: str, words: str) -> str:
        for bubble in reversed(self.world.phone(userid).bubbles):
            for button in (bubble.card or {}).get("button_list", []):
                if button["text"] == words:
                    return str(button["key"])
        raise AssertionError(f"{userid} has no card with a button {words}")


@contextmanager
def listening(assistant: Assistant, world: World) -> Iterator[str]:
    """Serve the assistant's callback on a free port and tell the twin of it."""
    with closing(Port(LastingHandler)) as port, hearing(assistant, world, port) as here:
        yield here


@contextmanager
def hearing(assistant: Assistant, world: World, port: Port) -> Iterator[str]:
    """Serve the assistant's callback at a port and tell the twin of it."""
    with closing(world), port.serving(create_app(assistant)) as address:
        world.callback_url = f"{address}/wecom/callback"
        yield address


class LastingHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:
        """Keep silent."""


def _answered(answer: Answer) -> list[str]:
    return [" bot> " + _indent(answer.text)] if answer.text else []


def _indent(text: str) -> str:
    return text.replace("\n", "\n    > ")


def _describe(bubble: Bubble) -> str:
    if bubble.kind in PICTURES:
        return PICTURES[bubble.kind]
    if bubble.card:
        buttons = "".join(
            f"［{bubble.button or each['text']}］"
            for each in bubble.card.get("button_list", [])
        )
        return f"〔卡片〕{bubble.text}{buttons}"
    return bubble.text
