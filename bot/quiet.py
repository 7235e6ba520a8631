"""When the assistant keeps quiet: no push of its own at night."""

from datetime import datetime, timedelta

from bot.config import Quiet


def is_quiet(quiet: Quiet, moment: datetime) -> bool:
    """Tell whether a local moment lies in the quiet hours, which may span midnight."""
    at = moment.time()
    if quiet.starts <= quiet.ends:
        return quiet.starts <= at < quiet.ends
    return at >= quiet.starts or at < quiet.ends


def next_loud(quiet: Quiet, moment: datetime) -> datetime:
    """Return the moment itself, or when the quiet hours around it end."""
    if not is_quiet(quiet, moment):
        return moment
    end = moment.replace(
        hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0
    )
    return end if end > moment else end + timedelta(days=1)
