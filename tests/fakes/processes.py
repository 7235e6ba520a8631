"""Several real processes that start on the same word."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack


def run_together(module: str, arguments: Sequence[Sequence[str]]) -> list[str]:
    """Run `python -m module` once with each arguments; return what each said last.

    Each says one line when it is ready and goes on when it is sent one.
    """
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", module, *each],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    encoding="utf-8",
                )
            )
            for each in arguments
        ]
        for process in running:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=30)[0] for process in running]
        assert [process.returncode for process in running] == [0] * len(running)
    return said
