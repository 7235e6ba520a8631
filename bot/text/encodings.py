"""Bytes of a text file, in whichever of the usual encodings → the text."""

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOOKED_AT = 4096


def decode(content: bytes, sign: str) -> str:
    """UTF-8 and UTF-16 with or without their mark, or GB18030, which includes GBK.

    sign: what the text must hold, to know UTF-16 without a mark: pictures and programs
    decode too. Raises UnicodeError.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    if b"\0" in content[:LOOKED_AT]:
        return _decode_unmarked_utf16(content, sign)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _decode_unmarked_utf16(content: bytes, sign: str) -> str:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content.decode(encoding, "replace")
        if sign in "".join(text.split()):
            return text
    raise UnicodeError
