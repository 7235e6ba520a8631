"""/console/settings/: what may be changed safely, who changed it, and back again."""

from collections.abc import Mapping
from datetime import timedelta

from werkzeug.wrappers import Response

from bot.branch.birthdays import card_looks
from bot.branch.console import live_settings
from bot.branch.console.live_settings import SettingChange
from bot.branch.meetings import school
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.branch.people.tree import home
from bot.calendar.say import say_date, say_moment
from bot.config.live import BY_NAME, SETTINGS, Live, Overlay
from bot.errors import Denied, Refusal
from server.web.console.desk import Desk
from server.web.console.moments import read_day
from server.web.console.page import Page

HOUSE = Page("settings", "设置", order=130)
AHEAD, BACK = timedelta(days=500), timedelta(days=30)
SHOWN = 20
FOR_THE_TOP = "这些设置全家通用，由最上一级的书记来改。"
UNCHANGED = "没有改动。"
NO_SPAN = "起止两天都要填。"
SHOW = "settings-show_settings"


@HOUSE.get("/")
def show_settings(desk: Desk) -> str:
    """Show what holds, what the file says but for secrets, and who did what."""
    session, place = desk.session, home(desk.session, desk.branch.id)
    desk.assistant.take_settings(session)
    look = card_looks.look(session, place.id)
    changed = audit.last_done(session, "console.settings", place)
    last = live_settings.last_changes(session)
    today = desk.now.date()
    return desk.show(
        "settings.html",
        live=[_line(desk, each, last.get(each.name)) for each in SETTINGS],
        may=_may(desk),
        seen=desk.mark(live_settings.version(session)),
        history=[
            _told(desk, each, last) for each in live_settings.history(session, SHOWN)
        ],
        spans=school.within(session, desk.branch, today - BACK, today + AHEAD),
        said=say_date,
        rows=_rows(desk),
        look=look.words,
        changed=changed,
        changed_at=say_moment(changed.at, desk.now) if changed else "",
    )


@HOUSE.post("/change", again=show_settings)
def change(desk: Desk) -> Response:
    """Change what differs, all or nothing; an empty field is what the file says."""
    overlay = _to_change(desk)
    told = dict(live_settings.current(desk.session))
    wanted = {each.name: _asked(desk, overlay, each, told) for each in SETTINGS}
    overlay.check({name: value for name, value in wanted.items() if value is not None})
    done = [
        BY_NAME[name].title
        for name, value in wanted.items()
        if live_settings.change(desk.session, name, value, desk.member, desk.now)
    ]
    if not done:
        raise Refusal(UNCHANGED)
    return desk.done(f"改好了：{'、'.join(done)}。", SHOW)


@HOUSE.post("/changes/<int:line>/undo", again=show_settings)
def undo(desk: Desk, line: int) -> Response:
    overlay = _to_change(desk)
    row = live_settings.undo(desk.session, line, desk.member, desk.now)
    overlay.check(live_settings.current(desk.session))
    return desk.done(f"改回去了：{BY_NAME[row.name].title}。", SHOW)


@HOUSE.post("/school", again=show_settings)
def keep_school(desk: Desk) -> Response:
    """Set a span in which the branch would rather not meet, or take one out."""
    name = desk.sent.get("name", "").strip()
    if "remove" in desk.sent:
        school.drop(desk.session, desk.branch, name, desk.now)
        return desk.done(f"去掉了校历里的{name[:20]}。", SHOW)
    first, last = read_day(desk, "first"), read_day(desk, "last")
    if first is None or last is None:
        raise Refusal(NO_SPAN)
    school.put(desk.session, desk.branch, name, first, last, desk.member, desk.now)
    return desk.done(f"记下了：{name} {say_date(first)}至{say_date(last)}。", SHOW)


def _may(desk: Desk) -> bool:
    return desk.branch.parent_id is None and desk.assistant.overlay is not None


def _to_change(desk: Desk) -> Overlay:
    """Have the settings to ourselves. Raises Denied below the top, Refusal if stale."""
    overlay = desk.assistant.overlay
    if overlay is None or not _may(desk):
        raise Denied(FOR_THE_TOP)
    live_settings.hold_all(desk.session)
    desk.check_unchanged(live_settings.version(desk.session))
    return overlay


def _asked(
    desk: Desk, overlay: Overlay, each: Live, told: dict[str, str]
) -> str | None:
    """Return how a field would have a setting kept; None: as the file says."""
    said = desk.sent.get(each.name)
    if said is None:
        return told.get(each.name)
    if not said.strip():
        return None
    value = each.read(said)
    return None if value == overlay.say(each, written=True) else value


def _line(desk: Desk, each: Live, row: SettingChange | None) -> dict[str, object]:
    overlay = desk.assistant.overlay
    return {
        "name": each.name,
        "title": each.title,
        "kind": "time" if each.kind == "time" else "text",
        "value": desk.field(each.name, overlay.say(each) if overlay else ""),
        "written": overlay.say(each, written=True) if overlay else "",
        "by": _by(desk, row) if row else "",
    }


def _told(
    desk: Desk, row: SettingChange, last: Mapping[str, SettingChange]
) -> dict[str, object]:
    known = BY_NAME.get(row.name)
    return {
        "number": row.id,
        "title": known.title if known else row.name,
        "before": row.before or "照文件",
        "value": row.value or "照文件",
        "by": _by(desk, row),
        "last": last.get(row.name) is row,
    }


def _by(desk: Desk, row: SettingChange) -> str:
    who = desk.session.get_one(Member, row.changed_by).called
    return f"{who} · {say_moment(row.at, desk.now)}"


def _rows(desk: Desk) -> list[tuple[str, str, str]]:
    """List what only the file changes, without anything secret."""
    config, kept = desk.config, desk.config.retention
    robots = "、".join(each.name for each in config.robots) or "没有"
    return [
        ("支部", config.branch.name, "[branch] name"),
        ("存手机号", "存，加密" if config.roster.phones else "不存", "[roster] phones"),
        ("离开以后记录留", f"{kept.departed.days} 天", "[retention] departed"),
        ("个人消息留", f"{kept.letters.days} 天", "[retention] letters"),
        ("群机器人", robots, "[[robots]]"),
    ]
