"""Small real files for the phones that send one: a picture, a sticker, sound, film."""

import struct
import zlib

GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x99\x33\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
AMR = b"#!AMR\n" + b"\x3c" + bytes(31)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


def draw_png(width: int = 240, height: int = 160) -> bytes:
    """Draw a morning sky."""
    rows = b"".join(b"\x00" + _row(y, width, height) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def _row(y: int, width: int, height: int) -> bytes:
    share, middle, radius = y / height, width // 2, height // 5
    sky = bytes((int(255 - 30 * share), int(140 + 90 * share), int(90 + 90 * share)))
    far = abs(y - int(height * 0.62))
    half = int((radius**2 - far**2) ** 0.5) if far < radius else 0
    side = sky * (middle - half)
    return side + b"\xff\xf3\xd0" * (2 * half) + side


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)


PNG = draw_png()
