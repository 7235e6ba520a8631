"""Runs as a child: a docx with places and values as JSON → the docx filled in.

What is wrong with the places is printed in Chinese instead. The places are read in
Jinja's sandbox: whoever writes a template writes no program.
"""

import json
import sys
from base64 import b64decode
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from bot.files.sandbox import limit_self

# One gigabyte of memory, 20 seconds of computing.
MEMORY, SECONDS = 1024**3, 20


def fill(template: bytes, values: dict[str, Any]) -> bytes:
    paper = DocxTemplate(BytesIO(template))
    paper.render(values, SandboxedEnvironment(undefined=StrictUndefined))
    filled = BytesIO()
    paper.save(filled)
    return filled.getvalue()


def answer_for(packed: dict[str, Any]) -> bytes:
    try:
        return fill(b64decode(packed["template"]), packed["values"])
    except UndefinedError as error:
        return f"有认不出的位置（{error.message}）".encode()
    except TemplateSyntaxError as error:
        return f"位置的写法不对（{error.message}）".encode()
    except TemplateError as error:
        return f"位置填不进去（{error.message}）".encode()
    except Exception:  # noqa: BLE001  # whatever a damaged file provokes
        return b""


if __name__ == "__main__":
    limit_self(MEMORY, SECONDS)
    sys.stdout.buffer.write(answer_for(json.loads(sys.stdin.buffer.read())))
