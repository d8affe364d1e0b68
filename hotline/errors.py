"""What can stop the house from opening."""

from __future__ import annotations


class HouseError(Exception):
    """The house cannot be opened; the message says what is wrong and how to mend it."""
