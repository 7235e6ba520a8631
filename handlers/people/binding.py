"""绑定微信: a code for the other phone, what is bound, and taking it off again."""

from bot import outbox
from bot.branch.people import audit, binding
from bot.branch.people.members import Member, Role
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.message import Reply
from bot.outbox import CHANNELS, PEOPLE
from bot.outbox.ways import Known
from bot.understanding.slots.person import require_named
from bot.understanding.slots.scope import Scope

GIVEN, UNBOUND = "ways.code", "ways.unbind"
EXAMPLE = "给王芳一个绑定码"
NOT_SET_UP = "支部还没有接上微信公众号，现在只能在企业微信里用。"
ONE_CODE = (
    "请在微信里打开公众号{name}，把 {code} 发给它（十分钟内有效，只能用一次）。\n"
    "绑定以后，在微信里也能收通知、打卡、问规定。"
)
HER_CODE = (
    "{who}的绑定码是 {code}，十分钟内有效，只能用一次。请当面或电话告诉本人，"
    "让他在微信里打开公众号{name}，把这六位数字发给它。（已记下是您给的。）"
)
NOT_BOUND = "您还没有绑定微信。要绑定，在企业微信里说“绑定微信”。"
UNBOUND_NOW = "解绑了，{what}不再是您的。要再绑，在企业微信里说“绑定微信”。"
ALREADY = "您已经绑定了，不用再绑。"


@command(
    "bind",
    help="在微信（公众号）里也用我，例：绑定微信、解绑微信、我绑定了什么",
    acts=True,
    private=True,
)
def bind_wechat(ask: Ask) -> Reply | str:
    """Give a code; where one was typed, say what comes of it."""
    if (code := binding.read_code(ask.message)) is not None:
        return _again(ask, code)
    mine = _ways(ask, ask.member)
    if ask.message.channel != PEOPLE:
        return f"{ALREADY}\n{_describe(ask, mine)}"
    if ask.config.official is None:
        return NOT_SET_UP
    if any(each.channel == "official" for each in mine):
        return f"{_describe(ask, mine)}\n换一个微信，先说“解绑微信”。"
    code = binding.give_code(ask.session, ask.member, ask.now)
    return Reply(ONE_CODE.format(name=_name(ask), code=code), changed=True)


@command(
    "bind.other",
    help="给没有企业微信的同志一个绑定码，例：给王芳一个绑定码",
    role=Role.SECRETARY,
    shown=False,  # told with 绑定微信
    acts=True,
    private=True,
)
def bind_other(ask: Ask) -> Reply | str:
    if ask.config.official is None:
        return NOT_SET_UP
    member = _named(ask)
    if any(each.channel == "official" for each in _ways(ask, member)):
        return f"{member.called}已经绑定了微信，要换先说“解绑{member.called}的微信”。"
    code = binding.give_code(ask.session, member, ask.now)
    audit.note(ask.session, ask.member, GIVEN, ask.now, subjects=[member.id])
    told = HER_CODE.format(who=member.called, code=code, name=_name(ask))
    return Reply(told, changed=True)


@command("bind.undo", help="解绑自己的微信", shown=False, acts=True)
def unbind(ask: Ask) -> Reply | str:
    """Take the WeChat off, from there or from WeCom."""
    if ask.message.channel not in (PEOPLE, "official"):
        return f"在这里是智能机器人。要解绑微信，请在企业微信里说。{NOT_BOUND}"
    if outbox.unbind(ask.session, ask.member.id, "official") is None:
        return NOT_BOUND
    return Reply(UNBOUND_NOW.format(what="这个微信"), changed=True)


@command(
    "bind.undo_other",
    help="解绑一位同志的微信，例：解绑王芳的微信",
    role=Role.SECRETARY,
    shown=False,  # told with 绑定微信
    acts=True,
)
def unbind_other(ask: Ask) -> Reply | str:
    member = _named(ask)
    if outbox.unbind(ask.session, member.id, "official") is None:
        return f"{member.called}没有绑定微信。"
    audit.note(ask.session, ask.member, UNBOUND, ask.now, subjects=[member.id])
    return Reply(f"解绑了{member.called}的微信。（已记下是您办的。）", changed=True)


@command("bind.status", help="自己绑定了哪些收消息的方式", shown=False)
def tell_ways(ask: Ask) -> str:
    mine = _ways(ask, ask.member)
    if not mine and ask.config.official is None:
        return NOT_SET_UP
    return _describe(ask, mine)


def _again(ask: Ask, code: str) -> Reply | str:
    """Say what comes of a code that somebody typed who is known here already."""
    taken = binding.redeem(ask.session, ask.message, code, ask.now)
    return Reply(taken.text, changed=taken.bound)


def _ways(ask: Ask, member: Member) -> list[Known]:
    return outbox.ways_of(ask.session, [member.id]).get(member.id, [])


def _describe(ask: Ask, mine: list[Known]) -> str:
    if not mine:
        return NOT_BOUND
    preferred = [each for each in mine if each.preferred]
    lines = [_line(each) for each in mine]
    if ask.member.userid:
        first = "" if preferred else "，通知先发到这里"
        lines = [f"· 企业微信{first}", *lines]
    return "\n".join(["您收消息的方式：", *lines])


def _line(way: Known) -> str:
    told = f"· {CHANNELS[way.channel]}"
    if way.preferred:
        told += "，通知先发到这里"
    if way.lost_at:
        told += f"（{say_date(way.lost_at)}起收不到：{way.lost_why}）"
    return told


def _named(ask: Ask) -> Member:
    """Find the one who is named, within the secretary's branch."""
    scope = Scope(ask.session, ask.standing.branch)
    return require_named(scope, ask.slots.get("name") or ask.words, EXAMPLE).member


def _name(ask: Ask) -> str:
    official = ask.config.official
    return f"“{official.name}”" if official and official.name else ""
