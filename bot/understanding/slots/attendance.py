"""Who was there, at the end of what is told: 参加：王芳 · 王芳和李伟参加 · 除了何雪."""

import re

CAME = re.compile(
    r"[\s,，;；]*(?:参加(?:人员|的人)?|人员|到场)\s*(?:有|是|[:：])\s*(?P<who>.+)$"
)
LAST = re.compile(
    r"[\s,，;；]+(?P<who>[^\s,，;；:：]{2,40}?)(?:都|全|一起)?(?:参加|到场|到|来|去|听)了?的?$"
)
WITHOUT = re.compile(r"[\s,，;；]*(?P<who>除了?.+)$")


def part_attendance(text: str) -> tuple[str, str]:
    """Part a text into what comes before, and who came, "" if it says nothing of it.

    除了何雪 stays as it is: whom it is an exception to, is not said.
    """
    found = CAME.search(text) or WITHOUT.search(text) or LAST.search(text)
    return (text[: found.start()], found["who"]) if found else (text, "")
