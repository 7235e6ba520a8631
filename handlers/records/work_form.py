"""形式审查: what is wanting of each work's form; passed or given back."""

from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.records import book
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, files
from bot.command import Ask, Drafting, Kept, command
from bot.errors import Refusal
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records import work_steps
from handlers.records.view import where
from handlers.records.which import find_numbered, read_number

FILE = Path(WORK.beside)
PASSING = "works.pass"
SHOWN = 15


@command(
    "submit_work.form",
    help="作品形式审查：每件缺什么",
    phrases=read_beside(FILE, "submit_work.form"),
    role=Role.SECRETARY,
)
def show_form(ask: Ask) -> str:
    call = entries.latest_call(ask.session, where(ask), "open", named=ask.text)
    works = entries.works_of(ask.session, call, "told")
    passed = len(entries.works_of(ask.session, call, "checked"))
    back = len(entries.works_of(ask.session, call, "back"))
    head = (
        f"“{call.title}”形式审查："
        f"待审 {len(works)} 件，通过 {passed} 件，退回 {back} 件。"
    )
    lines = [
        f"{entries.title_of(each)}：{_faults(ask, each)}" for each in works[:SHOWN]
    ]
    if (more := len(works) - SHOWN) > 0:
        lines.append(f"……还有 {more} 件。")
    if works:
        lines.append(
            f"一件一件说“作品 {works[0].id} 通过”“退回作品 {works[0].id} 缺原图”；"
            "都没问题说“形式审查全部通过”。书画、征文里的署名请打开看一眼，有就退回。"
        )
        if url := ask.config.server.public_url:
            lines.append(f"打开看：{url}/m/works/{works[0].id}，别的换成它的编号。")
    return "\n".join([head, *lines])


def _faults(ask: Ask, work: Record) -> str:
    values = values_of(ask.session, work)
    found = files.faults_of(
        ask.session, work, values.get("show", ""), values.get("portrait", "")
    )
    ai = ["用了 AI"] if values.get("ai") == "用了" else []
    return "；".join([*found, *ai]) or "没有问题"


@command(
    "submit_work.pass",
    help="形式审查通过，例：作品 12 通过",
    phrases=read_beside(FILE, "submit_work.pass"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def pass_works(ask: Ask) -> Reply | str:
    """Pass one work; all of them after a look at what some still lack."""
    if "全部" in ask.text:
        return _show_all(ask, {})
    work = _find(ask)
    entries.move(ask.session, work, "checked", ask.member.id, ask.now)
    return Reply(f"好了，{entries.title_of(work)}形式审查通过。", changed=True)


def _show_all(ask: Ask, kept: Kept) -> str:
    call = entries.latest_call(ask.session, where(ask), "open")
    works = entries.works_of(ask.session, call, "told")
    if not works:
        raise Refusal(f"“{call.title}”没有待审的作品。")
    lacking = [each for each in works if _faults(ask, each) != "没有问题"]
    ask.put_draft(PASSING, f"{len(works)} 件全部通过？", call=call.id)
    lines = [f"{entries.title_of(each)}：{_faults(ask, each)}" for each in lacking]
    told = "其中有问题的：" if lacking else "都没有问题。"
    return "\n".join(
        [
            f"【预览】{len(works)} 件全部通过形式审查。{told}",
            *lines[:SHOWN],
            "回“确认”通过。",
        ]
    )


def _pass_all(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    call = book.get(ask.session, kept["call"], where(ask))
    works = entries.works_of(ask.session, call, "told")
    for each in works:
        entries.move(ask.session, each, "checked", ask.member.id, ask.now)
    return Reply(f"通过了 {len(works)} 件。评委定了就说“开始盲评”。", changed=True)


PASS = Drafting(
    PASSING,
    show=_show_all,
    confirm=_pass_all,
    verbs=("通过", "全部通过"),
    dropped="好的，没有动。",
)


@command(
    "submit_work.back",
    help="退回一件作品，例：退回作品 12 缺原图",
    phrases=read_beside(FILE, "submit_work.back"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def give_back(ask: Ask) -> Reply:
    why = ask.slots.get("rest", "").strip(" ，,。")
    return Reply(work_steps.give_back(ask, _find(ask), why), changed=True)


def _find(ask: Ask) -> Record:
    work = find_numbered(ask, read_number(ask, "作品 12 通过"), WORK)
    work_steps.check_form(ask, work)
    return work
