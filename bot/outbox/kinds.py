"""What the kinds of letters are called that the clock writes."""

NAMES = {
    "study": "学习提醒",
    "birthday": "政治生日祝福",
    "collective_birthday": "集体政治生日",
    "observance": "节点提醒",
    "nudge": "催回复",
    "deadline": "期限提醒",
    "reminder": "设好的提醒",
    "digest": "汇总",
}
