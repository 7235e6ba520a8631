"""The account's API over HTTP, as api.weixin.qq.com serves it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask, Request, Response, jsonify, request
from werkzeug.serving import make_server

from server.twin.contents import read_json
from server.twin.errcode import Errcode
from server.twin.failing import answer_or_fail
from server.twin.official.account import Account
from server.twin.phones import Bubble
from server.twin.serving import QuietHandler

Call = Callable[[Account, Request], Any]
KEY = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
TEXT_BYTES = 2048
OPEN = ("stable_token", "token", "sns/oauth2/access_token")


def create_api(account: Account) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    def serve(path: str) -> Response:
        return _call(account, path)

    app.add_url_rule("/cgi-bin/<path:path>", "call", serve, methods=["GET", "POST"])

    @app.get("/sns/oauth2/access_token")
    def whose() -> Response:
        return _call(account, "sns/oauth2/access_token")

    @app.get("/wxaapi/newtmpl/gettemplate")
    def list_notices() -> Response:
        return _call(account, "newtmpl/gettemplate")

    return app


@contextmanager
def running(account: Account) -> Iterator[Account]:
    """Serve the API on a port of its own and set `api_base`."""
    app = create_api(account)
    server = make_server(
        "127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler
    )
    account.api_base = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield account
    finally:
        account.close()
        server.shutdown()
        thread.join()
        server.server_close()


def _call(account: Account, path: str) -> Response:
    if (request.method, path) not in CALLS:
        response = jsonify(errcode=404, errmsg=f"the twin has no {path}")
        response.status_code = 404
        return response
    return answer_or_fail(account, path, lambda _: _answer(account, path))


def _answer(account: Account, path: str) -> Response:
    try:
        if not account.trusts:
            raise Errcode(40164)
        with account.lock:
            if path not in OPEN:
                account.tokens.check(request.args.get("access_token"))
            said = CALLS[request.method, path](account, request)
    except Errcode as error:
        return jsonify(error.answer())
    return said if isinstance(said, Response) else jsonify(said)


def _stable_token(account: Account, request: Request) -> dict[str, Any]:
    body = read_json(request.get_data())
    app_id, secret = str(body.get("appid")), str(body.get("secret"))
    return account.tokens.fetch_stable(
        app_id, secret, force=bool(body.get("force_refresh"))
    )


def _token(account: Account, request: Request) -> dict[str, Any]:
    return account.tokens.fetch(
        request.args.get("appid", ""), request.args.get("secret", "")
    )


def _whose(account: Account, request: Request) -> dict[str, Any]:
    query = request.args
    openid = account.tokens.take_code(
        query.get("appid", ""), query.get("secret", ""), query.get("code", "")
    )
    return {"access_token": "page", "expires_in": 7200, "openid": openid}


def _send(account: Account, request: Request) -> dict[str, Any]:
    """Send a customer-service message."""
    if not account.verified:
        raise Errcode(48001)
    body = read_json(request.get_data())
    follower, kind = account.find(body.get("touser")), body.get("msgtype")
    if kind == "text":
        text = str(body["text"]["content"])
        if not text:
            raise Errcode(44004)
        if len(text.encode()) > TEXT_BYTES:
            raise Errcode(45002)
        bubble = Bubble(account.clock(), "text", text)
    elif kind == "image":
        medium = account.media.find(body["image"]["media_id"], "image")
        bubble = Bubble(account.clock(), "image", "[图片]", None, medium.id)
    else:
        raise Errcode(40008)
    follower.spend(account.clock())
    _show(account, follower.openid, bubble, body)
    return {"errcode": 0, "errmsg": "ok"}


def _send_template(account: Account, request: Request) -> dict[str, Any]:
    body = read_json(request.get_data())
    follower = account.find(body.get("touser"))
    if not follower.follows:
        raise Errcode(43004)
    text = _fill(account.templates, body)
    return _pushed(account, follower.openid, text, body)


def _send_notice(account: Account, request: Request) -> dict[str, Any]:
    body = read_json(request.get_data())
    follower, template = account.find(body.get("touser")), str(body.get("template_id"))
    text = _fill(account.notices, body)
    if not follower.granted[template]:
        raise Errcode(43101)
    if any(len(str(each["value"])) > 20 for each in body["data"].values()):
        raise Errcode(47003)
    follower.granted[template] -= 1
    return _pushed(account, follower.openid, text, body)


def _fill(templates: dict[str, str], body: dict[str, Any]) -> str:
    """Fill a template in. Raises Errcode if there is none of this id, or keys lack."""
    content, data = templates.get(str(body.get("template_id"))), body.get("data", {})
    if content is None:
        raise Errcode(40037)
    if set(KEY.findall(content)) != set(data):
        raise Errcode(47003)
    return KEY.sub(lambda key: str(data[key[1]]["value"]), content)


def _pushed(
    account: Account, openid: str, text: str, body: dict[str, Any]
) -> dict[str, Any]:
    card = {"title": "模板消息", "description": text, "url": body.get("url", "")}
    _show(account, openid, Bubble(account.clock(), "template", text, card), body)
    return {"errcode": 0, "errmsg": "ok", "msgid": account.next_id()}


def _show(account: Account, openid: str, bubble: Bubble, body: dict[str, Any]) -> None:
    bubble.msgid = str(account.next_id())
    account.sent.append(body)
    account.shown.put(account.phone(openid), bubble)


def _upload(account: Account, request: Request) -> dict[str, Any]:
    file = request.files["media"]
    kind, content = request.args.get("type", ""), file.read()
    if kind not in ("image", "voice", "video", "thumb"):
        raise Errcode(40004)
    medium = account.media.upload(kind, file.filename or "", content)
    return {"type": kind, "media_id": medium.id, "created_at": 1}


def _download(account: Account, request: Request) -> Response:
    medium = account.media.find(request.args.get("media_id"))
    return Response(medium.content, content_type=medium.mimetype)


def _make_code(account: Account, request: Request) -> dict[str, Any]:
    if not account.verified:
        raise Errcode(48001)
    body = read_json(request.get_data())
    scene = str(body["action_info"]["scene"]["scene_str"])
    url = f"http://weixin.qq.com/q/{account.next_id()}"
    account.scenes[url] = scene
    return {"ticket": f"t{scene}", "expire_seconds": 600, "url": url}


def _list_templates(account: Account, _: Request) -> dict[str, Any]:
    listed = [
        {"template_id": each, "title": "通知", "content": content}
        for each, content in account.templates.items()
    ]
    return {"template_list": listed}


def _list_notices(account: Account, _: Request) -> dict[str, Any]:
    listed = [
        {"priTmplId": each, "title": "通知", "content": content, "type": 2}
        for each, content in account.notices.items()
    ]
    return {"errcode": 0, "errmsg": "ok", "data": listed}


def _call_back_addresses(account: Account, _: Request) -> dict[str, Any]:
    return {"ip_list": ["101.226.103.*"]}


CALLS: dict[tuple[str, str], Call] = {
    ("POST", "stable_token"): _stable_token,
    ("GET", "token"): _token,
    ("GET", "sns/oauth2/access_token"): _whose,
    ("POST", "message/custom/send"): _send,
    ("POST", "message/template/send"): _send_template,
    ("POST", "message/subscribe/bizsend"): _send_notice,
    ("POST", "media/upload"): _upload,
    ("GET", "media/get"): _download,
    ("POST", "qrcode/create"): _make_code,
    ("GET", "template/get_all_private_template"): _list_templates,
    ("GET", "newtmpl/gettemplate"): _list_notices,
    ("GET", "getcallbackip"): _call_back_addresses,
}
