"""The page where one person plays all the members: its address, reads and writes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from ipaddress import ip_address
from threading import BoundedSemaphore
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from server.twin.browser import add_browser
from server.twin.moves import Moves
from server.twin.view import describe_world
from server.twin.world import World

HEADER = "X-Simulator"
HOSTS = frozenset(("localhost", "127.0.0.1", "[::1]"))
LONGEST_WAIT = 15.0
# a page that waits holds a thread of the server: the fourth asks again by itself
WAITERS = 3
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_page(  # noqa: PLR0913  # a world, its clock, and what it shows
    world: World,
    *,
    now: Callable[[], datetime],
    advance: Callable[[datetime], None] | None = None,
    cookies: Sequence[str] = (),
    links: Mapping[str, str] = MappingProxyType({}),
    pages: Mapping[str, str] = MappingProxyType({}),
    guide: Sequence[str] = (),
) -> Blueprint:
    """Build `/simulator`; without `advance` its clock cannot be moved.

    cookies: by which the app's own pages on this host know who opened them. links:
    what else there is to see, address by name; shown beside the clock. pages: what is
    opened as whoever is chosen. guide: lines for who is here for the first time.
    """
    page = Blueprint(
        "simulator",
        __name__,
        url_prefix="/simulator",
        template_folder="templates",
        static_folder="static",
    )
    page.before_request(guard)
    page.after_request(harden)
    shown: dict[str, Any] = {
        "can_move": advance is not None,
        "links": links,
        "pages": pages,
        "guide": guide,
    }
    _add_reads(page, world, now, shown)
    _add_writes(page, Moves(world, now, advance))
    add_browser(page, world, cookies)
    return page


def guard() -> None:
    """Let in only this machine, and writes only from the page itself."""
    host = request.host.rsplit(":", 1)[0] if request.host[-1] != "]" else request.host
    if host not in HOSTS or not _is_loopback(request.remote_addr):
        abort(403)
    if request.method == "POST" and request.headers.get(HEADER) != "1":
        abort(403)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _add_reads(
    page: Blueprint,
    world: World,
    now: Callable[[], datetime],
    shown: Mapping[str, Any],
) -> None:
    waiters = BoundedSemaphore(WAITERS)

    @page.get("")
    @page.get("/")
    def show() -> str:
        return render_template("simulator.html", app_name=world.app_name, **shown)

    @page.get("/state")
    def state() -> Response:
        since = _number(request.args.get("since"))
        wait = min(float(_number(request.args.get("wait"))), LONGEST_WAIT)
        waited = _wait(world, waiters, since, wait)
        return jsonify(describe_world(world, since, now()) | {"waited": waited})

    @page.get("/media/<media_id>")
    def media(media_id: str) -> Response:
        medium = world.shelf.seen(media_id)
        if medium is None:
            abort(404)
        response = Response(medium.content, content_type=medium.mimetype)
        if not medium.mimetype.startswith("image/"):
            response.headers["Content-Disposition"] = medium.disposition
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


def _wait(world: World, waiters: BoundedSemaphore, since: int, seconds: float) -> bool:
    """Wait for news after `since`; False when too many pages wait already."""
    if seconds <= 0 or not waiters.acquire(blocking=False):
        return False
    try:
        with world.lock:
            world.lock.wait_for(
                lambda: world.mark() > since or world.closing.is_set(), seconds
            )
    finally:
        waiters.release()
    return True


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _add_writes(page: Blueprint, moves: Moves) -> None:
    def write(name: str, move: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        def view() -> tuple[Response, int]:
            body = request.get_json(silent=True)
            if not isinstance(body, dict):
                return jsonify(fault="请求不是 JSON"), 400
            try:
                return jsonify(move(body)), 200
            except (KeyError, TypeError, ValueError) as error:
                return jsonify(fault=str(error)), 400

        page.post(f"/{name}", endpoint=name)(view)

    write("say", moves.say)
    write("click", moves.click)
    write("menu", moves.tap_menu)
    write("clock", moves.move_clock)
    write("fault", moves.set_fault)
