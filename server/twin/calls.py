"""What each address of the API does, once token and faults are settled."""

from collections.abc import Callable
from typing import Any

from flask import Request, Response

from server.twin.contents import read_json
from server.twin.errcode import Errcode
from server.twin.faults import Fault
from server.twin.menus import check_menu
from server.twin.people import ROOT, Department, Member
from server.twin.state import State

Call = Callable[[State, Request, Fault | None], dict[str, Any] | Response]
OPEN = frozenset(("gettoken", "webhook/send", "webhook/upload_media"))


def get_token(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    query = request.args
    return state.tokens.fetch(query.get("corpid", ""), query.get("corpsecret", ""))


def send(state: State, request: Request, fault: Fault | None) -> dict[str, Any]:
    return state.outgoing.send(request.get_data(), fault)


def recall(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    return state.corrections.recall(read_json(request.get_data()))


def update_card(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    return state.corrections.update(read_json(request.get_data()))


def upload(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    name, content = _read_upload(request)
    kind = request.args.get("type", "")
    medium = state.shelf.upload(kind, name, content)
    created = str(int(medium.at.timestamp()))
    return {"type": kind, "media_id": medium.id, "created_at": created}


def download(state: State, request: Request, _: Fault | None) -> Response:
    medium = state.shelf.find(request.args.get("media_id"))
    response = Response(medium.content, content_type=medium.mimetype)
    response.headers["Content-Disposition"] = medium.disposition
    response.make_conditional(
        request, accept_ranges=True, complete_length=len(medium.content)
    )
    return response


def get_agent(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    """Describe the app (path/90227), as far as anybody asks."""
    if request.args.get("agentid") != str(state.agent_id):
        raise Errcode(301002)
    return {"agentid": state.agent_id, "name": "twin", "close": 0}


def get_user(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    member = state.people.find(request.args.get("userid", ""))
    if member is None or not member.visible:
        raise Errcode(60111)
    return _describe(member)


def list_names(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    found = state.people.inside(_department(state, request, "department_id").id)
    fields = ("userid", "name", "department")
    users = [_describe(member) for member in found]
    return {"userlist": [{field: user[field] for field in fields} for user in users]}


def list_users(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    found = state.people.inside(_department(state, request, "department_id").id)
    return {"userlist": [_describe(member) for member in found]}


def list_departments(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    return {"department": [_describe_department(d) for d in _tree(state, request)]}


def list_department_ids(
    state: State, request: Request, _: Fault | None
) -> dict[str, Any]:
    rows = [
        {"id": d.id, "parentid": d.parent, "order": d.order}
        for d in _tree(state, request)
    ]
    return {"department_id": rows}


def create_menu(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    _check_agent(state, request)
    state.menu = check_menu(read_json(request.get_data()))
    return {}


def get_menu(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    _check_agent(state, request)
    if not state.menu:
        raise Errcode(46003)
    return {"button": state.menu}


def delete_menu(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    _check_agent(state, request)
    state.menu = []
    return {}


def tell_who(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    userid = state.tokens.take_code(request.args.get("code", ""))
    known = state.people.find(userid) is not None
    return {"userid": userid} if known else {"openid": f"o{userid}"}


def send_to_group(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    key = request.args.get("key")
    state.robots.group(key)
    return state.robots.send(key, read_json(request.get_data()))


def upload_for_group(state: State, request: Request, _: Fault | None) -> dict[str, Any]:
    key = request.args.get("key")
    state.robots.group(key)
    name, content = _read_upload(request)
    kind = request.args.get("type", "")
    medium = state.shelf.upload(kind, name, content, robot=str(key))
    created = str(int(medium.at.timestamp()))
    return {"type": kind, "media_id": medium.id, "created_at": created}


def _read_upload(request: Request) -> tuple[str, bytes]:
    part = request.files.get("media")
    if part is None or not part.filename:
        raise Errcode(44001)
    return part.filename, part.read()


def _check_agent(state: State, request: Request) -> None:
    agent_id = request.args.get("agentid", "")
    if not agent_id.isdecimal():
        raise Errcode(40056)
    if int(agent_id) != state.agent_id:
        raise Errcode(301002)


def _department(state: State, request: Request, name: str) -> Department:
    number = request.args.get(name, str(ROOT))
    if not number.isdecimal() or int(number) not in state.people.departments:
        raise Errcode(60003)
    return state.people.departments[int(number)]


def _tree(state: State, request: Request) -> list[Department]:
    return list(state.people.under(_department(state, request, "id").id))


def _describe_department(department: Department) -> dict[str, Any]:
    return {
        "id": department.id,
        "name": department.name,
        "department_leader": [],
        "parentid": department.parent,
        "order": department.order,
    }


def _describe(member: Member) -> dict[str, Any]:
    """Without mobile, mail and avatar: new apps do not get them (path/90196)."""
    return {
        "userid": member.userid,
        "name": member.name,
        "department": list(member.departments),
        "order": [0 for _ in member.departments],
        "position": member.position,
        "is_leader_in_dept": [0 for _ in member.departments],
        "direct_leader": [],
        "telephone": "",
        "alias": "",
        "main_department": member.departments[0],
        "extattr": {"attrs": []},
        "status": member.status,
    }


GETS: dict[str, Call] = {
    "gettoken": get_token,
    "agent/get": get_agent,
    "media/get": download,
    "user/get": get_user,
    "user/simplelist": list_names,
    "user/list": list_users,
    "department/list": list_departments,
    "department/simplelist": list_department_ids,
    "menu/get": get_menu,
    "menu/delete": delete_menu,
    "auth/getuserinfo": tell_who,
}
POSTS: dict[str, Call] = {
    "message/send": send,
    "message/recall": recall,
    "message/update_template_card": update_card,
    "media/upload": upload,
    "menu/create": create_menu,
    "webhook/send": send_to_group,
    "webhook/upload_media": upload_for_group,
}
CALLS = {("GET", path): call for path, call in GETS.items()} | {
    ("POST", path): call for path, call in POSTS.items()
}
