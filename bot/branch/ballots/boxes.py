"""The box that votes lie in: one sealed sum, whose key is not in the database.

A vote adds to the sum and leaves no row of its own: there is no order, no time and no
key that it could share with the seat of who gave it. What the sum was before cannot be
read out of old pages, journals or backups either: each time it is sealed anew, and is
equally long.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken

from bot.config.settings import Config
from bot.errors import Refusal

LENGTH = 4096
"""Characters of a sum before it is sealed, whatever it says."""
NO_KEY = "要先请管理员给助手配好密钥（设置文件里的 [security] key），才能开无记名投票。"
LOST = "密钥换过了，投票箱打不开，这次投票只能作废重来。"


def key_of(config: Config) -> bytes:
    """Make the key of the boxes out of what only the settings hold. Raises Refusal."""
    if config.security.key is not None:
        secret = config.security.key.get_secret_value()
    elif config.wecom is not None:
        secret = config.wecom.secret.get_secret_value()
    else:
        raise Refusal(NO_KEY)
    digest = sha256(b"xiangyang ballot box " + secret.encode()).digest()
    return urlsafe_b64encode(digest)


def seal(sums: Mapping[str, int], key: bytes) -> str:
    text = json.dumps(dict(sums), ensure_ascii=True).ljust(LENGTH)
    return Fernet(key).encrypt_at_time(text.encode(), 0).decode()


def unseal(sealed: str, key: bytes) -> dict[str, int]:
    """Read the sum. Raises Refusal where the key is another now."""
    try:
        text = Fernet(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Refusal(LOST) from None
    return {str(name): int(number) for name, number in json.loads(text).items()}
