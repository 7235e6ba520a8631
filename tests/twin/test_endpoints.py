"""The other addresses of the API: media, people, departments, the menu."""

from typing import Any

import pytest

from server.twin import samples
from server.twin.media import MEGA
from server.twin.world import World
from tests.twin.corp import AGENT, Api, Clock


def test_what_was_uploaded_comes_back(api: Api) -> None:
    got = api.upload("file", b"0123456789", "名单.xlsx")
    assert got["type"] == "file"
    assert isinstance(got["created_at"], str)
    url = f"{api.world.api_base}/cgi-bin/media/get"
    query = {"access_token": api.token, "media_id": got["media_id"]}
    whole = api.http.get(url, params=query)
    assert whole.content == b"0123456789"
    assert "filename" in whole.headers["Content-Disposition"]
    part = api.http.get(url, params=query, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"234")


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("image", b"12345", 40006),
        ("image", b"no picture", 40005),
        ("image", samples.GIF, 40005),
        ("voice", b"no sound", 40005),
        ("video", b"no film at all", 40005),
        ("voice", samples.AMR + bytes(2 * MEGA), 45001),
        ("image", samples.PNG + bytes(10 * MEGA), 45001),
        ("poster", b"123456", 40004),
    ],
)
def test_a_wrong_upload(api: Api, kind: str, content: bytes, code: int) -> None:
    assert api.upload(kind, content)["errcode"] == code


def test_an_upload_without_a_file(api: Api) -> None:
    assert api.post("media/upload", {}, type="file")["errcode"] == 44001


def test_media_are_kept_for_three_days(api: Api, clock: Clock) -> None:
    media_id = api.upload("image", samples.PNG)["media_id"]
    assert api.send("file", {"media_id": media_id})["errcode"] == 40007
    clock.move(days=3)
    api.login()
    assert api.send("image", {"media_id": media_id})["errcode"] == 40007
    assert api.get("media/get", media_id=media_id)["errcode"] == 40007


def test_a_member_is_described(api: Api) -> None:
    got = api.get("user/get", userid="WANGFANG")
    assert (got["userid"], got["name"], got["department"]) == ("WangFang", "王芳", [2])
    assert "mobile" not in got
    assert api.get("user/get", userid="nobody")["errcode"] == 60111
    assert api.get("user/get", userid="hidden")["errcode"] == 60111


def test_a_list_is_of_one_department_only(api: Api) -> None:
    names = api.get("user/simplelist", department_id=2)["userlist"]
    assert names == [{"userid": "WangFang", "name": "王芳", "department": [2]}]
    below = api.get("user/list", department_id=3)["userlist"]
    assert [user["userid"] for user in below] == ["lisi", "weixin", "unlicensed"]
    assert below[0]["status"] == 1


@pytest.mark.parametrize("path", ["user/list", "user/simplelist"])
@pytest.mark.parametrize("number", ["99", "x"])
def test_no_such_department(api: Api, path: str, number: str) -> None:
    assert api.get(path, department_id=number)["errcode"] == 60003


def test_departments_come_with_those_below(api: Api) -> None:
    rows = api.get("department/list")["department"]
    assert [(row["id"], row["parentid"]) for row in rows] == [(1, 0), (2, 1), (3, 2)]
    below = api.get("department/simplelist", id=2)["department_id"]
    assert [row["id"] for row in below] == [2, 3]
    assert api.get("department/list", id=99)["errcode"] == 60003


MENU = [
    {"type": "click", "name": "打卡", "key": "CHECK_IN"},
    {"name": "我的", "sub_button": [{"type": "view", "name": "页", "url": "http://x"}]},
    {"type": "view_miniprogram", "name": "程序", "appid": "a", "pagepath": "p"},
]


def create(api: Api, menu: Any, agentid: Any = AGENT) -> Any:
    return api.post("menu/create", {"button": menu}, agentid=agentid)["errcode"]


def test_a_menu_is_created_read_and_deleted(api: Api, world: World) -> None:
    assert api.get("menu/get", agentid=AGENT)["errcode"] == 46003
    assert create(api, MENU) == 0
    assert api.get("menu/get", agentid=AGENT)["button"] == MENU == world.menu
    assert api.get("menu/delete", agentid=AGENT)["errcode"] == 0
    assert world.menu == []


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "click", "name": "名", "key": "k"} | fields


def sub(**fields: Any) -> dict[str, Any]:
    return {"name": "名", "sub_button": [button(**fields)]}


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        ([], 40016),
        ("x", 40016),
        ([button()] * 4, 40016),
        ([button(name="六个汉字太长了")], 40018),
        ([button(name="")], 40018),
        ([button(type="dance")], 40017),
        ([button(key="")], 40019),
        ([button(key="k" * 129)], 40019),
        ([button(type="view")], 40020),
        ([button(type="view", url="http://" + "x" * 1024)], 40020),
        ([button(type="view", url="example.com")], 40055),
        ([button(type="view_miniprogram")], 40058),
        ([{"name": "名", "sub_button": [button()] * 6}], 40023),
        ([{"name": "名", "sub_button": "x"}], 40023),
        ([sub(sub_button=[button()])], 40022),
        ([sub(name="十四个汉字的名字实在是太长了")], 40025),
        ([sub(type="dance")], 40024),
        ([sub(key="")], 40026),
        ([sub(type="view")], 40027),
        ([sub(type="view", url="example.com")], 40054),
    ],
)
def test_a_wrong_menu(api: Api, menu: Any, code: int) -> None:
    assert create(api, menu) == code


def test_names_are_measured_in_bytes(api: Api) -> None:
    assert (
        create(api, [button(name="五个汉字啊"), sub(name="十三个汉字的名字刚刚好啊")])
        == 0
    )


@pytest.mark.parametrize(("agentid", "code"), [("x", 40056), (7, 301002)])
def test_a_menu_of_another_app(api: Api, agentid: Any, code: int) -> None:
    assert create(api, MENU, agentid) == code


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "no/such"), ("POST", "gettoken"), ("GET", "menu/create")],
)
def test_an_unknown_address(api: Api, method: str, path: str) -> None:
    got = api.http.request(method, f"{api.world.api_base}/cgi-bin/{path}")
    assert got.status_code == 404
    assert got.json()["errcode"] == 404
