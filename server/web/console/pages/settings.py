"""/console/settings/: how this house is set up; what may be changed here says where."""

from bot.branch.birthdays import card_looks
from bot.branch.people import audit
from bot.branch.people.tree import home
from bot.calendar.say import say_moment
from server.web.console.desk import Desk
from server.web.console.page import Page

SETTINGS = Page("settings", "设置", order=130)


@SETTINGS.get("/")
def show_settings(desk: Desk) -> str:
    """Show what the file says, without anything secret, and who changed what."""
    config, place = desk.config, home(desk.session, desk.branch.id)
    look = card_looks.look(desk.session, place.id)
    changed = audit.last_done(desk.session, "console.settings", place)
    quiet, kept = config.quiet, config.retention
    approve = config.notices.approve_from
    rows = [
        ("支部", config.branch.name, "[branch] name"),
        ("安静时段", f"{quiet.starts:%H:%M}–{quiet.ends:%H:%M}", "[quiet]"),
        ("每人每周自动消息", f"最多 {quiet.weekly_budget} 条", "[quiet] weekly_budget"),
        (
            "通知审批",
            f"{approve} 人起要另一位支委审批" if approve else "不用审批",
            "[notices] approve_from",
        ),
        (
            "两次催回复之间",
            f"{config.notices.nudge_every.total_seconds() / 3600:g} 小时",
            "[notices] nudge_every",
        ),
        ("每天打卡", f"{config.checkins.per_day} 次", "[checkins] per_day"),
        ("一天算几学时", f"{config.study.hours_per_day:g}", "[study] hours_per_day"),
        ("存手机号", "存，加密" if config.roster.phones else "不存", "[roster] phones"),
        ("离开以后记录留", f"{kept.departed.days} 天", "[retention] departed"),
        ("个人消息留", f"{kept.letters.days} 天", "[retention] letters"),
        (
            "群机器人",
            "、".join(each.name for each in config.robots) or "没有",
            "[[robots]]",
        ),
    ]
    return desk.show(
        "settings.html",
        rows=rows,
        look=look.words,
        changed=changed,
        changed_at=say_moment(changed.at, desk.now) if changed else "",
    )
