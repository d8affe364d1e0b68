"""Both sides of a call as they were heard, on the conversation's own clock.

The axis is the time at the caller's end of the line. The caller's sound lies one way before it
arrived. Myra's lies where the line played it: a mark that comes back says when the sound before
it had ended, less the way back; a clear cuts what it finds playing one way later. Pure:
decisions in, sounds with their times out, to be written by others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from conversation.actions import Action, ClearLine, HangUp, Play, PlayPrompt, StartTimer
from conversation.events import CallerAudio, Event, LineClosed, PlaybackMark, TimerFired
from media.audio import Audio
from media.wav import Side

# Smaller lateness is the network's jitter, and the sound is one.
_SNAP = 0.04
# A run of Myra's sound is laid down by the earliest of so many marks (1.4 s): lateness only adds.
_MARKS_WEIGHED = 12
# A caller's side that is later than this, because the network or this process was late at some
# moment, leaves out frames without speech until it is not: one is 20 ms.
_LATE = 0.021
_SPEECHLESS = 0.2
# A caller's side from which nothing comes for so long is silent; so much is weighed before a
# smaller lateness of all its frames is believed.
_PAUSE, _WEIGHED = 0.4, 2.0
# A way there and back beyond this is a stall.
_LONGEST_ROUND_TRIP = 0.6
_ROUND_TRIPS = 5
# What may still be laid down before the newest decision.
_UNSETTLED = 0.8


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound of one side from ``at`` (seconds since the conversation began) on. ``joins``: right
    after the sound of the same side that was told before it."""

    side: Side
    at: float
    audio: Audio
    joins: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    mark: str
    audio: Audio
    sent_at: float

    @property
    def seconds(self) -> float:
        return self.audio.ms / 1000


class MyraAsHeard:
    """Myra's side. What was handed to the line waits until it is known when it was heard."""

    def __init__(self) -> None:
        self._ends = 0.0
        self._running = False
        self._lag = 0.0
        self._waiting: deque[_Piece] = deque()
        self._played: list[_Piece] = []
        self._start: float | None = None
        self._weighed = 0
        self._trips: list[float] = []

    @property
    def one_way(self) -> float:
        """Seconds from here to the caller's ear, or back."""
        return median(self._trips) / 2 if self._trips else 0.0

    def measured(self, round_trip: float) -> None:
        """A mark went there and back on an idle line."""
        if round_trip <= _LONGEST_ROUND_TRIP:
            self._trips = [*self._trips[1 - _ROUND_TRIPS :], round_trip]

    def sent(self, mark: str, audio: Audio, now: float) -> None:
        self._waiting.append(_Piece(mark, audio, now))

    def returned(self, mark: str, now: float) -> Iterator[Sound]:
        """A mark is back: everything before it has been heard. Unknown ones say nothing."""
        if not any(piece.mark == mark for piece in self._waiting):
            return
        ended = now - self.one_way
        while True:
            piece = self._waiting.popleft()
            self._played.append(piece)
            if piece.mark == mark:
                break
        begun = ended - sum(one.seconds for one in self._played)
        self._start = begun if self._start is None else min(self._start, begun)
        self._weighed += 1
        joins = self._running and self._start - self._ends <= _SNAP
        if joins or self._weighed >= _MARKS_WEIGHED or not self._waiting:
            self._running = joins
            yield from self._lay()
            self._running = bool(self._waiting)

    def stopped(self, now: float) -> Iterator[Sound]:
        """The line was cleared or let go: what it plays ends one way from now."""
        until = now + self.one_way
        yield from self._lay()
        for at, piece in self._expected():
            part = piece.audio.slice_ms(0, max(0.0, 1000 * (until - at)))
            if part.pcm:
                yield self._laid(at, part)
        self._waiting.clear()
        self._running = False

    def given_up(self) -> Iterator[Sound]:
        """The marks that are out will not come back: all is taken as heard."""
        yield from self._lay()
        for at, piece in self._expected():
            if piece.audio.pcm:
                yield self._laid(at, piece.audio)
        self._waiting.clear()
        self._running = False

    def settled(self, now: float) -> float:
        """Before this nothing more will be laid down."""
        unheard = self._played[:1] or list(self._waiting)[:1]
        return max(self._ends, unheard[0].sent_at) if unheard else now

    def _lay(self) -> Iterator[Sound]:
        """Lay down what has been played, from where its run began."""
        pieces, self._played = self._played, []
        start, self._start, self._weighed = self._start, None, 0
        if not pieces or start is None:
            return
        sent = pieces[0].sent_at
        at = self._ends if self._running else max(start, self._ends, sent)
        if not self._running:
            self._lag = max(0.0, at - sent - self.one_way) if sent >= self._ends else self._lag
        for piece in pieces:
            arrived = piece.sent_at + self.one_way
            if arrived - at > _SNAP:  # the line had run empty: nothing plays before it is there
                at = arrived
            if piece.audio.pcm:
                sound = self._laid(at, piece.audio)
                at = self._ends
                yield sound

    def _expected(self) -> Iterator[tuple[float, _Piece]]:
        """When what waits is played, as far as one can tell."""
        for piece in list(self._waiting):
            arrives = piece.sent_at + self.one_way
            late = arrives > self._ends
            yield (arrives + self._lag if late else self._ends), piece

    def _laid(self, at: float, audio: Audio) -> Sound:
        joins = abs(at - self._ends) < 1e-6 and self._ends > 0
        self._ends = at + audio.ms / 1000
        return Sound(Side.MYRA, at, audio, joins)


class CallerAsHeard:
    """The caller's side. Its frames are one unbroken stream, whatever the network and this
    process do to their arrival: none is ever early, and the earliest tell where all belong."""

    def __init__(self) -> None:
        self._ends: float | None = None
        self._weighed = 0.0
        self._least = _PAUSE
        self._missing = 0.0

    def said(self, audio: Audio, speech: float, ended: float) -> Sound | None:
        """Where a frame lies whose last sample was said at ``ended`` or a little before; None for
        one without speech (by its probability) that is left out to make up for lateness."""
        seconds = audio.ms / 1000
        at = max(0.0, ended - seconds)
        if self._ends is None or at - self._ends > _PAUSE:
            return self._laid(at, audio, joins=False)
        lead, speechless = at - self._ends, speech < _SPEECHLESS
        if -lead > _LATE and speechless:
            return None
        self._weigh(lead, seconds)
        if self._missing > 0 and speechless:
            return self._laid(self._ends + self._missing, audio, joins=False)
        return self._laid(self._ends, audio, joins=True)

    def _weigh(self, lead: float, seconds: float) -> None:
        """Frames that have all been late for a while are so because something before them is
        missing, or because the caller's clock is slow."""
        self._least = min(self._least, lead)
        self._weighed += seconds
        if self._weighed >= _WEIGHED:
            self._missing = self._least if self._least > _SNAP else 0.0
            self._least, self._weighed = _PAUSE, 0.0

    def _laid(self, at: float, audio: Audio, *, joins: bool) -> Sound:
        if not joins:
            self._least, self._weighed, self._missing = _PAUSE, 0.0, 0.0
        self._ends = at + audio.ms / 1000
        return Sound(Side.CALLER, at, audio, joins)


class AsHeard:
    """A whole conversation. ``prompts`` are the recorded prompts by name."""

    def __init__(self, prompts: Mapping[str, Audio]) -> None:
        self._prompts = prompts
        self._myra = MyraAsHeard()
        self._caller = CallerAsHeard()
        self._probe = ("", 0.0)
        self._given_up = False
        self._orders: Mapping[type, Callable[[Any, float], Iterable[Sound]]] = {
            Play: self._play,
            PlayPrompt: self._prompt,
            ClearLine: self._stop,
            HangUp: self._stop,
            StartTimer: self._armed,
        }

    def decided(self, now: float, event: Event, actions: Sequence[Action]) -> list[Sound]:
        """What is certain by this decision to have been heard, each side in its order."""
        sounds: list[Sound] = []
        if isinstance(event, CallerAudio):
            ended = now - self._myra.one_way
            frame = self._caller.said(event.audio, event.speech, ended)
            if frame is not None:
                sounds.append(frame)
        elif isinstance(event, PlaybackMark):
            sounds += self._returned(event.name, now)
        elif isinstance(event, TimerFired):
            self._given_up = event.name == "marks"
        for action in actions:
            if order := self._orders.get(type(action)):
                sounds += order(action, now)
        if self._given_up:
            self._given_up = False
            sounds += self._myra.given_up()
        if isinstance(event, LineClosed):
            sounds += self._myra.stopped(now)
        return sounds

    def settled(self, now: float) -> float:
        """Before this moment nothing more will be told."""
        return max(0.0, min(self._myra.settled(now), now - _UNSETTLED))

    def _returned(self, mark: str, now: float) -> Iterable[Sound]:
        name, sent = self._probe
        if mark == name:
            self._probe = ("", 0.0)
            self._myra.measured(now - sent)
            return ()
        return self._myra.returned(mark, now)

    def _play(self, order: Play, now: float) -> Iterable[Sound]:
        if order.mark.startswith("probe"):
            self._probe = (order.mark, now)
        else:
            self._myra.sent(order.mark, order.audio, now)
        return ()

    def _prompt(self, order: PlayPrompt, now: float) -> Iterable[Sound]:
        self._myra.sent(order.mark, self._prompts[order.prompt], now)
        return ()

    def _stop(self, order: ClearLine | HangUp, now: float) -> Iterable[Sound]:
        return self._myra.stopped(now)

    def _armed(self, order: StartTimer, now: float) -> Iterable[Sound]:
        """Marks that are waited for again have not been given up."""
        if order.name == "marks":
            self._given_up = False
        return ()
