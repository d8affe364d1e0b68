"""Who has the floor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from conversation.moments import (
    By,
    CallerActed,
    CallerTurnEnded,
    Confirmed,
    FalseAlarm,
    FloorFree,
    LineQuiet,
    MyraSpeaks,
    Out,
    Overlapped,
    Reaction,
    SpeechBegan,
    Suspected,
)


class Holder(StrEnum):
    NOBODY = "nobody"
    MYRA = "myra"
    CONTESTED = "contested"
    CALLER = "caller"


class Floor:
    """The one place that says whose turn it is; the others read it. ``by_voice``: the caller
    holds it by speaking, not by keys or text.

    It comes first among the concerns, so that they find it as the moment left it.
    """

    def __init__(self) -> None:
        self.holder = Holder.NOBODY
        self.by_voice = False

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            SpeechBegan: self._speech_began,
            Suspected: self._contested,
            Overlapped: self._contested,
            Confirmed: self._confirmed,
            FalseAlarm: self._false_alarm,
            MyraSpeaks: self._myra_speaks,
            LineQuiet: self._line_quiet,
            CallerTurnEnded: self._caller_done,
            CallerActed: self._caller_acted,
        }

    def _speech_began(self, moment: SpeechBegan, now: float) -> Iterable[Out]:
        if self.holder is Holder.NOBODY:
            self.holder = Holder.CALLER
        self.by_voice = True
        return ()

    def _contested(self, moment: Suspected | Overlapped, now: float) -> Iterable[Out]:
        self.holder = Holder.CONTESTED
        return ()

    def _confirmed(self, moment: Confirmed, now: float) -> Iterable[Out]:
        self.holder = Holder.CALLER
        self.by_voice = moment.by not in {By.KEYS, By.TEXT}
        return ()

    def _false_alarm(self, moment: FalseAlarm, now: float) -> Iterable[Out]:
        self.holder = Holder.NOBODY
        return ()

    def _myra_speaks(self, moment: MyraSpeaks, now: float) -> Iterable[Out]:
        if self.holder is not Holder.CONTESTED:
            self.holder = Holder.MYRA
        return ()

    def _line_quiet(self, moment: LineQuiet, now: float) -> Iterable[Out]:
        if self.holder in {Holder.MYRA, Holder.NOBODY}:
            self.holder = Holder.NOBODY
            yield FloorFree()

    def _caller_done(self, moment: CallerTurnEnded, now: float) -> Iterable[Out]:
        if self.holder is Holder.CALLER:
            self.holder = Holder.NOBODY
            yield FloorFree()

    def _caller_acted(self, moment: CallerActed, now: float) -> Iterable[Out]:
        if self.holder is Holder.CALLER and not self.by_voice:
            self.holder = Holder.NOBODY
            yield FloorFree()
