"""With which memory the next session opens. Pure.

The service gives a handle after every turn; a new session that presents the newest one remembers
the conversation up to there. A handle can go bad, and a conversation whose backend failed fails
again wherever it is resumed: so resuming is tried twice, then the memory is given up for a fresh
session that is told a summary.
"""

from __future__ import annotations

from google.genai import types

from conversation.gemini.close_codes import Verdict, is_network

FUTILE_RESUMPTIONS = 2


class Rotation:
    """The sessions of one conversation, one after another."""

    def __init__(self) -> None:
        self.handle: str | None = None
        self._resumed = False
        self._opened = False
        self._fruitless = 0

    def heard(self, update: types.LiveServerSessionResumptionUpdate) -> bool:
        """Take a resumption update; true when it brought a handle. While the model generates
        there is none, and the last good one stays the best there is."""
        if not (update.resumable and update.new_handle):
            return False
        self.handle = update.new_handle
        return True

    def begin(self, *, resume: bool) -> str | None:
        """A session is to be opened: with this handle, or None for a fresh one."""
        if not resume:
            self.handle = None
        self._resumed, self._opened = self.handle is not None, False
        return self.handle

    def opened(self) -> None:
        self._opened = True

    def proved(self) -> None:
        """The model has said or done something in this session: its memory is sound."""
        self._fruitless = 0

    def lost(self, code: int, verdict: Verdict) -> None:
        """The session ended by itself, or could not be opened."""
        if not verdict.resume:
            self.handle = None
        elif self._resumed and (self._opened or not is_network(code)):
            self._fruitless += 1
            if self._fruitless >= FUTILE_RESUMPTIONS:
                self.handle, self._fruitless = None, 0
