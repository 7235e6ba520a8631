"""Runs as a child: values as JSON on standard input → a PDF on standard output.

Called with the name of a template, or with .png after it for a picture. The same values
give the same bytes: a paper tells no moment of its own, and its fonts are those that we
bring.
"""

import sys
from pathlib import Path

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from bot.files.sandbox import limit_self

TEMPLATES = Path(__file__).with_name("templates")
# Two gigabytes of addresses (the fonts are mapped), 30 seconds of computing.
MEMORY, SECONDS = 2 * 1024**3, 30
PPI = 110


def main(name: str) -> None:
    template, _, picture = name.partition(".")
    limit_self(MEMORY, SECONDS)
    fonts = {str(Path(path).parent) for path in (sans_path(), serif_path())}
    printed = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=sorted(fonts),
        ignore_system_fonts=True,
        sys_inputs={"values": sys.stdin.read()},
        format="png" if picture else "pdf",
        ppi=PPI,
        timestamp=0,
    )
    sys.stdout.buffer.write(printed)


if __name__ == "__main__":
    main(sys.argv[1])
