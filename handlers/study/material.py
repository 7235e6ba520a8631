"""发学习资料: a secretary posts what there is to study: words, links, a picture."""

from dataclasses import replace

from bot.branch.notices import enclosures
from bot.branch.people.members import Role
from bot.branch.study import materials
from bot.branch.study.materials import Posting
from bot.command import Answer, Ask, Drafting, FreeWords, Kept, command, receiving
from bot.errors import Refusal
from bot.message import Reply
from bot.received import File, read_file
from bot.understanding.when.numbers import find_number

HOW = (
    "回“确认”放进学习资料。可以再发图片、文件或链接加上，“修改 …”换文字，不放回“取消”。"
)
PICTURE = "学习资料.jpg"
ONE = "一份资料带一张图片或一个文件，多的请另发一份资料。"
PAPERS = (".pdf", ".ofd", ".ppt", ".pptx", ".dps", ".doc", ".docx", ".wps")
FREE_WORDS = FreeWords(takes=("question",))


@command(
    "study.material",
    help="放一份学习资料，可带链接、图片，例：发学习资料 党章要点 https://…",
    role=Role.SECRETARY,
    acts=True,
)
def post_material(ask: Ask) -> Answer:
    text = ask.slots.get("rest", "") if ask.slots else ask.words
    return _show(ask, Posting(ask.whole(text)))


def _change(ask: Ask, kept: Kept) -> str | None:
    """Hear a picture, a link or other words."""
    said = ask.said.strip(" 。！!，,")
    posting = Posting(**kept["posting"])
    if ask.message.kind != "text":
        return _show(ask, _attach(ask, posting))
    if said.startswith("修改"):
        text = said.removeprefix("修改").strip(" ：:，,")
        return _show(ask, replace(posting, text=ask.whole(text)))
    if not posting.text:
        return _show(ask, replace(posting, text=ask.message.text.strip()))
    return None


MATERIAL = Drafting(
    "study.material",
    show=lambda ask, kept: _show(ask, Posting(**kept["posting"])),
    confirm=lambda ask, kept: _post(ask, Posting(**kept["posting"])),
    change=_change,
    verbs=("发", "发布", "放", "放上", "放进去", "发出去"),
    dropped="好的，没有放。",
    lacks=lambda kept: not kept["posting"]["text"],
    words=lambda kept: None if kept["posting"]["text"] else FREE_WORDS,
    hears=("image", "link", "file"),
    empty=lambda kept: not (kept["posting"]["text"] or kept["posting"]["attachment"]),
)


@command(
    "study.remove_material",
    help="撤下一份学习资料，例：删资料 3",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def remove_material(ask: Ask) -> Answer:
    number = find_number(ask.slots.get("n", ""))
    if number is None:
        return "要撤下哪一份？发“学习资料”看序号，例：删资料 3。"
    branch = ask.standing.branch
    row = materials.remove(ask.session, branch, number, ask.now)
    return Reply(f"已撤下资料“{row.title}”。", changed=True)


def _show(ask: Ask, posting: Posting) -> str:
    """Put the preview, and wait for the word."""
    asked = "这份资料放不放？" if posting.text else "资料的标题或文字是什么？"
    ask.put_draft("study.material", asked, posting=posting.pack())
    if not posting.text:
        return f"{asked}直接发给我，可以带链接；图片、文件也可以。不放了就回“取消”。"
    materials.check(posting)
    where = f"【预览】{ask.standing.branch.name}的学习资料"
    beside = _say_attached(ask, posting)
    return "\n".join([where, "――――――", posting.text, *beside, "――――――", HOW])


def _say_attached(ask: Ask, posting: Posting) -> list[str]:
    if posting.attachment is None:
        return []
    (name,) = enclosures.name_each(ask.session, [posting.attachment])
    return ["（带一张图片）" if name == PICTURE else f"（带文件：{name}）"]


def _attach(ask: Ask, posting: Posting) -> Posting:
    fields = ask.message.fields
    if ask.message.kind == "link":
        link = f"{fields.get('Title', '')} {fields.get('Url', '')}".strip()
        return replace(posting, text=f"{posting.text}\n{link}".strip())
    if posting.attachment:
        raise Refusal(ONE)
    if ask.message.kind == "file":
        return _attach_file(ask, posting, read_file(ask))
    media_id = fields.get("MediaId", "")
    kept = enclosures.take_picture(ask.session, ask.member, PICTURE, media_id, ask.now)
    return replace(posting, attachment=kept)


def _attach_file(ask: Ask, posting: Posting, file: File) -> Posting:
    """Take a file; what has no words yet is called by its name."""
    source = f"chat:{ask.message.id}"
    taken = enclosures.take_upload(
        ask.session, file.name, file.content, source, ask.now
    )
    text = posting.text or file.stem
    return replace(posting, text=text, attachment=taken.number)


@receiving("study.material.file", endings=PAPERS, role=Role.SECRETARY)
def take_file(ask: Ask, file: File) -> str:
    """Show a file as a material, before anything is posted."""
    return _show(ask, _attach_file(ask, Posting(), file))


def _post(ask: Ask, posting: Posting) -> Reply:
    branch = ask.standing.branch
    row = materials.post(ask.session, ask.member, branch, posting, ask.now)
    ask.close_question()
    return Reply(
        f"已放进学习资料，序号 {row.id}。党员发“学习资料”就能看到；"
        "要告诉大家，就说“发通知 …”。",
        changed=True,
    )
