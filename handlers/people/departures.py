"""登记转出: a secretary tells that somebody has left; it is shown, then done."""

from bot.branch.people import offices
from bot.branch.people.members import Member, Role, take_roster
from bot.branch.people.tree import Branch
from bot.branch.personal_data import removal
from bot.branch.records import left
from bot.command import Ask, Drafting, Kept, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.scope import COURTESY, Scope
from bot.understanding.words.people import PERSON

WHO = "是哪位同志转出了？例：登记转出 王芳；也可以直接说：王芳调走了。"


@command(
    "members.depart",
    help="有人调走或转出组织关系，登记一下，例：王芳调走了",
    role=Role.SECRETARY,
    acts=True,
)
def note_departure(ask: Ask) -> str:
    scope = Scope(ask.session, ask.standing.branch)
    where = ask.slots.get("where", "")
    if "more" in ask.slots:
        raise Refusal(f"一次只登记一位，请分开说，例：{ask.slots['who']}调走了。")
    who = ask.slots.get("who") or _named(scope, ask.words)
    if "me" in ask.slots:
        number = ask.member.id
    elif not who:
        return WHO
    elif who not in scope.called:
        return _say_unknown(scope, who)
    else:
        number = scope.find_number(who)
    member = ask.session.get_one(Member, number)
    if inner := _inner(scope, where):
        return (
            f"{inner.name}也在这个名册里，{member.called}换过去不算转出，什么也没有动。\n"
            "请管理员在名册表格里改“党支部”一栏，再导入一次。"
        )
    return _show(ask, member, where)


def _show(ask: Ask, member: Member, where: str) -> str:
    _check(ask, member)
    asked = f"登记{member.called}{_way(where)}吗？"
    ask.put_draft("members.depart", asked, member=member.id, where=where)
    return "\n".join(
        [
            f"【预览】{member.called}{_way(where)}，移出名册以后：",
            *_say_meaning(ask, member),
            "回“确认”登记；不登记回“取消”。",
        ]
    )


def _depart(ask: Ask, kept: Kept) -> Reply | str:
    ask.close_question()
    take_roster(ask.session)
    member = ask.session.get_one(Member, kept["member"])
    called, way = member.called, _way(kept["where"])
    if member.state != "active":
        return f"{called}早已不在名册里了，不用再登记。"
    _check(ask, member)
    held = offices.held(ask.session, member)
    open_ = left.say_open(ask.session, member)
    done = removal.remove(ask.session, member, way, ask.now, by=ask.member)
    lines = [f"登记好了：{called}{way}，已移出名册。"]
    if held:
        lines.append(f"收回权限：{'、'.join(held)}。")
    lines += [f"{each}。" for each in open_]
    if done.stopped:
        lines.append(f"还没发出的 {done.stopped} 条消息不发了。")
    lines.append(
        f"记录还留 {ask.config.retention.departed.days} 天。"
        f"登记错了，一天以内说“{called}没调走，登记错了”就恢复；"
        "过了一天请管理员照名册改回来，以前的记录都还在。"
    )
    return Reply("\n".join(lines), changed=True)


DEPARTURE = Drafting(
    "members.depart",
    show=lambda ask, kept: _show(
        ask, ask.session.get_one(Member, kept["member"]), kept["where"]
    ),
    confirm=_depart,
    verbs=("登记", "移出", "转", "转出"),
    dropped="好的，没有登记，什么也没有动。",
)


def _named(scope: Scope, words: str) -> str:
    """Take what follows the command's name; nothing that is only like it."""
    who = COURTESY.cut(words.strip(" ：:，,。"))
    return who if who in scope.called or PERSON.fullmatch(who) else ""


def _say_unknown(scope: Scope, who: str) -> str:
    """Say that nobody is called so. Raises NotMeant for what is no name."""
    if not PERSON.fullmatch(who) or any(name in who for name in scope.names):
        raise NotMeant
    return f"{scope.branch.name}的名册里没有{who}，不用登记，什么也没有动。"


def _inner(scope: Scope, where: str) -> Branch | None:
    """Find the body of one's own part of the tree that somebody is said to be in."""
    named = (each for each in scope.branches if where and each.name.endswith(where))
    return next(named, None)


def _check(ask: Ask, member: Member) -> None:
    """Raise Refusal for whom the branch cannot do without."""
    branch, named = ask.standing.branch, ask.config.branch.secretaries
    removal.check(ask.session, member, ask.member, branch, named)


def _say_meaning(ask: Ask, member: Member) -> list[str]:
    held = offices.held(ask.session, member)
    roles = f"收回权限：{'、'.join(held)}" if held else "没有权限要收回"
    return [
        "· 不再收到通知、提醒和政治生日祝福，自己设的提醒也停",
        f"· {roles}",
        *(f"· {each}" for each in left.say_open(ask.session, member)),
        f"· 以前的记录留 {ask.config.retention.departed.days} 天，到期清除；"
        "通知台账只留一个数，不留姓名",
        "· 企业微信账号不再认得，换了人用也看不到以前的内容",
    ]


def _way(where: str) -> str:
    return f"调到{where}" if where else "转出"


def _was_removed(ask: Ask, words: str) -> bool:
    """Tell whether words name somebody whom a mistake may have just taken out."""
    who = COURTESY.cut(words)
    return removal.was_removed(ask.session, ask.standing.branch, who, ask.now)


@command(
    "members.restore",
    help="登记错了，把刚移出名册的同志恢复，例：撤销转出 陈静",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
    knows=_was_removed,
)
def begin_restore(ask: Ask) -> str:
    """Show whom a mistake took out of the roster, and what comes back."""
    who = COURTESY.cut(ask.slots.get("who", "").strip(" ：:，,。"))
    if not who:
        raise Refusal("恢复哪位同志？例：撤销转出 陈静。")
    branch = ask.standing.branch
    member = removal.find_removed(ask.session, branch, who, ask.now)
    return _show_restore(ask, {"member": member.id})


def _show_restore(ask: Ask, kept: Kept) -> str:
    member = ask.session.get_one(Member, kept["member"])
    ask.put_draft("members.restore", f"恢复{member.name}？", **kept)
    return (
        f"【预览】把{member.name}恢复到名册：账号、权限和以前的记录照旧。"
        "摘了牌的岗挂回去；停掉的消息不补发，约谈要重新约。\n回“确认”恢复；不恢复回“取消”。"
    )


def _restore(ask: Ask, kept: Kept) -> Reply:
    ask.close_question()
    take_roster(ask.session)
    member = ask.session.get_one(Member, kept["member"])
    held = removal.restore(ask.session, member, ask.now, ask.member)
    roles = f"，权限：{'、'.join(held)}" if held else ""
    return Reply(f"恢复好了：{member.called}又在名册里了{roles}。", changed=True)


RESTORE = Drafting(
    "members.restore",
    show=_show_restore,
    confirm=_restore,
    verbs=("恢复", "加回来"),
    dropped="好的，没有恢复。",
)
