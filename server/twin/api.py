"""The API over HTTP: `/cgi-bin/…` as WeCom serves it, `/twin/…` to steer the twin."""

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from server.twin.calls import CALLS, OPEN
from server.twin.errcode import Errcode
from server.twin.failing import answer_or_fail
from server.twin.faults import Fault
from server.twin.state import State

BIGGEST = 32 * 1024 * 1024


def create_api(state: State) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BIGGEST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    @app.route("/cgi-bin/<path:path>", methods=["GET", "POST"])
    def call(path: str) -> Response:
        return _call(state, path)

    app.register_blueprint(_create_steering(state))
    return app


def _call(state: State, path: str) -> Response:
    if (request.method, path) not in CALLS:
        return _not_found(path)
    return answer_or_fail(state, path, lambda fault: _answer(state, path, fault))


def _answer(state: State, path: str, fault: Fault | None) -> Response:
    try:
        with state.lock:
            if path not in OPEN:
                state.tokens.check(request.args.get("access_token"))
            said = CALLS[request.method, path](state, request, fault)
    except Errcode as error:
        return jsonify(error.answer())
    if isinstance(said, Response):
        return said
    return jsonify({"errcode": 0, "errmsg": "ok", **said})


def _not_found(path: str) -> Response:
    response = jsonify(
        errcode=404, errmsg=f"the twin has no {request.method} /cgi-bin/{path}"
    )
    response.status_code = 404
    return response


def _create_steering(state: State) -> Blueprint:
    steering = Blueprint("steering", __name__, url_prefix="/twin")

    @steering.get("/state")
    def tell() -> Response:
        return jsonify(_tell(state, with_bubbles="bubbles" in request.args))

    @steering.post("/faults")
    def add_fault() -> Response:
        try:
            fault = state.faults.add(**request.get_json())
        except (TypeError, ValueError) as error:
            response = jsonify(error=str(error))
            response.status_code = 400
            return response
        return jsonify(path=fault.path, kind=fault.kind, times=fault.times)

    @steering.delete("/faults")
    def clear_faults() -> Response:
        state.faults.clear()
        return jsonify(faults=[])

    @steering.get("/media/<media_id>")
    def picture(media_id: str) -> Response:
        medium = state.shelf.seen(media_id)
        if medium is None:
            return Response(status=404)
        return Response(medium.content, content_type=medium.mimetype)

    return steering


def _tell(state: State, *, with_bubbles: bool) -> dict[str, Any]:
    with state.lock:
        phones: dict[str, Any] = {
            phone.owner: [_describe(bubble) for bubble in phone.bubbles]
            if with_bubbles
            else len(phone.heard())
            for phone in state.phones.all()
        }
        return {
            "faults": state.faults.planned(),
            "calls": dict(state.calls),
            "tokens_fetched": state.tokens.fetched,
            "sent": len(state.outgoing.sent),
            "suppressed": state.outgoing.suppressed,
            "dropped": state.outgoing.dropped,
            "phones": phones,
        }


def _describe(bubble: Any) -> dict[str, Any]:
    return {
        "at": bubble.at.isoformat(),
        "from_member": bubble.from_member,
        "kind": bubble.kind,
        "text": bubble.text,
        "msgid": bubble.msgid,
        "recalled": bubble.recalled,
        "button": bubble.button,
    }
