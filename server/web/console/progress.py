"""/console/progress/…: how far long work is; stopped by whoever began it."""

from flask import make_response
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from bot.branch.people.members import Role
from bot.errors import Stopped
from server.web.console.desk import Desk
from server.web.console.long_work import STOPPED, Work, the_works
from server.web.console.page import Page
from server.web.pages.answers import PageRefusal

PROGRESS = Page("progress", "进度", order=98, role=Role.COMMITTEE, shown=False)
UNKNOWN = (
    "没有查到这件事的进度：可能已经办完，或者服务重启过、由另一台服务器在办。"
    "请回到原来的页面看结果；没有办完的都不算。"
)
AGAIN_IN = "2"  # seconds
HTML = "text/html"


@PROGRESS.get("/<key>")
def show_work(desk: Desk, key: str) -> ResponseReturnValue:
    """Tell how far it is, or give what came of it; asked anew by the browser itself."""
    work = _find(desk, key)
    if not work.over.is_set():
        page = make_response(desk.show("progress.html", work=work))
        page.headers["Refresh"] = AGAIN_IN
        return page
    if isinstance(work.error, Stopped):
        return desk.show("progress.html", work=work, stopped=STOPPED)
    answer = work.take()
    if answer.mimetype == HTML:
        return answer
    return desk.show("progress.html", work=work, has_file=True)


@PROGRESS.get("/<key>/file")
def send_file(desk: Desk, key: str) -> Response:
    work = _find(desk, key)
    if not work.over.is_set():
        raise PageRefusal(404, "还没有做好。")
    return work.take()


@PROGRESS.post("/<key>/stop", writes=False)
def stop(desk: Desk, key: str) -> Response:
    """Have it stopped; what is being written down already is not."""
    work = _find(desk, key)
    work.wants_stop = True
    said = "来不及停了，正在写下来。" if work.is_settled else "正在停下。"
    return desk.done(said, "progress-show_work", key=key)


def _find(desk: Desk, key: str) -> Work:
    work = the_works().find(key, desk.member.id)
    if work is None:
        raise PageRefusal(404, UNKNOWN)
    return work
