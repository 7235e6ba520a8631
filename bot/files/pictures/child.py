"""Runs as a child: a picture on standard input → its size, and a small JPEG of it.

Only the pixels go on: no camera, no place, no name, no thumbnail of what was cut off.
"""

import json
import sys
from io import BytesIO

from PIL import Image, ImageOps

from bot.files.sandbox import limit_self

# One and a half gigabytes of memory, 20 seconds of computing.
MEMORY, SECONDS = 3 * 1024**3 // 2, 20
MOST_PIXELS = 120_000_000
SIDE, QUALITY = 1600, 82


def shrink(content: bytes) -> bytes:
    """Return a line with width and height, and the JPEG. Raises what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = None  # ours is below
    picture: Image.Image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    picture.draft("RGB", (SIDE, SIDE))
    turned = picture.getexif().get(0x0112, 1) > 4  # on its side
    size = _size_of(content)
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((SIDE, SIDE))
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture if picture.mode in ("RGBA", "LA") else None)
    small = BytesIO()
    flat.save(small, "JPEG", quality=QUALITY)
    head = json.dumps(size[::-1] if turned else size)
    return head.encode() + b"\n" + small.getvalue()


def _size_of(content: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(content)) as whole:
        return whole.size


if __name__ == "__main__":
    limit_self(MEMORY, SECONDS)
    sys.stdout.buffer.write(shrink(sys.stdin.buffer.read()))
