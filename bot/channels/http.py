"""HTTP as the channels speak it: no proxy, no redirect, no endless answer.

No secret stands in a log, and it is known what a failure means.

On both platforms the secret of a call is in the query of its address.
"""

import logging
import re
import ssl
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

TIMEOUTS = (3.05, 10.0)  # to connect; for the next byte
JSON = {"Content-Type": "application/json; charset=utf-8"}
WHOLE = 30.0  # seconds for everything, and as many more for each megabyte that is sent
MOST_BYTES, CHUNK = 4 * 1024 * 1024, 64 * 1024
MEGABYTE = 1024 * 1024
NEVER_SENT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)


@dataclass(frozen=True)
class Answered:
    """What was answered: a redirect too is only a status.

    disposition: what the header of that name says of a file.
    """

    status: int
    body: bytes
    disposition: str = ""


def exchange(
    http: requests.Session,
    method: str,
    url: str,
    *,
    most: int = MOST_BYTES,
    whole: float = WHOLE,
    **request: Any,
) -> Answered:
    """Ask and read the answer, of at most so many bytes, in at most so many seconds.

    It is asked on a thread of its own: nothing else ends looking up a host, or headers
    that come a byte a second. Raises requests.RequestException.
    """
    prepared = http.prepare_request(
        requests.Request(
            method,
            url,
            params=request.get("params"),
            data=request.get("data"),
            files=request.get("files"),
            headers=request.get("headers"),
        )
    )
    ends = monotonic() + whole * (1 + len(prepared.body or b"") / MEGABYTE)
    told: SimpleQueue[Answered | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            told.put(_read(http, prepared, request.get("timeout"), most, ends))
        except Exception as error:  # noqa: BLE001  # raised where it was asked for
            told.put(error)

    Thread(target=ask, name="exchange", daemon=True).start()
    try:
        answer = told.get(timeout=ends - monotonic() + 1)
    except Empty:
        raise requests.ReadTimeout("the whole answer takes too long") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _read(
    http: requests.Session,
    prepared: requests.PreparedRequest,
    timeout: Any,
    most: int,
    ends: float,
) -> Answered:
    with http.send(
        prepared, timeout=timeout, allow_redirects=False, stream=True
    ) as answer:
        body = bytearray()
        try:
            while part := answer.raw.read1(CHUNK, decode_content=True):
                body += part
                if len(body) > most:
                    raise requests.exceptions.ContentDecodingError("too large")
                if monotonic() > ends:
                    raise requests.ReadTimeout("the whole answer takes too long")
        except requests.exceptions.ContentDecodingError:  # ours, and one of urllib3's
            raise
        except HTTPError as error:
            late = "timed out" in str(error)
            kind = requests.ReadTimeout if late else requests.ConnectionError
            raise kind(type(error).__name__) from None
        told = answer.headers.get("Content-Disposition", "")
        return Answered(answer.status_code, bytes(body), told)


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
