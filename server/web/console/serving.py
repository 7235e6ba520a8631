"""Around every page of the console: one transaction, rights, forms that are ours."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial, wraps
from inspect import signature
from typing import Any

from flask import Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from bot import progress
from bot.branch.console import sendings, sessions
from bot.branch.people.members import Role
from bot.errors import Denied, Refusal
from server.web.console import long_work
from server.web.console.desk import ONCE, SEEN, Desk, with_key
from server.web.console.page import POST, TEXTS, Route, View
from server.web.console.signing_in import NOT_OURS, hold, is_ours
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import the_assistant, the_moment
from server.web.pages.uploads import FORM

TOO_LARGE = "传的内容太大了，没有收。"
IN_TURN = 60.0  # seconds: who does long work sees that it waits, and can stop it
OURS = ("form", ONCE, SEEN)
SECRETARY_ONLY = "这一页由支部书记来办，您的职务看不到。"


def serve(route: Route) -> Callable[..., ResponseReturnValue]:
    """Put all that is common around a view."""

    @wraps(route.view)
    def answer(**values: Any) -> ResponseReturnValue:
        if route.method == POST:
            _receive(route)
        act = partial(_take if route.method == POST else _show, route, values)
        return (
            long_work.do(route.long, _home(route, values), act) if route.long else act()
        )

    return answer


def _show(route: Route, values: dict[str, Any]) -> ResponseReturnValue:
    with _opened(route) as session:
        return route.view(_sit_down(session, route.role), **values)


def _home(route: Route, values: dict[str, Any]) -> str:
    """Return the address of the page that long work is begun from."""
    if route.again is None:
        return request.script_root + request.path.rpartition("/")[0] + "/"
    page, _, _ = str(request.endpoint).partition("-")
    return url_for(f"{page}-{route.again.__name__}", **_wanted(route.again, values))


def _wanted(view: View, values: dict[str, Any]) -> dict[str, Any]:
    """Return those values of an address that a view asks for."""
    asked = signature(view).parameters
    return {name: value for name, value in values.items() if name in asked}


def _receive(route: Route) -> None:
    """Read a form that is ours. Raises PageRefusal for any other."""
    request.max_content_length = route.most + FORM if route.most else TEXTS
    try:
        sent = request.form
    except RequestEntityTooLarge:
        drain()
        raise PageRefusal(413, TOO_LARGE) from None
    if not is_ours(sent.get("form", "")):
        raise PageRefusal(403, NOT_OURS)


def _take(route: Route, values: dict[str, Any]) -> ResponseReturnValue:
    """Do what a form says, once; where that is refused, show it with the reason."""
    sent = request.form
    try:
        with _opened(route) as session:
            desk = _sit_down(session, route.role)
            key = sent.get(ONCE, "")[: sendings.LONGEST_KEY] if route.writes else ""
            if key and not _take_key(desk, key):
                return _lead_on(desk, key)
            answer = route.view(desk, **values)
            if key and _hands_out(answer):
                sendings.give_back(desk.session, key)
            progress.settle()
        the_assistant().wake()
    except sessions.SignedOut as refusal:
        return hold(str(refusal))
    except Denied:
        raise
    except Refusal as refusal:
        if route.again is None or isinstance(refusal, PageRefusal):
            raise
        return _show_again(route, values, refusal)
    return answer


def _hands_out(answer: ResponseReturnValue) -> bool:
    """Tell whether an answer is a file: a paper may be asked for again and again."""
    if not isinstance(answer, Response):
        return False
    return answer.headers.get("Content-Disposition", "").startswith("attachment")


def _take_key(desk: Desk, key: str) -> bool:
    """Take a form's key; False where just this was sent before."""
    told = [each for each in desk.sent.items(multi=True) if each[0] not in OURS]
    content = desk.mark(sorted(told))
    return sendings.take(desk.session, key, content, desk.member, desk.now)


def _show_again(
    route: Route, values: dict[str, Any], refusal: Refusal
) -> ResponseReturnValue:
    assert route.again is not None
    with the_assistant().storage.write() as session:  # it may look at a record
        desk = _sit_down(session, route.role)
        desk.refusal = refusal
        desk.typed = MultiDict(request.form.items(multi=True))
        return make_response(route.again(desk, **_wanted(route.again, values)), 409)


def _lead_on(desk: Desk, key: str) -> ResponseReturnValue:
    """Lead whoever sends a form again to what came of it the first time."""
    kept = sendings.find(desk.session, key, desk.member)
    if kept is None or not kept.went_to:
        raise PageRefusal(409, "这张表单刚才已经提交过了，没有再办一次。")
    return redirect(with_key(kept.went_to, key), 303)


def _opened(route: Route) -> AbstractContextManager[Session]:
    """Open what a view works with; long work waits for its turn to write."""
    storage = the_assistant().storage
    if not route.writes:
        return storage.read()
    return storage.write(IN_TURN) if route.long else storage.write()


def _sit_down(session: Session, role: Role) -> Desk:
    """Ask anew, in this transaction, who it is and whether they may."""
    now = the_moment()
    member, standing = sessions.stand(session, g.known, now)
    if standing.role < role:
        raise PageRefusal(403, SECRETARY_ONLY)
    desk = Desk(the_assistant(), session, member, standing, now, g.known.id)
    g.desk = desk
    return desk
