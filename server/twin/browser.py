"""The browser inside a member's WeCom: it opens the app's pages as its owner.

In the demo all phones share the visitor's browser, so it is told whose it is, and
forgets what it was told as another's.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.twin.people import Member
from server.twin.world import World

HERE = re.compile(r"/(?![/\\])")  # a path, and no other host
OWNER = "simulator-phone"
NOT_A_PHONE = "请从模拟的企业微信里点开这个页面。"
FOREIGN = "redirect_uri 与可信域名不一致（50001）。"


def add_browser(page: Blueprint, world: World, cookies: Sequence[str]) -> None:
    """Add `open` and the platform's login (path/91022); cookies: the app's own."""

    @page.get("/open")
    def open_page() -> AnyResponse:
        """Open a page of this host as somebody: as=userid, to=/path."""
        member = _find(world, request.args.get("as", ""))
        to = request.args.get("to", "")
        if member is None or not HERE.match(to):
            abort(404)
        response = redirect(to)
        if request.cookies.get(OWNER) != member.userid:
            for name in cookies:
                response.delete_cookie(name)
        response.set_cookie(OWNER, member.userid, httponly=True, samesite="Lax")
        return response

    @page.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse:
        """Tell the page who opens it: back there with a code and the state."""
        back = request.args.get("redirect_uri", "")
        if urlsplit(back).netloc != request.host:
            return _sentence(FOREIGN, 400)
        member = world.people.find(request.cookies.get(OWNER, ""))
        if member is None or request.args.get("appid") != world.corp_id:
            return _sentence(NOT_A_PHONE, 400)
        code = world.tokens.give_code(member.userid)
        query = {"code": code, "state": request.args.get("state", "")}
        return redirect(f"{back}?{urlencode(query)}")


def _find(world: World, owner: str) -> Member | None:
    """Find whose phone it is; who reads in WeChat has the corp's plugin there."""
    if world.account and (follower := world.account.owner(owner)):
        owner = follower.userid
    return world.people.find(owner)


def _sentence(text: str, status: int) -> Response:
    response = make_response(text, status)
    response.content_type = "text/plain; charset=utf-8"
    return response
