"""The box that votes lie in: one sealed sum, whose key is not in the database.

A vote adds to the sum and leaves no row of its own: there is no order, no time and no
key that it could share with the seat of who gave it. What the sum was before cannot be
read out of old pages, journals or backups either: each time it is sealed anew, and is
equally long.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.config.settings import Config
from bot.errors import Refusal

LENGTH = 4096
"""Characters of a sum before it is sealed, whatever it says; more for many choices."""
DIGITS = 12  # characters that a number and its signs take at the most
NO_KEY = "要先请管理员给助手配好密钥（设置文件里的 [security] key），才能开无记名投票。"
LOST = (
    "投票箱是用另一把密钥封的，现在打不开；投过的票都还封在里面，一张也没有丢。"
    "请管理员把开投票时的密钥放回设置文件（[security] 的 key 或 old_keys）。"
)
Keys: TypeAlias = Sequence[bytes]
"""The first seals; each may open."""


class BoxLocked(Refusal):
    """No key that the settings hold opens the box; whatever lies in it stays."""


def keys_of(config: Config) -> Keys:
    """Make the keys of the boxes out of what only the settings hold.

    Those of earlier settings open what was sealed then. Raises BoxLocked for none.
    """
    security = config.security
    apps = [each.secret for each in (config.wecom, config.official) if each]
    held = [security.key, *security.old_keys, *apps]
    secrets = [each.get_secret_value() for each in held if each is not None]
    if config.aibot:
        secrets.append(config.aibot.kept_secret)
    if not secrets:
        raise BoxLocked(NO_KEY)
    marked = (f"xiangyang ballot box {each}".encode() for each in secrets)
    return [urlsafe_b64encode(sha256(each).digest()) for each in marked]


def seal(sums: Mapping[str, int], keys: Keys) -> str:
    room = max(LENGTH, sum(len(json.dumps(each)) + DIGITS for each in sums))
    text = json.dumps(dict(sums), ensure_ascii=True).ljust(room)
    return Fernet(keys[0]).encrypt_at_time(text.encode(), 0).decode()


def unseal(sealed: str, keys: Keys) -> dict[str, int]:
    """Read the sum. Raises BoxLocked where it was sealed with another key."""
    try:
        text = MultiFernet([Fernet(key) for key in keys]).decrypt(sealed.encode())
    except InvalidToken:
        raise BoxLocked(LOST) from None
    return {str(name): int(number) for name, number in json.loads(text).items()}
