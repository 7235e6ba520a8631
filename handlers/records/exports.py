"""导出服务, 导出荣誉台账: the ledger of any kind of record as a file."""

from collections.abc import Mapping

from bot.branch.records.declared import every_kind
from bot.branch.records.kind import Kind
from bot.command import Ask, command
from bot.message import Reply
from bot.text.phrases import Line, Phrases
from handlers.records import asking
from handlers.records.questions import Inquiry

SAID = (
    "(导出|下载)[一下|下][我们|本支部|支部][的]"
    "{{kind:{called}}}[的][台账|记录|明细|表格|表][吧]"
)
HOW = "这次没有导出。要台账的表格，说“导出服务台账”这样。"


def _called() -> Mapping[str, Kind]:
    """Name the kinds as people do: by the title, or in short; of several the first."""
    handed = [each for each in every_kind() if each.handed_out]
    short = {each.short: each for each in reversed(handed)}
    return short | {each.title: each for each in handed}


CALLED = _called()
PHRASES = Phrases(
    names=(Line("导出服务台账"),),
    templates=(Line(SAID.format(called="|".join(CALLED))),),
)


@command(
    "records.export",
    phrases=PHRASES,
    help="把一种台账导出成表格，例：导出服务、导出荣誉台账",
)
def export(ask: Ask) -> Reply | str:
    """Send the records of a kind that whoever asks may see, if it is said whole."""
    if "kind" not in ask.slots:
        return HOW
    kind = CALLED[ask.slots["kind"]]
    question = Inquiry(ask, ask.text).of(kind)
    asking.note_look(ask, question.query)
    return asking.send(ask, question)
