"""查电话: the secretary looks up a number; who looked is written down."""

from bot.branch.people import members, phones
from bot.branch.people.members import Member, Role
from bot.command import Ask, command
from bot.understanding.slots.people_named import find_people
from bot.understanding.slots.scope import Scope

FEW = 5
NOT_KEPT = (
    "这里没有存{name}的电话。\n"
    "要存的话，请管理员打开设置里的 roster.phones，再导入一次名册。"
)


@command(
    "phone",
    help="查一位党员的电话（会留下查看记录），例：查电话 王芳",
    shown=False,  # of use only where [roster] phones is on
    role=Role.SECRETARY,
    private=True,
    shows=("手机号（开了才存）",),
)
def look_up_phone(ask: Ask) -> str:
    name = "".join((ask.slots.get("name") or ask.words).split())
    if not name:
        return "查谁的电话？例：查电话 王芳"
    scope = Scope(ask.session, ask.standing.branch)
    numbers = scope.called.get(name, ())
    if not numbers:  # 李伟手机号多少来着
        numbers = [each.id for each in find_people(scope, ask.words).people]
    found = [ask.session.get_one(Member, each) for each in numbers[:FEW]]
    if not found:
        return f"{ask.standing.branch.name}里没有找到“{name}”。"
    told, seen = [], False
    for each in found:
        number = phones.look_up(ask.session, each, ask.member, ask.now)
        seen = seen or number is not None
        where = members.party_branch(ask.session, each).name
        there = f"{each.called}（{where}）：{number}"
        told.append(there if number else NOT_KEPT.format(name=each.called))
    if seen:
        told.append("（已记下您查看过，本人看得到。）")
    return "\n".join(told)
