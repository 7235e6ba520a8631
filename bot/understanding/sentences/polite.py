"""Orders put as questions, politely: 能不能…, …可以吗."""

import re

BEFORE = re.compile(
    r"^(?:请问|麻烦)?(?:你|您)?(?:能不能|可不可以|能否|可否|可以|能)(?:请|帮我|帮忙)*"
)
AFTER = re.compile(r"[,]?(?:可以吗|行不行|行吗|好吗|好不好|可不可以|成吗)[吗?]*$")
MARK = re.compile(r"[吗?]+$")


def without_asking(text: str) -> str:
    """Take the asking from a normalised text; "" where nothing asks so politely.

    吗 alone asks whether something is so: 何雪转正了吗 orders nothing.
    """
    begun = BEFORE.sub("", text)
    bare = AFTER.sub("", begun if begun == text else MARK.sub("", begun))
    return bare if bare != text else ""
