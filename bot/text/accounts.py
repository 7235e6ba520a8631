"""What may be one person's account in WeCom.

A letter or digit, then at most 63 letters, digits and - _ . @ (path/90195). Whatever
else stands for more than one: "@all" is the company, "|" parts two accounts.
"""

import re

ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
ENCRYPTED = re.compile(r"w[om][A-Za-z0-9_-]{20,}")
"""What the platform writes in the place of an account that it does not tell."""
RULE = "1–64 位，字母或数字开头，只有字母、数字和 - _ . @"


def is_account(text: str) -> bool:
    return ACCOUNT.fullmatch(text) is not None


def is_encrypted(userid: str) -> bool:
    """Tell an account that says of nobody who it is: case matters in it."""
    return ENCRYPTED.fullmatch(userid) is not None
