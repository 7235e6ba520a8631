"""A word of a list, as a sentence file writes it → the pattern that it stands for.

    (去|到)[了] <more>      one of these, [ ] or nothing, <> a piece
    (去|到)+  [又|再]+6     again and again: at least one; none, or up to six
    {han}+2-8  {said}~1-8   signs of a kind: as many as there are, ~ as few as will do
    {of:、,和}  {but:的了}   one of these signs, one of no others; a blank is any
    {name} {time} {number}  what the readers know (KINDS); {start}, {end} of the text
    {next}(吗|呢)           what follows, and is no part of it; {unless} what does not
    {after}(别|不要)         what stands before it; {unless_after} what does not
    {as:who}({han}+2-4)     what is found there, by a name; {same:who} the same again

Raises ValueError for what is none of these.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from bot.understanding.when.numbers import NUMBER
from bot.understanding.words.masks import TIME
from bot.understanding.words.people import (
    AFTER_NAME,
    NAME,
    PERSON,
    SOMEBODY,
    SURNAMES,
    TITLES,
)

KINDS = {
    "start": "^",
    "end": "$",
    "any": ".",
    "blank": r"\s",
    "han": "[一-龥·]",
    "letter": "[一-龥A-Za-z0-9]",
    "mark": r"\W",
    "digit": r"\d",
    "said": r"[^,，。;；:：!！?？\s]",
    "name": NAME,
    "surname": f"[{SURNAMES}]",
    "person": f"(?-i:{PERSON.pattern})",
    "after_name": f"(?-i:{AFTER_NAME})",
    "somebody": SOMEBODY,
    "title": TITLES,
    "number": NUMBER,
    "time": TIME.pattern,
    "T": "(?-i:T)",
    "N": "(?-i:N)",
    "P": "(?-i:P)",
}
"""By kind: what may stand there; T, N and P as `words.masks` writes them."""
SIGNS = ("any", "blank", "han", "letter", "mark", "digit", "said", "surname", *"TNP")
"""Kinds that are one sign each."""
AROUND = {"next": "(?=", "unless": "(?!"}
BEHIND = {"after": "(?<=", "unless_after": "(?<!"}
TOKEN = re.compile(
    r"\{(?P<kind>\w+)(?::(?P<told>[^{}]+))?\}|<(?P<piece>\w+)>|(?P<mark>[()\[\]|])"
    r"|(?<=[)\]>}])(?P<sort>[+~])(?P<least>\d+)?(?P<to>-)?(?P<most>\d+)?"
    r"|(?P<words>[^()\[\]{}<>| +~]+|[+~])"
)
WORD = re.compile(r"(?:\{[^{}]*\}|[^\s{}])+")


def pattern_of(line: str, pieces: Mapping[str, str]) -> str:
    """Write the words of a line, which blanks part, as one pattern."""
    return "|".join(_Word(word, pieces).pattern() for word in WORD.findall(line))


class _Word:
    def __init__(self, word: str, pieces: Mapping[str, str]) -> None:
        self._word, self._pieces = word, pieces
        self._tokens = list(_tokens(word))

    def pattern(self) -> str:
        whole = self._either()
        if self._tokens:
            raise self._wrong
        return whole

    @property
    def _wrong(self) -> ValueError:
        return ValueError(f"no word of a list: {self._word}")

    def _either(self) -> str:
        """Write what stands up to a closing mark or the end."""
        branches = [""]
        while self._tokens and self._tokens[0]["mark"] not in (")", "]"):
            if self._tokens[0]["mark"] == "|":
                self._tokens.pop(0)
                branches.append("")
            else:
                branches[-1] += self._one()
        return "|".join(branches)

    def _one(self) -> str:
        """Write one piece, with how often it stands there."""
        if not self._tokens:
            raise self._wrong
        token = self._tokens.pop(0)
        if token["words"]:
            return re.escape(token["words"])
        if token["kind"] in AROUND:
            return f"{AROUND[token['kind']]}{self._one()})"
        if token["kind"] in BEHIND:
            return self._behind(token["kind"])
        if token["kind"] == "as":
            return f"(?P<{token['told']}>{self._one()})"
        optional = token["mark"] == "["
        return self._often(f"(?:{self._inner(token)})", optional=optional)

    def _inner(self, token: re.Match[str]) -> str:
        if token["mark"] in ("(", "["):
            inner = self._either()
            closes = self._tokens.pop(0)["mark"] if self._tokens else ""
            if token["mark"] + closes not in ("()", "[]"):
                raise self._wrong
            return inner
        if token["piece"] in self._pieces:
            return pattern_of(self._pieces[token["piece"]], self._pieces)
        if token["kind"] in ("of", "but") and token["told"]:
            signs = re.escape(token["told"]).replace(r"\ ", r"\s")
            return f"[{'^' * (token['kind'] == 'but')}{signs}]"
        if token["kind"] == "same":
            return f"(?P={token['told']})"
        if token["kind"] in KINDS:
            return KINDS[token["kind"]]
        raise self._wrong

    def _often(self, inner: str, *, optional: bool) -> str:
        if not (self._tokens and self._tokens[0]["sort"]):
            return f"{inner}?" if optional else inner
        times = self._tokens.pop(0)
        least, most = times["least"] or "", times["most"] or ""
        if not times["to"]:
            least, most = "", least
        least = least or ("0" if optional else "1")
        return f"{inner}{{{least},{most}}}{'?' * (times['sort'] == '~')}"

    def _behind(self, kind: str) -> str:
        """Write what stands before, each by itself: they need not be of one length."""
        ways = _ways(self._take(), self._pieces)
        each = [f"{BEHIND[kind]}{way})" for way in ways]
        if kind == "after":
            return f"(?:{'|'.join(each)})"
        return "".join(each)

    def _take(self) -> str:
        """Take the words of the next piece as they are written."""
        taken, depth = "", 0
        while self._tokens:
            token = self._tokens.pop(0)
            taken += token[0]
            depth += (token["mark"] or " ") in "(["
            depth -= (token["mark"] or " ") in ")]"
            if not depth:
                return taken
        raise self._wrong


def _tokens(word: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(word):
        token = TOKEN.match(word, at)
        if token is None:
            raise ValueError(f"not to be read from {word[at:]!r}")
        yield token
        at = token.end()


def _ways(written: str, pieces: Mapping[str, str]) -> Sequence[str]:
    """List the patterns of all that words may be: 不要 and 不 of 不[要]."""
    word = _Ways(list(_tokens(written)), pieces)
    return word.either()


class _Ways:
    def __init__(self, tokens: list[re.Match[str]], pieces: Mapping[str, str]) -> None:
        self._tokens, self._pieces = tokens, pieces

    def either(self) -> list[str]:
        found, parts = list[str](), [[""]]
        while self._tokens and self._tokens[0]["mark"] not in (")", "]"):
            token = self._tokens.pop(0)
            if token["mark"] == "|":
                found += map("".join, product(*parts))
                parts = [[""]]
            else:
                parts.append(self._one(token))
        return found + list(map("".join, product(*parts)))

    def _one(self, token: re.Match[str]) -> list[str]:
        if token["words"]:
            return [re.escape(token["words"])]
        if token["kind"] == "of" and token["told"]:
            return list(map(re.escape, token["told"]))
        if token["kind"] in SIGNS:
            return [KINDS[token["kind"]]]
        if token["piece"] in self._pieces:
            return list(_ways(self._pieces[token["piece"]], self._pieces))
        if token["mark"] in ("(", "["):
            found = self.either()
            if self._tokens:
                self._tokens.pop(0)
            return found + [""] * (token["mark"] == "[")
        raise ValueError(f"before a word stand words only, not {token[0]}")
