"""What the files of a call are named after it."""

from __future__ import annotations

_LONGEST = 80


def file_stem(conversation: str) -> str:
    """The conversation's id as a part of a file's name: letters, figures, ``-`` and ``_``."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in conversation)[:_LONGEST]
