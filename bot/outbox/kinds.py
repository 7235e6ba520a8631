"""The kinds of letters that the clock writes: a kind is one line, and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """name: how members are told of it. called: words by which one wants none of it.

    office: asked for by the secretary's office, sent to whoever holds it; it is not
    missed because a week was full, and costs none of the holder's own. ledger: False if
    its topic only holds letters together for a while; a notice's is the branch's.
    """

    key: str
    name: str
    called: tuple[str, ...] = ()
    office: bool = False
    ledger: bool = True

    def is_called(self, text: str) -> bool:
        return any(word in text for word in self.called)


BIRTHDAY = ("生日", "祝贺", "祝福")
SET_BEFORE = ("设好的提醒", "设过的提醒", "设好提醒", "设过提醒", "定时提醒")
KINDS = (
    Kind("study", "学习提醒", ("学习", "打卡", "学时")),
    Kind("birthday", "政治生日祝福", BIRTHDAY, ledger=False),
    Kind("collective_birthday", "集体政治生日", BIRTHDAY, office=True),
    Kind("observance", "节点提醒", ("节点", "纪念日"), office=True),
    Kind("nudge", "催回复", ("催我", "催回复")),
    Kind("deadline", "期限提醒", ("期限", "到期", "转正", "换届"), office=True),
    Kind("reminder", "设好的提醒", SET_BEFORE, ledger=False),
    Kind("meeting", "会议签到和提醒", ("会议签到", "开会提醒", "会议提醒")),
    Kind("digest", "汇总", ("汇总",)),
    Kind("report", "给书记的报告", office=True),
)
REPLIES = ("reply", "trial", "preview", "card_update")
"""Kinds that are part of what somebody was just answered, and interrupt nothing."""
NAMES = {each.key: each.name for each in KINDS}
WRITTEN = {
    "notice": "通知",
    "notice_again": "通知",
    "recall": "撤回通知",
    "approval": "审批",
    "poll": "投票",
    "question": "问书记",
    "leave": "请假",
    "minutes": "会议记录",
    "export": "导出的文件",
    "answer": "答复",
}
"""What letters are called that people had written: the ledgers of kinds know none."""
OFFICE = tuple(each.key for each in KINDS if each.office)
NO_LEDGER = tuple(each.key for each in KINDS if not each.ledger)


def say_kind(key: str) -> str:
    """Name a letter's kind as members call it."""
    return NAMES.get(key) or WRITTEN.get(key, "其他")
