"""Orders put as questions, politely: 能不能…, …可以吗."""

import re

BEFORE = re.compile(
    r"^(?:请问|麻烦)?(?:你|您)?(?:能不能|可不可以|能否|可否|可以|能)(?:请|帮我|帮忙)*"
)
AFTER = re.compile(r"[,]?(?:可以吗|行不行|行吗|好吗|好不好|可不可以|成吗|吗|\?)+$")


def without_asking(text: str) -> str:
    """Take the asking from a normalised text; "" where nothing asks so."""
    bare = AFTER.sub("", BEFORE.sub("", text))
    return bare if bare != text else ""
