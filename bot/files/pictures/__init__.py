"""A picture somebody sent → a smaller JPEG of it, without what a camera wrote in."""

import json
from dataclasses import dataclass

from bot.files.sandbox import Crashed, ask_child

SECONDS = 30.0


@dataclass(frozen=True)
class Shrunk:
    """width, height: of the picture as it came; jpeg: the smaller one."""

    width: int
    height: int
    jpeg: bytes


def shrink(content: bytes) -> Shrunk | None:
    """Make a picture smaller in a child process; None for what is none."""
    try:
        told = ask_child("bot.files.pictures.child", "picture", content, SECONDS)
    except Crashed:
        return None
    head, mark, jpeg = told.partition(b"\n")
    if not mark:
        return None
    width, height = json.loads(head)
    return Shrunk(width, height, jpeg)
