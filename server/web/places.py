"""Where in the address of the branch our pages begin: at its root, or further in."""

from urllib.parse import urlsplit


def prefix_of(public_url: str) -> str:
    """Return the path of our own address: "" or "/branch"."""
    return urlsplit(public_url).path.rstrip("/")


def strip_prefix(prefix: str, path: str) -> str:
    """Return the path as we know it, whether the proxy took the prefix off or not."""
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        return path[len(prefix) :] or "/"
    return path
