"""What the assistant says of a thing that it understands and cannot do yet."""


def not_yet(what: str, instead: str = "可以先跟支部书记说一声") -> str:
    """Say truly that nothing was done, and offer the next useful step."""
    return (
        f"您说的是“{what}”，我听懂了，可这件事我现在还办不了，"
        f"所以什么也没有记、没有改、没有发。\n{instead}；发“帮助”看看我现在会什么。"
    )
