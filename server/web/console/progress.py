"""/console/progress/…: how far long work is; stopped by whoever began it."""

from flask import make_response, request, url_for
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
    "没有查到这件事的进度：可能已经办完很久，或者服务重启过。"
    "请回到原来的页面看结果；没有办完的都不算。"
)
ELSEWHERE = "这件事由另一个服务进程在办，这一个看不到做到哪儿了。"
NOT_HEARD = (
    "这件事由另一个服务进程在办，问了一分钟也没有问到，可能服务重启过。"
    "请回到原来的页面看结果；没有办完的都不算。"
)
AGAIN_IN = "2"  # seconds
ASKED_AGAIN = 30  # times
HTML = "text/html"


@PROGRESS.get("/<key>")
def show_work(desk: Desk, key: str) -> ResponseReturnValue:
    """Tell how far it is, or give what came of it; asked anew by the browser itself."""
    if the_works().is_elsewhere(key):
        return _ask_again(desk, key)
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


def _ask_again(desk: Desk, key: str) -> Response:
    """Have the browser ask until it comes to the process that does it, or tires."""
    asked = request.args.get("asked", 0, type=int) + 1
    if asked > ASKED_AGAIN:
        return make_response(desk.show("progress_elsewhere.html", said=NOT_HEARD))
    again = url_for("console.progress-show_work", key=key, asked=asked)
    shown = desk.show("progress_elsewhere.html", said=ELSEWHERE, again=again)
    page = make_response(shown)
    page.headers["Refresh"] = f"{AGAIN_IN}; url={again}"
    return page


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
