"""Files that appear whole or not at all, readable by their owner only."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write under another name, then rename: a reader never sees half a file.

    Raises:
        OSError: the disk or the folder does not allow it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def plain_name(name: str) -> str:
    """A file's name in letters, digits, dots and dashes, without a folder."""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", name.rpartition("/")[2]).strip("-.")
    return plain[-80:].lstrip("-.") or "document"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
