"""An hour in which nobody speaks but Myra, and the line makes every noise it can.

In sample time: the clock is that of the sound, so the hour takes half a minute. Everything that
decides is the real thing (speech detector, levels, core); the line is arithmetic: 60 ms each way,
marks when their sound has played, clear, and Myra's own voice coming back 20 dB softer.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from benchmarks.noises import (
    RATE,
    Wave,
    amplitude,
    at_level,
    band,
    breath,
    coughs,
    hold_music,
    keys,
    line_noise,
)
from benchmarks.voices import myras_paragraphs
from conversation.actions import Action, ClearLine, Play, StartTimer, StopTimer
from conversation.core import Core, Setting
from conversation.events import (
    ConversationBegan,
    Event,
    GenerationFinished,
    LineAudio,
    ModelAudio,
    ModelReady,
    PlaybackMark,
    TimerFired,
    TurnFinished,
)
from conversation.hearing import Hearing
from conversation.line import LineInfo
from conversation.moments import Confirmed, Suspected
from media.audio import Audio
from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.levels import audio_of, samples_of
from media.resample import convert_whole
from media.speech import SileroModel

ECHO_DB = -20.0
ONE_WAY_SECONDS = 0.06
# The telephone's own loudspeaker, and a hybrid far away in the network.
ECHO_SECONDS = (0.03, 0.2)
FLOOR_DB = -62.0
FRAME_SECONDS = 0.02
FRAME = 160
CHUNK_MS = 80.0
BETWEEN_SECONDS = 0.8
STRETCH_SECONDS = 300.0


def nothing(seconds: float, seed: int) -> Wave:
    return np.zeros(round(seconds * RATE))


KINDS: dict[str, Callable[[float, int], Wave]] = {
    "echo alone": nothing,
    "line noise and gusts": line_noise,
    "keys": keys,
    "coughs": coughs,
    "breath": breath,
    "hold music": hold_music,
}


@dataclass(slots=True)
class Stretch:
    """Five minutes of one kind. Times are seconds of the stretch."""

    kind: str
    seconds: float
    myra_seconds: float = 0.0
    suspected: list[float] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)


def hour(stretch_seconds: float = STRETCH_SECONDS, *, together: bool = False) -> list[Stretch]:
    """Every kind twice; the echo alone, or under every noise as well."""
    model = SileroModel()
    found = []
    for seed, lag in enumerate(ECHO_SECONDS):
        for kind, make in KINDS.items():
            noise = make(stretch_seconds, 100 + seed)
            echo = ECHO_DB if together or make is nothing else None
            found.append(SampleTimeCall(model, lag, echo).hold(kind, noise))
    return found


class SampleTimeCall:
    """A call whose clock is the caller's sound."""

    def __init__(self, model: SileroModel, echo_seconds: float, echo_db: float | None) -> None:
        self._core = Core(Setting(LineInfo("quiet", "simulator", input_rate=RATE)))
        self._hearing = Hearing(model.detector(RATE))
        self._echo_lag = round((echo_seconds + 2 * ONE_WAY_SECONDS) * RATE)
        self._echo_gain = 0.0 if echo_db is None else amplitude(echo_db)
        self._timers: dict[str, float] = {}
        self._marks: list[tuple[float, int, str]] = []
        self._order = count()
        self._free_at = 0.0
        self._heard = np.zeros(0)
        self._model = _reading()
        self._reply: tuple[int, Wave] = (0, np.zeros(0))
        self._resting_until = 0.5
        self._chunks: list[Audio] = []
        self._found = Stretch("", 0.0)

    def hold(self, kind: str, noise: Wave) -> Stretch:
        """The whole call; what happened in it."""
        self._found = Stretch(kind, len(noise) / RATE)
        self._heard = np.zeros(len(noise) + 60 * RATE)
        floor = at_level(band(np.random.default_rng(7), len(noise), 60, 3800), FLOOR_DB)
        for moment, kept in ((Suspected, self._found.suspected), (Confirmed, self._found.killed)):
            self._core._reactions.setdefault(moment, []).append(_keep(kept))
        self._tell(ConversationBegan(), 0.0)
        self._tell(ModelReady(resumed=False), 0.0)
        for frame in range(len(noise) // FRAME):
            now = (frame + 1) * FRAME_SECONDS
            self._due(now)
            self._read_on(now)
            first = frame * FRAME
            sound = noise[first : first + FRAME] + floor[first : first + FRAME] + self._echo(first)
            audio = audio_of(32768 * sound, RATE)
            line = Audio(ulaw_to_pcm(pcm_to_ulaw(audio.pcm)), RATE)
            self._tell(self._hearing.caller(LineAudio(line)), now)
        self._found.myra_seconds = float(np.count_nonzero(self._heard[: len(noise)])) / RATE
        return self._found

    def _echo(self, first: int) -> Wave:
        start = first - self._echo_lag
        if start < 0:
            return np.zeros(FRAME)
        return self._echo_gain * self._heard[start : start + FRAME]

    def _due(self, now: float) -> None:
        """Timers and marks up to now, in order."""
        while True:
            timer = min(((at, name) for name, at in self._timers.items()), default=None)
            mark = self._marks[0][0] if self._marks else None
            if timer is not None and timer[0] <= now and (mark is None or timer[0] <= mark):
                del self._timers[timer[1]]
                self._tell(TimerFired(timer[1]), timer[0])
            elif mark is not None and mark <= now:
                at, _, name = heapq.heappop(self._marks)
                self._tell(PlaybackMark(name), at)
            else:
                return

    def _read_on(self, now: float) -> None:
        """The model reads four times as fast as it is heard, and begins anew when it was heard."""
        if self._free_at + 2 * ONE_WAY_SECONDS < now and now >= self._resting_until:
            number, audio, wave = next(self._model)
            self._reply = (number, wave)
            self._chunks = [
                audio.slice_ms(at, at + CHUNK_MS) for at in np.arange(0, audio.ms, CHUNK_MS)
            ]
        for chunk in self._chunks[:1]:
            self._chunks.pop(0)
            number = self._reply[0]
            self._tell(self._hearing.reply(ModelAudio(number, chunk)), now)
            if not self._chunks:
                self._tell(GenerationFinished(number), now)
                self._tell(TurnFinished(number), now)
        if self._free_at > now:
            self._resting_until = self._free_at + BETWEEN_SECONDS

    def _tell(self, event: Event, now: float) -> None:
        for action in self._core.decide(event, round(now, 4)):
            self._follow(action, now)

    def _follow(self, action: Action, now: float) -> None:
        match action:
            case Play():
                self._play(action, now)
            case ClearLine():
                stop = now + ONE_WAY_SECONDS
                self._heard[round(stop * RATE) :] = 0
                self._free_at = min(self._free_at, stop)
                names = [name for at, _, name in sorted(self._marks)]
                self._marks = [(stop + ONE_WAY_SECONDS, next(self._order), name) for name in names]
                heapq.heapify(self._marks)
            case StartTimer():
                self._timers[action.name] = now + action.seconds
            case StopTimer():
                self._timers.pop(action.name, None)

    def _play(self, order: Play, now: float) -> None:
        start = max(now + ONE_WAY_SECONDS, self._free_at)
        if order.audio.pcm:
            where = order.mark.partition(":")[2]
            end = round(float(where) * RATE / 1000) if where.isdigit() else len(self._reply[1])
            size = round(order.audio.ms * RATE / 1000)
            part = self._reply[1][max(0, end - size) : end]
            first = round(start * RATE)
            room = self._heard[first : first + len(part)]
            room[:] = part[: len(room)]
            self._free_at = start + order.audio.ms / 1000
            start = self._free_at
        heapq.heappush(self._marks, (start + ONE_WAY_SECONDS, next(self._order), order.mark))


def _reading() -> Iterator[tuple[int, Audio, Wave]]:
    """Reply after reply: its number, at 24 kHz, and as the line carries it, at 8 kHz."""
    parts = myras_paragraphs()
    lines = [samples_of(convert_whole(part, RATE)) / 32768 for part in parts]
    for number in count():
        which = number % len(parts)
        yield number + 1, parts[which], lines[which]


def _keep(kept: list[float]) -> Callable[[object, float], tuple[()]]:
    def note(moment: object, now: float) -> tuple[()]:
        kept.append(now)
        return ()

    return note
