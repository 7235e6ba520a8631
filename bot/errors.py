"""What can go wrong, and who is told.

BotError
├── ConfigError     config.toml is wrong; the program does not start
├── StorageError    the database cannot be used; the program stops, nothing is written
│   ├── KeyMissing  what is sealed needs a key that is not in the settings
│   ├── DiskFull    there is no room; members are told so
│   └── DatabaseLost  its file was taken away or exchanged; `serve` stops
├── Refusal         a rule says no; the member reads the text
│   ├── Denied      what is asked is another's to do
│   └── Never       what is asked cannot be, whatever else is said with it
├── BadCallback     the request is not the platform's; answered 403
│   └── TooLarge    the request is larger than any callback; answered 413
├── DeliveryError   a channel did not take a letter; tried again unless permanent
├── Stopped         who began long work had it stopped; nothing of it was done
└── RephraseError   nothing to put in the place of a passage; it is shown itself

Anything else is a bug: it is logged, and the member is given its number.
"""

from datetime import timedelta


class BotError(Exception):
    """The root of every error that this program raises on purpose."""


class ConfigError(BotError):
    """The settings cannot be used; the message lists every fault."""


class StorageError(BotError):
    """The database cannot be used; the message is one sentence for the operator."""


class KeyMissing(StorageError):
    """What is sealed needs a key that this process does not have."""


class DiskFull(StorageError):
    """There is no room where the database lies."""


class DatabaseLost(StorageError):
    """The file that we work on is not the one that lies in its place."""


class Refusal(BotError):
    """A rule of the branch says no; the text is what the member reads."""


class Denied(Refusal):
    """What is asked is another's to do; told outside as "denied"."""


class Never(Refusal):
    """What is asked cannot be: nothing that is said with it is done without it."""


class BadCallback(BotError):
    """A callback that the platform cannot have sent.

    setting: which of ours is not the platform's, if it was the platform.
    """

    def __init__(self, reason: str = "", *, setting: str = "") -> None:
        super().__init__(reason)
        self.setting = setting


class TooLarge(BadCallback):
    """A callback with more bytes than the platform ever sends."""


class DeliveryError(BotError):
    """A channel did not take a letter.

    permanent: the same bytes will never be taken; do not try again.
    uncertain: the connection broke, so that perhaps it was taken after all.
    wait: how long the platform asks us to stay away, if it says so.
    everywhere: no letter of the channel would be taken now, whatever it says.
    code: the platform's number for the error, if it has one.
    detail: what the platform said, word for word: for the operator.
    receipt: what the channel needs to know to go on where it stopped.
    """

    code: int | None = None
    detail: str = ""
    everywhere: bool = False
    receipt: str = ""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.uncertain = uncertain
        self.wait = wait


class Stopped(BotError):
    """Whoever began long work had it stopped; the message says what that means."""


class RephraseError(BotError):
    """The endpoint did not put a passage in other words; the reason is for the log.

    status: the HTTP status that it answered with, where that is the reason. late: it
    took too long. connected: somebody answered there.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int = 0,
        late: bool = False,
        connected: bool = True,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.late = late
        self.connected = connected
