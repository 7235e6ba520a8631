"""A file as an answer: its name in any script, nothing of it run by the browser."""

from urllib.parse import quote

from flask import Response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
NOT_IN_A_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|\r\n', " "))


def send_as(content: bytes, name: str, kind: str) -> Response:
    """Have the browser keep it under a name."""
    plain = " ".join(name.translate(NOT_IN_A_NAME).split())
    response = Response(content, content_type=kind)
    told = f"attachment; filename*=UTF-8''{quote(plain, safe='')}"
    response.headers["Content-Disposition"] = told
    return response


def show_picture(content: bytes, kind: str) -> Response:
    """Have the browser show a picture, and do nothing with it."""
    response = Response(content, content_type=kind)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
