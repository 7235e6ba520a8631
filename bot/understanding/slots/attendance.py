"""Who was there, at the end of what is told: 半天 参加：王芳、李伟 · 半天，除了何雪."""

import re

CAME = re.compile(
    r"[\s,，;；]*(?:参加(?:人员|的人)?|人员|到场)\s*(?:有|是|[:：])\s*(?P<who>.+)$"
)
WITHOUT = re.compile(r"[\s,，;；]*(?P<who>除了?.+)$")


def part_attendance(text: str) -> tuple[str, str]:
    """Part a text into what comes before, and who came, "" if it says nothing of it.

    除了何雪 stays as it is: whom it is an exception to, is not said.
    """
    found = CAME.search(text) or WITHOUT.search(text)
    return (text[: found.start()], found["who"]) if found else (text, "")
