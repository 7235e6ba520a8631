"""How much of some words stands in a text: by their pairs of characters."""

PAIR = 2


def share(words: str, text: str) -> float:
    """Return which part of the words' pairs the text has, 0 to 1.

    A single character says little, but it is there or it is not.
    """
    if len(words) < PAIR:
        return float(words in text)
    pairs = {words[at : at + PAIR] for at in range(len(words) - PAIR + 1)}
    return sum(pair in text for pair in pairs) / len(pairs)
