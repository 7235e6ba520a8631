"""Words that are no concern to be filed: of self-harm, and accusations of persons.

Words of self-harm are heard wherever they are said: a human is told at once, and
nothing else is done. Accusations are not taken, and shown the right door.
"""

from pathlib import Path

from bot.branch.people.members import party_branch, secretaries
from bot.branch.records.words import tell
from bot.command import Ask, overhearing
from bot.message import Reply
from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
# Read as reprints. 12356: 国家卫生健康委, 2024-12-25 (新华社): one number for all,
# reached everywhere from 2025-05-01. 12388: 全国纪检监察机关统一举报电话, since
# 2008-06-26 (新华网, 2008-06-25, at hnit.edu.cn/jwb/info/1004/3954).
DANGER, ACCUSING = Lexicon(HERE, "danger"), Lexicon(HERE, "accusing")
TO_ACCUSE = Lexicon(HERE, "to_accuse")
HELP = (
    "您说的我不能当作平常的话。请马上告诉身边信得过的人，别一个人扛着；"
    "有危险就打 120 或 110，心里难受可以打全国统一心理援助热线 12356。\n"
    "{told}"
)
DOOR = (
    "检举、控告某个人的事我不收也不存。请直接向学校纪检监察机构反映，"
    "或拨打纪检监察举报电话 12388；要署名还是匿名都可以在那里选。"
)


@overhearing("concern")
def hear_danger(ask: Ask) -> Reply | None:
    """Have a human told at once; what was said is not kept, nor passed on."""
    if not DANGER.stands_in(ask.text):
        return None
    branch = party_branch(ask.session, ask.member)
    others = [
        each for each in secretaries(ask.session, branch) if each.id != ask.member.id
    ]
    for each in others:
        text = (
            f"{ask.speaker.name}刚才对我说的话让人担心，请您马上联系本人，"
            "最好当面。说了什么我没有留，也不转。"
        )
        tell(ask.session, each, f"danger:{ask.message.id}", text, ask.now, "reply")
    told = "我已经请书记马上联系您，您说了什么没有转。" if others else ""
    return Reply(HELP.format(told=told), changed=bool(others))


@overhearing("concern")
def hear_accusation(ask: Ask) -> str | None:
    """Show the right door to whoever would accuse somebody; nothing is kept."""
    return DOOR if TO_ACCUSE.stands_first(ask.text) else None
