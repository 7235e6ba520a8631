"""Doubt: an expression that cannot be placed for certain."""


class Doubt(Exception):
    """The text is what the member reads: what is missing, or which is meant."""
