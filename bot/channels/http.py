"""HTTP as the channels speak it: no proxy, no secret in a log, what a failure means.

On both platforms the secret of a call is in the query of its address.
"""

import logging
import re
import ssl

import requests
from urllib3.exceptions import NewConnectionError

TIMEOUTS = (3.05, 10.0)  # to connect; for the next byte
NEVER_SENT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


def open_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc
    hide_queries()
    return session


def hide_queries() -> None:
    """Have urllib3 log no query of an address: it warns of each retry with it."""
    logging.getLogger("urllib3.connectionpool").addFilter(_hide_query)


def was_never_sent(error: requests.RequestException) -> bool:
    """Tell whether the platform surely heard nothing of the request."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return (
        isinstance(error, NEVER_SENT)
        or isinstance(reason, NewConnectionError)
        or _distrusts(reason)
    )


def _distrusts(reason: object) -> bool:
    """Tell whether the host could not prove who it is, so that it was told nothing."""
    causes = getattr(reason, "args", ())
    return any(isinstance(each, ssl.SSLCertVerificationError) for each in causes)


def _hide_query(record: logging.LogRecord) -> bool:
    record.msg = re.sub(r"\?[^\s'\"]*", "?…", record.getMessage())
    record.args = ()
    return True
