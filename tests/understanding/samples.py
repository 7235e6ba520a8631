"""A template → sentences that fit it, each slot with something that may stand there."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

from bot.understanding.sentences.form import SHAPES, list_choices, tokens_of

MOST = 40
"""Sentences of one template: the shortest, and others with ever more in them."""
SAMPLES = {
    "who": "王芳",
    "name": "王芳",
    "person": "孙丽",
    "body": "机电支部",
    "audience": "支委",
    "those": "请假的",
    "names": "王芳、李伟",
    "crowd": "全体党员",
    "whom": "大家",
    "own": "建校日",
    "choice": "能参加",
    "n": "2",
    "amount": "2",
    "number": "3",
    "time": "明天",
    "day": "3月5日",
    "since": "昨天",
    "when": "明天下午三点",
    "span": "三天",
    "ending": "到周五",
    "hours": "晚上九点以后",
    "letters": "学习",
    "times": "每周五下午三点",
    "every": "每周五",
    "which": "上次的",
    "what": "党课",
    "matter": "例会",
    "topic": "党史",
    "thing": "材料",
    "few": "三条",
    "lead": "周五上午",
    "part": "材料",
    "asked": "什么",
    "rest": "带上材料",
    "direct": "带上材料",
    "dated": "明天下午三点开会",
    "occasion": "明天下午三点",
    "glued": "明天下午三点开会",
    "task": "交材料",
    "timed": "明天下午三点开会",
    "text": "带上材料",
    "begins": "王芳带上材料",
    "summons": "王芳明天下午三点开会",
    "note": "家里有事",
    "question": "能补课不",
    "content": "党日去哪还是不去：苏州、无锡",
}
THERE = ("own", "choice", "begins", "summons")
"""Kinds that only what is there fits."""


def is_known(text: str, words: str, pieces: Mapping[str, str]) -> bool:
    """Tell whether words may be there: a sample, or one that a template names."""
    named = [token["choices"] for token in tokens_of(text) if token["kind"] in THERE]
    every = [SAMPLES[kind] for kind in THERE]
    return words in [
        *every,
        *(each for some in named if some for each in list_choices(some, pieces)),
    ]


def expand(text: str, pieces: Mapping[str, str]) -> list[str]:
    """List sentences of a template; every word of it stands in one of them at least."""
    tokens = tokens_of(text)
    return list(dict.fromkeys(islice(_sequence(tokens, pieces), MOST)))


def _sequence(tokens: list[re.Match[str]], pieces: Mapping[str, str]) -> Iterator[str]:
    """Read up to a closing mark or the end, and take those tokens away."""
    branches: list[list[list[str]]] = [[]]
    optional = False
    while tokens:
        token = tokens.pop(0)
        if token["mark"] == "|":
            branches.append([])
        elif token["mark"] in (")", "]"):
            optional = token["mark"] == "]"
            break
        elif token["mark"]:
            branches[-1].append(list(_sequence(tokens, pieces)))
        else:
            branches[-1].append(list(_single(token, pieces)))
    if optional:
        yield ""
    for branch in branches:
        yield from _joined(branch)


def _joined(parts: list[list[str]]) -> Iterator[str]:
    """Join the firsts, then vary one part at a time, then all at once."""
    firsts = [each[0] for each in parts]
    yield "".join(firsts)
    for at, part in enumerate(parts):
        for other in part[1:]:
            yield "".join([*firsts[:at], other, *firsts[at + 1 :]])
    yield from map("".join, islice(product(*parts), MOST))


def _single(token: re.Match[str], pieces: Mapping[str, str]) -> Iterator[str]:
    if name := token["piece"]:
        yield from _sequence(tokens_of(pieces[name]), pieces)
    elif token["slot"]:
        kind = token["kind"] or token["slot"]
        choices = token["choices"]
        yield from list_choices(choices, pieces) if choices else [SAMPLES[kind]]
    else:
        yield " " if token["gap"] else token["literal"]


assert SAMPLES.keys() == SHAPES.keys(), "a new kind of slot: give a sample of it"
