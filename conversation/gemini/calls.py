"""Which tool calls the open session knows of, and what becomes of an answer. Pure."""

from __future__ import annotations

from collections import deque
from enum import Enum, auto

from conversation.gemini.outbox import ToolAnswer
from tools.contract import When

ANSWERS_KEPT = 16


class Due(Enum):
    """What is to be done with an answer."""

    SEND = auto()
    """The session waits for it."""
    TELL = auto()
    """The session has forgotten the call, and the caller is to hear of it: say it in words."""
    DROP = auto()
    """Nobody asked, or nobody needs it any more."""


class Calls:
    """A resumed session stands where its handle was given: it knows the calls that were pending
    then, and nothing of answers sent since. A fresh session knows no call at all."""

    def __init__(self) -> None:
        self._pending: dict[str, str] = {}
        self._at_handle: dict[str, str] = {}
        self._forgotten: dict[str, str] = {}
        self._answered: deque[ToolAnswer] = deque(maxlen=ANSWERS_KEPT)

    def requested(self, call_id: str, name: str) -> None:
        """The model made a call. One of the same name that it forgot, it has made anew."""
        self._pending[call_id] = name
        self._forgotten = {one: of for one, of in self._forgotten.items() if of != name}

    def due(self, answer: ToolAnswer) -> Due:
        """What is to be done with an answer whose turn has come."""
        if answer.call_id in self._pending:
            return Due.SEND
        told = answer.call_id in self._forgotten and answer.when is not When.SILENT
        return Due.TELL if told else Due.DROP

    def given(self, answer: ToolAnswer) -> None:
        """It has been done: every call is answered once."""
        if (
            self._pending.pop(answer.call_id, None) is not None
            and answer.call_id in self._at_handle
        ):
            self._answered.append(answer)
        self._forgotten.pop(answer.call_id, None)

    def handle_given(self) -> None:
        """From here a session can be resumed."""
        self._at_handle = dict(self._pending)
        self._answered.clear()

    def resumed(self) -> tuple[ToolAnswer, ...]:
        """A session was resumed; these answers were given to it after its handle, and again
        have to be."""
        lost = {i: name for i, name in self._pending.items() if i not in self._at_handle}
        missed = tuple(self._answered)
        self._forgotten |= lost
        self._pending = dict(self._at_handle)
        self._answered.clear()
        return missed

    def started_afresh(self) -> None:
        """A session without memory: it waits for no answer."""
        self._forgotten |= self._pending
        self._pending, self._at_handle = {}, {}
        self._answered.clear()
