"""盲评: the jury is given the works by their numbers, and says what each gets."""

from functools import partial
from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.people.send_file import send_file
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.works import entries, judging
from bot.branch.works.judging import Juror, Marks
from bot.command import Ask, command
from bot.errors import Refusal
from bot.files.print import PDF, must_have, print_pdf
from bot.message import Reply
from bot.text.phrases import read_beside
from handlers.records.view import where
from handlers.records.work_steps import begin_judging, where_to_judge

FILE = Path(WORK.beside)
WIDTHS = (1, 1.4, 1.4, 1.4, 1.4, 3)


@command(
    "submit_work.judge",
    help="停止收稿，开始盲评",
    phrases=read_beside(FILE, "submit_work.judge"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def begin(ask: Ask) -> Reply:
    """Close the call, number the works, and tell each judge where they are."""
    call = entries.latest_call(ask.session, where(ask), "open", named=ask.text)
    jury, count = begin_judging(ask, call)
    outside = [each.name for each in jury if each.number is None]
    paper = (
        f"校外评委（{'、'.join(outside)}）用纸打：说“打印评分表”；收回来替他们录入，"
        "例：张教授给7号打分 主题35 艺术28 创新26。"
        if outside
        else ""
    )
    return Reply(
        f"“{call.title}”停止收稿，{count} 件编了盲评号，评委 {len(jury)} 位"
        f"（{'、'.join(each.name for each in jury)}）都告诉了。"
        f"评委看不到作者，自己的和自己指导的自动回避。{paper}"
        "进度说“谁还没打分”，打完说“汇总评分”。",
        changed=True,
    )


@command(
    "submit_work.score",
    help="盲评打分，例：7号 主题35 艺术28 创新26",
    phrases=read_beside(FILE, "submit_work.score"),
    acts=True,
    previewed=True,
    shown=False,
)
def give_marks(ask: Ask) -> Reply:
    call = _judged(ask)
    juror = judging.find_juror(ask.session, call, ask.member)
    return _score(ask, call, juror, _marks(ask))


@command(
    "submit_work.expert",
    help="替校外评委录入打分，例：张教授给7号打分 主题35 艺术28 创新26",
    phrases=read_beside(FILE, "submit_work.expert"),
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def enter_marks(ask: Ask) -> Reply:
    """Write down what an expert from outside gave on paper."""
    call = _judged(ask)
    said = ask.slots.get("who", "").strip()
    if not said:
        raise Refusal("谁打的分？例：张教授给7号打分 主题35 艺术28 创新26。")
    juror = judging.find_expert(ask.session, call, said)
    return _score(ask, call, juror, _marks(ask))


@command(
    "submit_work.recuse",
    help="这一件我回避，例：7号我回避",
    phrases=read_beside(FILE, "submit_work.recuse"),
    acts=True,
    previewed=True,
    shown=False,
)
def recuse(ask: Ask) -> Reply:
    call = _judged(ask)
    juror = judging.find_juror(ask.session, call, ask.member)
    return _score(ask, call, juror, None)


def _judged(ask: Ask) -> Record:
    return entries.latest_call(ask.session, where(ask), "judging")


def _marks(ask: Ask) -> Marks:
    told = {each: ask.slots.get(each, "") for each in ("theme", "art", "fresh")}
    if not all(told.values()):
        raise Refusal("三项都要说，例：7号 主题35 艺术28 创新26。")
    comment = ask.slots.get("rest", "").strip(" ，,。")
    return Marks(**{each: int(said) for each, said in told.items()}, comment=comment)


def _score(ask: Ask, call: Record, juror: Juror, marks: Marks | None) -> Reply:
    if not (mark := ask.slots.get("mark", "")):
        raise Refusal("几号作品？例：7号 主题35 艺术28 创新26。")
    work = entries.find_marked(ask.session, call, int(mark))
    judging.score(ask.session, call, work, juror, marks, ask.member, ask.now)
    papers = judging.papers_for(ask.session, call, juror)
    left = [str(each.mark) for each in papers if not each.is_done]
    more = f"还差 {'、'.join(left)} 号。" if left else "都打完了，谢谢。"
    told = (
        f"{mark} 号 {marks.total} 分（主题 {marks.theme}，艺术 {marks.art}，"
        f"创新 {marks.fresh}）"
        if marks
        else f"{mark} 号您回避，不计您的分"
    )
    return Reply(f"记下了，{told}。要改再说一次就行。{more}", changed=True)


@command(
    "submit_work.judged",
    help="我的盲评还差哪几件",
    phrases=read_beside(FILE, "submit_work.judged"),
    shown=False,
)
def show_mine(ask: Ask) -> str:
    call = _judged(ask)
    juror = judging.find_juror(ask.session, call, ask.member)
    papers = judging.papers_for(ask.session, call, juror)
    left = [str(each.mark) for each in papers if not each.is_done]
    avoid = [str(each.mark) for each in papers if each.avoid]
    aside = f"回避 {'、'.join(avoid)} 号。" if avoid else ""
    done = len(papers) - len(left) - len(avoid)
    more = (
        f"还差 {'、'.join(left)} 号。{where_to_judge(ask, call)}"
        if left
        else "都打完了。"
    )
    return f"“{call.title}”您打了 {done} 件。{aside}{more}"


@command(
    "submit_work.sheet",
    help="打印盲评的评分表",
    phrases=read_beside(FILE, "submit_work.sheet"),
    role=Role.SECRETARY,
    shown=False,
)
def print_sheet(ask: Ask) -> Reply:
    """Print the list that a judge fills in by hand: numbers, and no name."""
    call = _judged(ask)
    works = entries.works_of(ask.session, call, "checked")
    rows = [
        [str(entries.mark_of(ask.session, each)), str(each.sort), "", "", "", ""]
        for each in works
    ]
    heads = (
        "盲评号",
        "类别",
        "主题 40",
        "艺术 30",
        "创新 30",
        "评语（要回避的写“回避”）",
    )
    lines = [f"征集：{call.title}", "评委签名：　　　　　　　日期："]
    table = {
        "kind": "table",
        "heads": heads,
        "widths": WIDTHS,
        "rows": rows,
        "height": 11,
    }
    values = {
        "title": "作品盲评评分表",
        "blocks": [{"kind": "lines", "lines": lines}, table],
    }
    name = f"盲评评分表-{call.title}.pdf"
    made = ask.made.get(name, partial(print_pdf, "sheet", values))
    send_file(ask.session, name, PDF, must_have(made), ask.member, ask.now)
    return Reply(f"评分表发到您手机上了：{name}。", changed=True)
