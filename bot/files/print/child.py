"""Runs as a child: jobs on standard input → what Typst printed, on standard output.

A job is a line of JSON (see `press.Job`); the answer is a line of JSON with the length
of what follows, or why there is nothing. It goes on until its input ends. The same
values give the same bytes: a paper tells no moment of its own, and its fonts are those
that we bring, or that the job names.
"""

import json
import resource
import sys
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from bot.files.sandbox import limit_self

# Two gigabytes of addresses (the fonts are mapped), 30 seconds of computing a job.
MEMORY, SECONDS = 2 * 1024**3, 30


@cache
def _open_fonts(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted({*map(_folder, (serif_path(), sans_path())), *folders}),
    )


def _folder(path: str | Path) -> str:
    return str(Path(path).parent)


def compile_job(job: dict[str, Any]) -> bytes:
    """Compile one job; of a picture only its first page. Raises typst.TypstError."""
    source = job["source"]
    main = source.encode() if source is not None else f"{job['root']}/{job['main']}"
    compiler = typst.Compiler(
        main, root=job["root"], font_paths=_open_fonts(tuple(job["fonts"]))
    )
    printed = compiler.compile(
        main,
        format=job["form"],
        ppi=job["ppi"],
        sys_inputs={"values": job["values"]},
        timestamp=0,
    )
    pages = printed if isinstance(printed, list) else [printed]
    return pages[0] or b""


def _allow_more_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = spent + SECONDS
    limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


def main() -> None:
    limit_self(MEMORY, resource.RLIM_INFINITY)
    answer_jobs()


def answer_jobs() -> None:
    for line in sys.stdin.buffer:
        _allow_more_time()
        try:
            printed, why = compile_job(json.loads(line)), ""
        except typst.TypstError as error:
            printed, why = b"", error.message
        head = json.dumps({"length": len(printed), "why": why})
        sys.stdout.buffer.write(head.encode() + b"\n" + printed)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
