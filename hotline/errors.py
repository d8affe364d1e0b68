"""What can stop the house from opening."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import ArgumentError


class HouseError(Exception):
    """The house cannot be opened; the message says what is wrong and how to mend it."""


@contextlib.contextmanager
def database_url_named() -> Iterator[None]:
    """A ``DATABASE_URL`` that no database can be had from becomes one line that names it.

    Raises:
        HouseError: never shows the URL, which may hold a password.
    """
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise HouseError(f"DATABASE_URL: {where}{error.strerror}") from None
    except (ValueError, ArgumentError) as error:
        looks = "a part of it cannot be read: sqlite:///FILE or postgresql://USER@HOST/NAME"
        named = "use sqlite" in str(error)
        raise HouseError(f"DATABASE_URL: {error if named else looks}") from None
