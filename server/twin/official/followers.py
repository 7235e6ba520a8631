"""Who follows the account, and how many messages may still be sent to each.

Quotas of customer-service messages: developers.weixin.qq.com, 客服消息.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.twin.errcode import Errcode

SAID, SAID_LASTS = 5, timedelta(hours=48)
TOUCHED, TOUCHED_LASTS = 3, timedelta(minutes=1)


@dataclass
class Follower:
    """granted: subscription notices that he or she agreed to, by template.

    userid: who it is in the corp, where WeChat has the corp's plugin.
    """

    openid: str
    name: str
    follows: bool = True
    refuses: bool = False
    left: int = 0
    until: datetime | None = None
    touched_left: int = 0
    touched_until: datetime | None = None
    granted: Counter[str] = field(default_factory=Counter)
    userid: str = ""

    def speak(self, now: datetime) -> None:
        self.left, self.until = SAID, now + SAID_LASTS

    def touch(self, now: datetime) -> None:
        """Click, scan or follow."""
        self.touched_left, self.touched_until = TOUCHED, now + TOUCHED_LASTS

    def spend(self, now: datetime) -> None:
        """Take one customer-service message off. Raises Errcode."""
        if self.refuses:
            raise Errcode(48002)
        open_said = self.until is not None and now < self.until
        open_touched = self.touched_until is not None and now < self.touched_until
        if not self.follows or not (open_said or open_touched):
            raise Errcode(45015)
        if open_touched and self.touched_left:
            self.touched_left -= 1
        elif open_said and self.left:
            self.left -= 1
        else:
            raise Errcode(45047)
