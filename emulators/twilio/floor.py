"""Who speaks: the beginnings and ends of the caller's and of Myra's speech, for the journal."""

from __future__ import annotations

from emulators.twilio.hearing import Hearing
from emulators.twilio.journal import Journal, Kind
from emulators.twilio.mouth import Mouth


class Floor:
    """Looked at every 20 ms; notes what has changed since."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._caller = False
        self._myra = False

    def look(self, now: float, mouth: Mouth, ear: Hearing) -> None:
        """Note who has begun and who has ceased to speak."""
        if mouth.speaking != self._caller:
            self._caller = mouth.speaking
            self._journal.note(Kind.CALLER_SPEAKS if self._caller else Kind.CALLER_QUIET, now)
        if ear.speaking(now) != self._myra:
            self._myra = not self._myra
            stretch = ear.stretches[-1]
            if self._myra:
                self._journal.note(Kind.MYRA_SPEAKS, stretch.start)
            else:
                self._journal.note(Kind.MYRA_QUIET, stretch.end)
