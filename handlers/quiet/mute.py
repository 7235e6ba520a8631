"""免打扰: who wants quiet says so, for how long and from what; and hears it echoed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import outbox
from bot.branch.birthdays import greetings
from bot.command import Ask, answering, command
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.outbox import EVERYTHING, QuietWish
from bot.outbox.kinds import KINDS
from bot.understanding.slots import person
from bot.understanding.slots.span_ahead import (
    QuietSpan,
    Unplaced,
    read_quiet_end,
    read_quiet_span,
)
from bot.understanding.slots.yes_no import says_no, says_yes
from handlers.quiet import hours
from handlers.quiet.words import describe, say_span, say_standing, say_verb

RESUMES = re.compile(
    r"恢复|解除|重新|(?:取消|关闭|关掉|关了|退出).{0,2}(?:免打扰|勿扰)"
    r"|(?:免打扰|勿扰|静音).{0,3}(?:撤|取消|关|解|删|去掉|退|停|结束|不要了|不用了)"
    r"|撤.{0,3}(?:免打扰|勿扰)"
    r"|(?:继续|照常|照旧|接着)(?:给我)?(?:发|提醒|推送)"
    r"|(?<!不)可以(?:再|继续|接着|重新)?(?:给我)?(?:打扰|发|推|提醒|吵)"
)
NOT_WANTED = re.compile(
    r"(?:别|不要|不用|不必|不想|没)(?:再)?(?:给我|帮我)?(?:设置?|开启?|打开)?(?:免打扰|勿扰|静音)"
)
LESS = re.compile(
    r"少.?[发给推提来]|少一[些点]|太多|频繁|[那这]么多|[别不要]老|[别不要]总"
)
DAILY = re.compile(
    r"(?:晚上?|夜里?|半夜|早上?|凌晨|点|(?<!小)时).{0,6}(?:别|不要|不用|勿|免)|太晚"
)
ASKS = re.compile(
    r"吗|怎么|如何|开着|能不能|有没有|会不会|什么|多久|(?<![这那好])几[点天时条]|[?？]"
)
WANTS = re.compile("别|不要|不用|不想|不必|勿|免|停|关|静")
OTHERS = re.compile(r"催(?!我|回复)")  # whom else not to chase is the notices' matter
NAMED = re.compile("扰|烦|提醒|推送|消息|通知|发|催|吵|静|汇总|节点|期限")
BIRTHDAY = re.compile("生日|祝贺|祝福|贺卡")
REMINDED_OF = re.compile(r"提醒(?:我们?|咱们?|俺)?(?:再?去)?(?P<what>[^,，。；;]{2,})")
SMALL_WORDS = re.compile(r"^(?:那么|这么)?[频勤多]繁?|[了吧啊呀哦啦的]+$")
TO_OTHERS = re.compile("提醒(?:大家|全体|各位|所有|党员|支委|他|她)")
STOP_THEM = "要停提醒大家的，发“提醒列表”看有哪些，再说“取消提醒 编号”。"
ONE_THING = (
    "“{what}”的提醒没有单独的开关，现在还没有设。\n"
    "您自己设的，说“取消提醒 {what}”；支部定时发的都不想收，说“别再发定时提醒”；"
    "想全都安静一阵，说“免打扰到周五”。"
)
OF_OTHERS = re.compile(
    r"[让给叫替](?:大家|全体|他们?|她们?|别人)|打扰(?:大家|他|她)|^(?:全支部|支部|全体|大家|所有人)"
)
MINE_ONLY = "免打扰只能自己来设：请{who}自己发“免打扰”。这次什么也没有设。"
PERHAPS = "要{span}{verb}吗？"
AGAIN = re.compile("恢复|重新|还是要|继续|可以(?:给我)?(?:发|祝)|打开")
HOW = (
    "想安静一阵，说“免打扰到周五”；不要某一类，说“别再发学习提醒”；"
    "每天早晚少打扰，说“晚上八点以后别给我发”；恢复，说“取消免打扰”。"
)
CHANGES = re.compile("改|换成|缩短|提前|只要?到")
KEPT = (
    "您已经设了“{span}{verb}”，比这次说的更久，照旧没有变。\n"
    "要短一些，先说“取消免打扰”，再说一遍。"
)
PASSES = "正式会议的通知仍会送到；能等的事攒着，到时放在一条里告诉您。"


@command(
    "mute",
    help="少打扰我，例：免打扰到周五、晚上八点以后别给我发、取消免打扰",
)
def mute(ask: Ask) -> Reply | str:
    """Record a wish for quiet where one is clearly said; else show how things are."""
    text = ask.text
    if ASKS.search(text):
        return _standing(ask)
    if (who := person.other_named(ask)) or OF_OTHERS.search(text):
        return MINE_ONLY.format(who=who or "大家各人")
    if not ask.meant:
        return _perhaps(ask)
    return _greet(ask) if BIRTHDAY.search(text) else _obey(ask)


def _obey(ask: Ask) -> Reply | str:
    text = ask.text
    if changed := hours.change(ask):
        return changed
    if RESUMES.search(text):
        return _resume(ask)
    every_day = DAILY.search(text) and not hours.ONCE.search(text)
    if NOT_WANTED.search(text) or every_day or LESS.search(text) or OTHERS.search(text):
        return _standing(ask)
    if TO_OTHERS.search(text):
        return STOP_THEM
    if thing := _one_thing(text):
        return ONE_THING.format(what=thing)
    return _wish(ask) if NAMED.search(text) else _standing(ask)


@answering("mute")
def continue_wish(ask: Ask, question: Open) -> Reply | str | None:
    """Hear until when there is to be quiet, or that it was meant."""
    text = ask.text.strip()
    if says_no(text):
        ask.close_question()
        return "好的，没有设。"
    kinds, until = question.details["kinds"], question.details["until"]
    if until is not None:
        if not says_yes(text):
            return None
        since = datetime.fromisoformat(question.details["since"])
        ask.close_question()
        span = QuietSpan(max(since, ask.now), datetime.fromisoformat(until))
        return _record(ask, kinds, span)
    answer = None if ask.is_command_name else read_quiet_end(text, ask.now)
    if answer is None:
        return None
    ask.close_question()
    return _record(ask, kinds, answer)


def _wish(ask: Ask) -> Reply | str:
    """Record what is wished; ask until when, where that is not certain."""
    kinds = _kinds(ask.text) or [EVERYTHING]
    try:
        span = read_quiet_span(ask.text, ask.now)
    except Unplaced as unplaced:
        ask.put_question("mute", "免打扰到哪天为止？", kinds=kinds, until=None)
        return str(unplaced)
    return _record(ask, kinds, span)


def _record(ask: Ask, kinds: Sequence[str], span: QuietSpan | None) -> Reply | str:
    """Write the wish down; a longer one that stands is not cut short by the way."""
    new = QuietWish(
        kinds[0], span.since if span else ask.now, span.until if span else None
    )
    ask.close_question("mute")
    known = outbox.wishes(ask.session, ask.member.id, ask.now)
    standing = [each for each in known if each.kind in kinds and each != new]
    longer = {each.kind for each in standing if each.outlasts(new)}
    if longer >= set(kinds) and not CHANGES.search(ask.text):
        return KEPT.format(
            span=say_standing(standing[0], ask.now), verb=say_verb(kinds)
        )
    for kind in kinds:
        outbox.mute(ask.session, ask.member.id, replace(new, kind=kind))
    passes = f"\n{PASSES}" if kinds == [EVERYTHING] else ""
    said = say_span(new, ask.now)
    return Reply(
        f"好的，{said}{say_verb(kinds)}。{_say_replaced(ask, new, standing)}{passes}\n"
        "想恢复，说“取消免打扰”。",
        changed=True,
    )


def _say_replaced(ask: Ask, new: QuietWish, standing: Sequence[QuietWish]) -> str:
    """Name the wish that another takes the place of, where something of it is lost."""
    lost = [each for each in standing if not new.takes_in(each, ask.now)]
    if not lost:
        return ""
    return f"\n原来设的“{say_standing(lost[0], ask.now)}”由这次的代替。"


def _perhaps(ask: Ask) -> str:
    """Ask whether a stretch of quiet was meant, where one is said; else show all."""
    text = ask.text
    told = any(each.search(text) for each in (RESUMES, LESS, BIRTHDAY, OTHERS))
    if told or not (WANTS.search(text) and NAMED.search(text)):
        return _standing(ask)
    try:
        span = read_quiet_span(text, ask.now)
    except Unplaced:
        span = None
    if span is None:
        return _standing(ask)
    kinds = _kinds(text) or [EVERYTHING]
    wish = QuietWish(kinds[0], span.since, span.until)
    asked = PERHAPS.format(span=say_span(wish, ask.now), verb=say_verb(kinds))
    since, until = span.since.isoformat(), span.until.isoformat()
    ask.put_question("mute", asked, kinds=kinds, since=since, until=until)
    return f"{asked}回“确认”或“取消”。"


def _one_thing(text: str) -> str:
    """Find what else than a kind of ours somebody wants no reminder of: 交党费."""
    found = REMINDED_OF.search(text)
    if found is None or _kinds(text):
        return ""
    what = SMALL_WORDS.sub("", found["what"])
    return what if len(what) > 1 and not NAMED.search(what) else ""


def _resume(ask: Ask) -> Reply | str:
    kinds = _kinds(ask.text)
    ended = outbox.unmute(ask.session, ask.member.id, kinds or None, ask.now)
    if not ended and not kinds and (dropped := hours.drop(ask)):
        return dropped
    if not ended:
        return f"您现在没有设免打扰，提醒都照常。\n{HOW}"
    return Reply(
        "好的，提醒恢复了。这期间攒下的事会放在一条里告诉您；"
        "通知随时可以发“我的通知”看。",
        changed=True,
    )


def _standing(ask: Ask) -> str:
    now, quiet = ask.now, ask.config.quiet
    wishes = describe(outbox.wishes(ask.session, ask.member.id, now), now)
    wishes += filter(None, [hours.describe(ask)])
    mine = (
        f"您现在的免打扰：{'、'.join(wishes)}。" if wishes else "您现在没有设免打扰。"
    )
    return (
        f"{mine}\n{quiet.starts:%H:%M} 到 {quiet.ends:%H:%M} 我不主动发消息，"
        f"自动消息一周最多 {quiet.weekly_budget} 条，多的并成一条汇总。\n{HOW}"
    )


def _kinds(text: str) -> list[str]:
    return [each.key for each in KINDS if each.is_called(text)]


def _greet(ask: Ask) -> Reply:
    """Leave the member's own political birthday alone, or greet again."""
    wanted = bool(AGAIN.search(ask.text))
    new = greetings.want_greeting(ask.member, wanted=wanted)
    if wanted:
        return Reply("好的，政治生日那天照常给您送祝福。", changed=new)
    return Reply(
        "好的，政治生日不再给您发祝福，集体贺卡上也不写您。"
        "改主意了说“恢复政治生日祝福”。",
        changed=new,
    )
