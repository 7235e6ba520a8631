"""Long work of the console: how far it is, and a button that stops it.

What is done in a moment is answered as ever. What takes longer goes on in a thread of
its own, and the browser is led to a page that tells how far it is (`progress`),
without script. Whatever it is, it is one transaction: stopped, nothing of it is done.
The process that does it knows of it. Another one sees by the key that it is another's,
says so, and has the browser ask again until it comes to the right one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from secrets import token_urlsafe
from threading import Event, Lock, Thread
from time import monotonic

from flask import (
    Flask,
    copy_current_request_context,
    current_app,
    g,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bot import progress
from bot.errors import Stopped
from bot.progress import Step
from server.web.pages.answers import PageRefusal

PATIENCE = 2.0  # seconds, until somebody is led to the page that shows how far it is
KEPT = 600.0  # seconds, what came of it
AT_ONCE = 4
STOPPED = "停下了：没有办完的都不算，数据没有改动。"
ONE_BY_ONE = "您前一件还没有办完，办完或者停下以后再办这一件。"
FULL = "现在办的人多，请过一会儿再试。"


@dataclass
class Work:
    """Something that is done for somebody; who listens to it.

    title: in Chinese. back: where it was begun from. answer, error: what came of it.
    """

    member_id: int
    title: str
    back: str
    key: str = field(default_factory=lambda: token_urlsafe(16))
    step: Step | None = None
    is_settled: bool = False
    wants_stop: bool = False
    over: Event = field(default_factory=Event)
    over_at: float = 0.0
    answer: Response | None = None
    error: Exception | None = None

    def hear(self, step: Step) -> None:
        self._stop_if_wanted()
        if not step.is_inner:
            self.step = step

    def settle(self) -> None:
        self._stop_if_wanted()
        self.is_settled = True

    def take(self) -> Response:
        """Give what came of it. Raises what it raised."""
        if self.error is not None:
            raise self.error
        assert self.answer is not None
        return self.answer

    def _stop_if_wanted(self) -> None:
        if self.wants_stop and not self.is_settled:
            raise Stopped(STOPPED)


class Works:
    """What one process does beside its requests."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self.process = token_urlsafe(6)
        self._all: dict[str, Work] = {}
        self._lock = Lock()

    def add(self, work: Work) -> None:
        """Note a work. Raises PageRefusal where too much is done at once."""
        with self._lock:
            old = monotonic() - KEPT
            self._all = {
                key: each
                for key, each in self._all.items()
                if not each.over.is_set() or each.over_at > old
            }
            at_it = [each for each in self._all.values() if not each.over.is_set()]
            if any(each.member_id == work.member_id for each in at_it):
                raise PageRefusal(429, ONE_BY_ONE)
            if len(at_it) >= AT_ONCE:
                raise PageRefusal(503, FULL)
            work.key = f"{self.process}.{work.key}"
            self._all[work.key] = work

    def every(self) -> list[Work]:
        """List what is done, and what was of late."""
        return list(self._all.values())

    def is_elsewhere(self, key: str) -> bool:
        """Tell whether a key is of a work that another process began."""
        process, dot, _ = key.partition(".")
        return bool(dot) and process != self.process

    def find(self, key: str, member_id: int) -> Work | None:
        """Find somebody's work; None for another's, and where it is not known."""
        work = self._all.get(key)
        return work if work and work.member_id == member_id else None


def add_works(app: Flask, **settings: float) -> None:
    app.extensions["works"] = Works(**settings)


def the_works() -> Works:
    works: Works = current_app.extensions["works"]
    return works


def do(title: str, back: str, act: Callable[[], ResponseReturnValue]) -> Response:
    """Do something in a thread; answer with what comes of it, or where that is told."""
    works, work = the_works(), Work(g.known.member_id, title, back)
    works.add(work)
    _hold_files()
    noted = {name: g.get(name) for name in g}

    @copy_current_request_context
    def run() -> None:
        for name, value in noted.items():
            setattr(g, name, value)
        try:
            with progress.heard_by(work):
                work.answer = make_response(act())
        except Exception as error:  # noqa: BLE001  # raised where somebody looks
            work.error = error
        finally:
            work.over_at = monotonic()
            work.over.set()

    Thread(target=run, name="long work", daemon=True).start()
    if work.over.wait(works.patience):
        return work.take()
    return redirect(url_for("console.progress-show_work", key=work.key), 303)


class _Held(BytesIO):
    """A file that outlives the request that it came with."""

    def close(self) -> None:
        """Stay: it goes when nobody has it any more."""


def _hold_files() -> None:
    for file in request.files.values():
        held = _Held(file.read())
        file.close()
        file.stream = held
