"""What goes wrong on purpose, in every form at once: nothing is lost, nothing is twice.

Two tabs, an end of the session in the middle, a link used again, somebody who moved, a
step back after sending, a paste without end, a file named to do harm.
"""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import delete

from bot.assistant.answering import Assistant
from bot.branch.console.sendings import ANOTHER
from bot.branch.people.members import Grant, Role, grant
from bot.branch.people.tree import find_branch
from bot.files.print import PDF
from server.web.console import all_pages
from server.web.console.page import POST, TEXTS
from tests.fakes.clock import FakeClock
from tests.people import OTHER_BRANCH, find_member
from tests.server.console.test_matrix import address_of
from tests.server.console.visitor import Visitor
from tests.stage import Stage

TYPED = "写了很久的话<b>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
NAMES = (
    "../../../etc/passwd.png",
    "..\\..\\win.png",
    "单子\r\nSet-Cookie: x=1.png",
    "<script>alert(1)</script>.png",
    '"; filename="b.png',
    f"{'长' * 400}.png",
    "\u202egnp.exe.png",
    "CON.png",
)


def forms(*, files: bool) -> Iterator[str]:
    """Yield the address of every form, of those that take a file or of the others."""
    for page in all_pages():
        for route in page.routes:
            if route.method == POST and (route.most > 0) is files:
                yield address_of(page.prefix + route.rule, {"member": 1})


def test_nothing_typed_is_lost_when_the_session_ends(
    secretary: Visitor, clock: FakeClock
) -> None:
    secretary.get("/console/account/")
    clock.wait(hours=2)
    for path in forms(files=False):
        held = secretary.post(path, text=TYPED, other="还有一句")
        assert (held.status_code, "您填的内容还在" in held.text) == (401, True), path
        assert held.text.count("写了很久的话&lt;b&gt;") == 2  # to be read, to be sent
        assert "还有一句" in held.text
    secretary.sign_in("zhaomin")
    for path in forms(files=False):
        again = secretary.post(path, text=TYPED, other="还有一句", once="")
        assert again.status_code in (200, 303, 403, 404, 409), path


def test_what_goes_with_a_file_says_that_the_file_is_not_kept(
    secretary: Visitor, clock: FakeClock
) -> None:
    secretary.get("/console/account/")
    clock.wait(hours=2)
    for path in forms(files=True):
        held = secretary.post(path, text=TYPED, file=(BytesIO(PNG), "a.png"))
        assert (held.status_code, "文件没有保留" in held.text) == (401, True), path
        assert "写了很久的话" in held.text


@pytest.mark.thorough
def test_a_paste_without_end_is_a_sentence(secretary: Visitor) -> None:
    secretary.get("/console/account/")
    names = ("text", "name", "what", "title", "question", "choices")
    long = dict.fromkeys(names, "长" * 10_000)
    for path in forms(files=False):
        answer = secretary.post(path, **long, once="")
        paper = answer.mimetype == PDF  # a list that is printed without a word typed
        told = (path, answer.status_code)
        assert paper or answer.status_code in (303, 403, 404, 409), told
        over = secretary.post(path, text="x" * (TEXTS + 1))
        assert (over.status_code, "太大了" in over.text) == (413, True), path


@pytest.mark.parametrize("name", NAMES)
def test_a_file_named_to_do_harm(secretary: Visitor, stage: Stage, name: str) -> None:
    stage.play("王芳> 今天去万盛机械调试设备半天\n王芳> 确认")
    page = "/console/records/entry/1"
    secretary.get(page)
    done = secretary.post(f"{page}/evidence/upload", file=(BytesIO(PNG), name))
    assert done.status_code in (303, 409), done.text
    shown = secretary.get(page).text
    assert "<script>alert" not in shown
    kept = secretary.get(f"{page}/evidence/1")
    assert kept.status_code in (200, 404)
    assert "Set-Cookie" not in kept.headers
    told = kept.headers.get("Content-Disposition", "")
    assert not any(each in told for each in ("/..", "\\", "\n", '"'))


def test_a_link_is_used_twice_in_two_browsers(assistant: Assistant) -> None:
    first, second = Visitor(assistant), Visitor(assistant)
    link = first.link("zhaomin")
    assert first.post(link).status_code == 303
    late = second.post(link)
    assert (late.status_code, "打开后台" in late.text) == (403, True)
    assert second.get("/console/").status_code == 401
    assert first.get("/console/").status_code == 200


def test_somebody_moves_while_a_form_is_open(
    secretary: Visitor, assistant: Assistant
) -> None:
    """Whoever holds another office now does nothing with the old one's forms."""
    secretary.get("/console/records/service/new")
    with assistant.storage.write() as session:
        zhao, other = (
            find_member(session, "赵敏"),
            find_branch(session, OTHER_BRANCH),
        )
        assert other
        session.execute(delete(Grant).where(Grant.member_id == zhao.id))
        grant(session, zhao, Role.SECRETARY, other)
    answer = secretary.post("/console/records/service/new", what=TYPED)
    assert (answer.status_code, "写了很久的话" in answer.text) == (401, True)
    assert secretary.get("/console/people/").status_code == 401


def test_a_step_back_after_sending_sends_nothing_twice(
    secretary: Visitor, stage: Stage
) -> None:
    """The same again leads to what came of it; something else is asked about."""
    secretary.get("/console/records/visit/new")
    form = dict(secretary.form)
    said = {"day": "2026-03-02", "company": "金华职院", "booked": "20"}
    secretary.follow(secretary.post("/console/records/visit/new", **said))
    back = secretary.post("/console/records/visit/new", **form, **said)
    assert back.status_code == 303
    assert "第 1 条" in secretary.follow(back).text
    other = secretary.post("/console/records/visit/new", **form, **said, what="参观")
    assert (other.status_code, ANOTHER in other.text) == (409, True)
    assert "1. " in stage.say("赵敏", "接待台账")


def test_every_form_is_sent_without_script(secretary: Visitor) -> None:
    """Each has a button of its own; nothing waits for a script to be shown."""
    for page in all_pages():
        shown = secretary.get(f"/console{page.prefix}/").text
        for form in re.findall(r"<form .*?</form>", shown, re.S):
            assert "<button" in form, form
        assert " disabled" not in shown
        assert not re.search(r"<(?!input)[a-z]+ [^>]*\bhidden\b", shown)
