"""三年一次还是五年一次 → 几年一次: a question between two figures, asked openly."""

import re

NUMBER = "[0-9零一二两三四五六七八九十百半]{1,4}"
UNIT = "个?(?:季度|季|月|年|周|天|小时|学时)|周年|工作日|个?人|[个名次条项票届位]"
LEAD = "(?:到底|究竟|应该|应当|一般|[是要该得开隔每须])*"
EITHER = re.compile(
    rf"{LEAD}{NUMBER}(?P<unit>{UNIT})(?P<after>[^,，。还]{{0,6}}?)(?:呢|啊|呀|，|,)?"
    rf"(?:还是|或者是|或是){LEAD}{NUMBER}(?:{UNIT})?(?P<last>[^,，。?？]{{0,6}})"
)


def ask_openly(text: str) -> str:
    """Put a question between two figures as one for the figure; "" for no such one."""
    found = EITHER.search(text)
    if found is None:
        return ""
    unit, after = found["unit"], found["after"] or found["last"]
    return f"{text[: found.start()]}几{unit}{after}{text[found.end() :]}"
