"""Addresses of web pages in what people write."""

import re
from collections.abc import Iterator

# Only what an address may hold (RFC 3986): Chinese words after it do not belong to it.
ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)


def locate(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each address of a text starts, and the address."""
    for found in ADDRESS.finditer(text):
        yield found.start(), _without_punctuation(found.group())


def list_addresses(text: str) -> tuple[str, ...]:
    """List the addresses of a text in their order, each once."""
    return tuple(dict.fromkeys(address for _, address in locate(text)))


def _without_punctuation(address: str) -> str:
    """Leave what ends the sentence, or the brackets around it, outside."""
    while address[-1] in ".,;:!?'" or (
        address[-1] == ")" and address.count(")") > address.count("(")
    ):
        address = address[:-1]
    return address
