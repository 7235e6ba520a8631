"""/console/notices/new: a notice is written, seen as it will look, and sent."""

import re
from dataclasses import replace

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from bot.branch.notices import corrections, enclosures, notices, previews, sending
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Notice
from bot.branch.notices.previews import Sitting
from bot.branch.notices.repeats import find_repeat
from bot.branch.notices.templates import NoticeTemplate
from bot.branch.people.audience import Audience
from bot.errors import Refusal
from bot.outbox.attachments import Attachment
from server.web.console import audience_form
from server.web.console.desk import Desk
from server.web.console.moments import read_moment
from server.web.console.pages.notice_templates import find_template
from server.web.console.pages.notices import NOTICES, find

NOTHING_SAID = "通知还没有写内容。"
MOST_CHOICES, LONGEST_CHOICE = 6, 16
TOO_MANY = f"选项最多 {MOST_CHOICES} 个，每个最多 {LONGEST_CHOICE} 字。"
SENT_MEANWHILE = "{said}这一份没有发；要再发一遍，再看一次预览。"
NOT_YOURS = "有一个附件不在了，请重新选。"
APART = re.compile(r"[/／、，,\n]+")


@NOTICES.get("/new")
def write_notice(desk: Desk) -> str:
    return _show(desk, _corrected(desk))


@NOTICES.post("/new/upload", again=write_notice, most=enclosures.FILE_MOST)
def preview_notice(desk: Desk) -> str:
    """Show the draft as it will look; pictures and files are taken in with it."""
    draft = _read(desk)
    for file in request.files.getlist("file"):
        if file.filename:
            enclosures.check_room(draft.enclosed)
            taken = enclosures.take_upload(
                desk.session, file.filename, file.read(), _source(desk), desk.now
            )
            draft = draft.with_enclosed(taken.number, is_picture=taken.is_picture)
    draft = sending.keep_quiet(desk.config, draft, desk.now)
    head = sending.check(desk.session, draft, desk.now)
    sitting = Sitting("", desk.branch, desk.config, desk.now)
    facts = previews.list_facts(desk.session, sitting, draft, head)
    repeat = find_repeat(desk.session, draft, desk.now)
    desk.typed = desk.sent.copy()
    return _show(
        desk,
        _corrected(desk),
        draft=draft,
        facts=[each for each in facts if "/m/enclose/" not in each],
        repeat=repeat,
        card=notices.preview(replace(draft, pictures=(), files=()), desk.branch)[0],
        enclosed=draft.enclosed,
        names=enclosures.name_each(desk.session, draft.enclosed),
    )


@NOTICES.post("/new", again=write_notice)
def send_notice(desk: Desk) -> Response:
    draft = sending.keep_quiet(desk.config, _read(desk), desk.now)
    sending.check(desk.session, draft, desk.now)
    _check_repeat(desk, draft)
    sent = sending.send(
        desk.session, desk.member, desk.branch, draft, desk.config, desk.now
    )
    return desk.done(sent.say(desk.now), "notices-show_notice", number=sent.notice.id)


def _check_repeat(desk: Desk, draft: Draft) -> None:
    """Raise Refusal where the same went out since the preview that is confirmed."""
    repeat = find_repeat(desk.session, draft, desk.now)
    if repeat and str(repeat.notice.id) != desk.sent.get("repeats"):
        raise Refusal(SENT_MEANWHILE.format(said=repeat.say(desk.now)))


def _show(desk: Desk, corrected: Notice | None, **shown: object) -> str:
    last = corrected and corrections.standing(desk.session, corrected, desk.now)
    template = _template(desk)
    offered = last.choices["offered"] if last else template.offered if template else ()
    copied = {
        "text": last.text if last else template.text if template else "",
        "choices": " / ".join(offered),
    }
    to = Audience.unpack(template.audience).words if template else ""
    return desk.show(
        "compose.html",
        corrected=corrected,
        copied=copied,
        model=template,
        template_to=(to or "全体党员") if template else "",
        nodes=audience_form.list_nodes(desk),
        offices=audience_form.OFFICES,
        robots=[each.name for each in desk.config.robots],
        most=notices.MAX_TEXT,
        **shown,
    )


def _read(desk: Desk) -> Draft:
    """Read the form as a draft. Raises Refusal for what is missing or unclear."""
    form, corrected = desk.sent, _corrected(desk)
    title, text = form.get("title", "").strip(), form.get("text", "").strip()
    if not text and not title:
        raise Refusal(NOTHING_SAID)
    known = {each.name for each in desk.config.robots}
    draft = Draft(
        text="\n".join(filter(None, [title, text])).replace("\r\n", "\n"),
        audience=_audience(desk, corrected),
        goes_at=read_moment(desk, "goes_at"),
        deadline=read_moment(desk, "deadline"),
        urgent="urgent" in form,
        choices=_choices(form.get("choices", "")),
        robots=tuple(each for each in form.getlist("robot") if each in known),
        corrects=corrected.id if corrected else None,
    )
    if draft.goes_at and draft.goes_at <= desk.now:
        draft = replace(draft, goes_at=None)
    return _with_enclosed(desk, draft)


def _audience(desk: Desk, corrected: Notice | None) -> Audience:
    """Tell whom it is for: whom the corrected one was, whom its template names."""
    if corrected:
        return Audience.unpack(corrected.audience)
    template = _template(desk)
    if template and desk.sent.get("whole") == "template":
        return Audience.unpack(template.audience)
    return audience_form.read(desk)


def _template(desk: Desk) -> NoticeTemplate | None:
    """Return the template that the form begins with, where it is one."""
    said = desk.sent.get("template", "") or request.args.get("template", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 18):
        return None
    return find_template(desk, int(said))


def _choices(said: str) -> tuple[str, ...]:
    every = tuple(filter(None, (each.strip() for each in APART.split(said))))
    unlike = tuple(dict.fromkeys(every))
    if len(unlike) > MOST_CHOICES or any(len(e) > LONGEST_CHOICE for e in unlike):
        raise Refusal(TOO_MANY)
    return unlike


def _with_enclosed(desk: Desk, draft: Draft) -> Draft:
    """Add what was taken in with an earlier preview; only what this member sent."""
    asked = [int(each) for each in desk.sent.getlist("enclosed") if each.isdecimal()]
    if not asked:
        return draft
    mine = select(Attachment.id, Attachment.mime).where(
        Attachment.id.in_(asked), Attachment.source == _source(desk)
    )
    kinds = dict(desk.session.execute(mine).all())
    if kinds.keys() != set(asked):
        raise Refusal(NOT_YOURS)
    for number in dict.fromkeys(asked):
        is_picture = kinds[number] in enclosures.PICTURES.values()
        draft = draft.with_enclosed(number, is_picture=is_picture)
    enclosures.check_room(draft.enclosed[:-1])
    return draft


def _source(desk: Desk) -> str:
    """Name what an upload was taken in for: a notice of this member's."""
    return f"console:{desk.member.id}"


def _corrected(desk: Desk) -> Notice | None:
    """Return the notice that is corrected, where it is one."""
    said = desk.sent.get("corrects", "") or request.args.get("corrects", "")
    return find(desk, int(said)) if said.isdecimal() and len(said) < 18 else None
