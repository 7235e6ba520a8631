"""/console/knowledge/: what the branch knows, and what its members ask."""

from pathlib import PurePosixPath

from flask import request
from werkzeug.wrappers import Response

from bot import outbox
from bot.branch.knowledge import knowledge, questions
from bot.branch.knowledge.knowledge import Entry
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, home
from bot.calendar.quiet_hours import next_loud
from bot.calendar.say import say_moment
from bot.errors import Refusal
from bot.files.documents import MAX_BYTES, read_document
from handlers.rules.knowledge import GOOD_FOR
from server.web.console.desk import Desk
from server.web.console.page import Page

KNOWLEDGE = Page("knowledge", "知识和问答", order=90)
NOTHING_SAID = "还没有写内容。"


@KNOWLEDGE.get("/", looks=True)
def list_knowledge(desk: Desk) -> str:
    session = desk.session
    waiting = questions.waiting(session, desk.member)
    if waiting:
        whose = [each.member_id for each in waiting]
        action = "questions.view"
        audit.note(session, desk.member, action, desk.now, subjects=whose)
    return desk.show(
        "knowledge.html",
        sources=[
            {
                "number": each.id,
                "title": each.title,
                "is_file": each.is_file,
                "branch": session.get_one(Branch, each.branch_id).name,
                "at": say_moment(each.added_at, desk.now),
                "text": "" if each.is_file else knowledge.text_of(session, each),
                "seen": desk.mark(each.digest),
            }
            for each in knowledge.every(session, desk.branch)
        ],
        waiting=[
            {
                "number": each.id,
                "who": session.get_one(Member, each.member_id).called,
                "question": each.question,
                "at": say_moment(each.at, desk.now),
            }
            for each in waiting
        ],
    )


@KNOWLEDGE.post("/questions/<int:number>", again=list_knowledge)
def answer(desk: Desk, number: int) -> Response:
    asked = questions.find_open(desk.session, desk.member, number)
    text = desk.sent.get("text", "").strip()
    if not text:
        raise Refusal(NOTHING_SAID)
    start = next_loud(desk.config.quiet, desk.now)
    window = outbox.Window(start, start + GOOD_FOR)
    questions.answer(desk.session, asked, text, desk.member, window)
    kept = ""
    if "keep" in desk.sent:
        entry = knowledge.told(text, asked.question)
        knowledge.add(desk.session, _place(desk), entry, desk.member, desk.now)
        kept = "也收进了支部知识。"
    return desk.done(f"答复发给本人了。{kept}", "knowledge-list_knowledge")


@KNOWLEDGE.post("/new", again=list_knowledge)
def add(desk: Desk) -> Response:
    title, text = (desk.sent.get(each, "").strip() for each in ("title", "text"))
    if not text:
        raise Refusal(NOTHING_SAID)
    entry = knowledge.told(text, title)
    added = knowledge.add(desk.session, _place(desk), entry, desk.member, desk.now)
    said = "收下了。" if added else "和已有的一样，没有改动。"
    return desk.done(said, "knowledge-list_knowledge")


@KNOWLEDGE.post("/upload", again=list_knowledge, most=MAX_BYTES)
def take_document(desk: Desk) -> Response:
    """Take a document in, in place of an earlier one of its name."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal("还没有选文件。")
    name = PurePosixPath(file.filename.replace("\\", "/")).name
    passages = read_document(name, file.read())
    entry = Entry(PurePosixPath(name).stem, passages, is_file=True)
    added = knowledge.add(desk.session, _place(desk), entry, desk.member, desk.now)
    said = f"收下了，共 {len(passages)} 段。" if added else "和已有的一样，没有改动。"
    return desk.done(said, "knowledge-list_knowledge")


@KNOWLEDGE.post("/<int:number>", again=list_knowledge)
def change(desk: Desk, number: int) -> Response:
    source = knowledge.find(desk.session, desk.branch, number)
    desk.check_unchanged(source.digest)
    if "remove" in desk.sent:
        knowledge.remove(desk.session, source)
        return desk.done("删掉了。", "knowledge-list_knowledge")
    text = desk.sent.get("text", "").strip()
    if not text:
        raise Refusal(NOTHING_SAID)
    knowledge.change(desk.session, source, text, desk.member, desk.now)
    return desk.done("改好了。", "knowledge-list_knowledge")


def _place(desk: Desk) -> Branch:
    return home(desk.session, desk.branch.id)
