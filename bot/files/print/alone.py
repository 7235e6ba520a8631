"""Runs as a child: the jobs of `child`, by a template that is not ours.

Typst fetches packages from the network; here it finds a proxy that is not there. No
file can be written.
"""

import os
import resource

from bot.files.print.child import answer_jobs
from bot.files.sandbox import limit_self

# Two gigabytes of addresses, 20 seconds of computing.
MEMORY, SECONDS = 2 * 1024**3, 20
NOWHERE = "http://127.0.0.1:9"  # the discard port


def main() -> None:
    limit_self(MEMORY, SECONDS)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"):
        # Typst reads these itself; they are no settings of ours.
        os.environ[name] = os.environ[name.lower()] = NOWHERE  # noqa: TID251
    os.environ.pop("NO_PROXY", None)  # noqa: TID251
    os.environ.pop("no_proxy", None)  # noqa: TID251
    answer_jobs()


if __name__ == "__main__":
    main()
