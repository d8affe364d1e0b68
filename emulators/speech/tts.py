"""The emulator's voices: text in, speech out, clause by clause."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np

from emulators.speech import tones
from emulators.speech.clauses import clauses, pause_after
from emulators.speech.kokoro import RATE, Kokoro
from emulators.speech.phrase_cache import PhraseCache
from emulators.speech.pico import Pico
from emulators.speech.spoken import spoken
from emulators.speech.trim import Samples
from emulators.speech.weights import EngineMissing

log = logging.getLogger(__name__)
T = TypeVar("T")

MYRA = "af_heart"
CALLERS = ("am_michael", "bf_emma", "bm_george", "af_bella")
_PICO = {"pico-us": "en-US", "pico-gb": "en-GB"}
PLAIN = "pico-us"
TONES = "tones"
RECENT = 128  # clauses kept in memory, about 100 kB each

Speak = Callable[[str], Samples]


class Voice(Protocol):
    """Speaks text."""

    @property
    def engine(self) -> str:
        """What speaks, for people to read: "Kokoro af_heart", "Pico en-US", "tones"."""

    def warm(self) -> None:
        """Load the engine and speak the fixed phrases now. May run in any thread."""

    def speak(self, text: str) -> Iterator[tuple[str, Samples]]:
        """The text in pieces with their sound: mono int16 at 24 kHz, pauses included.

        The pieces joined are the text. The first is short and so comes first. Synthesis blocks
        and happens as the iterator advances: abandon it and no more work is done. Never fails:
        an engine that cannot speak is replaced by a simpler one.
        """


def voice_names() -> tuple[str, ...]:
    """Every name that ``open_voice`` knows: Myra's, four callers', two robotic ones, tones."""
    return (MYRA, *CALLERS, *_PICO, TONES)


def open_voice(name: str, cache_dir: Path, threads: int = 2, phrases: Sequence[str] = ()) -> Voice:
    """A voice by name, nothing loaded yet; see ``Voices`` for several at once."""
    return Voices(cache_dir, threads).open(name, phrases)


class Voices:
    """Voices that share their engines: Kokoro's model is in memory once for all styles.

    ``cache_dir`` keeps the joined model (92 MB) and the spoken phrases.
    """

    def __init__(self, cache_dir: Path, threads: int = 2) -> None:
        self._cache_dir = cache_dir
        self._kokoro = _Once(partial(Kokoro, cache_dir, threads))
        self._pico = _Once(Pico)

    def open(self, name: str, phrases: Sequence[str] = ()) -> Voice:
        """The voice, with the phrases to keep on disk once they were spoken.

        Raises:
            ValueError: no voice has this name.
        """
        if name not in voice_names():
            raise ValueError(f"no voice is called {name}; there are {', '.join(voice_names())}")
        cache = PhraseCache(self._cache_dir / "phrases")
        return ClauseVoice(tuple(self._engines(name)), cache, phrases)

    def _engines(self, name: str) -> Iterator[Engine]:
        """The engine meant, then what stands in for it."""
        accent = _PICO.get(name, "en-GB" if name.startswith("b") else "en-US")
        if name in (MYRA, *CALLERS):
            yield Engine(f"Kokoro {name}", lambda words: self._kokoro.get().speak(words, name))
        if name != TONES:
            yield Engine(f"Pico {accent}", lambda words: self._pico.get().speak(words, accent))
        yield Engine(TONES, tones.speak)


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to make sound of words; ``speak`` raises ``EngineMissing`` when it cannot."""

    name: str
    speak: Speak


class ClauseVoice:
    """A voice over a row of engines, of which the first that works speaks."""

    def __init__(
        self, engines: Sequence[Engine], cache: PhraseCache, phrases: Sequence[str] = ()
    ) -> None:
        self._engines = list(engines)
        self._cache = cache
        self._phrases = tuple(phrases)
        self._kept = {spoken(piece) for phrase in phrases for piece in clauses(phrase)}
        self._recent: OrderedDict[str, Samples] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def engine(self) -> str:
        return self._engines[0].name

    def warm(self) -> None:
        for phrase in self._phrases:
            for _ in self.speak(phrase):
                pass
        self._synthesise("One moment, please.")

    def speak(self, text: str) -> Iterator[tuple[str, Samples]]:
        pieces = clauses(text)
        for number, piece in enumerate(pieces, 1):
            sound = self._sound(spoken(piece))
            pause = pause_after(piece) if number < len(pieces) else 0
            yield piece, np.concatenate([sound, np.zeros(RATE * pause // 1000, np.int16)])

    def _sound(self, words: str) -> Samples:
        kept = self._recent.get(words)
        if kept is None and words in self._kept:
            kept = self._cache.get(self.engine, words)
        if kept is None:
            engine, kept = self._synthesise(words)
            if words in self._kept:
                self._cache.put(engine, words, kept)
        self._remember(words, kept)
        return kept

    def _remember(self, words: str, sound: Samples) -> None:
        """Keep what was said last in memory: much of it is soon said again."""
        with self._lock:
            self._recent[words] = sound
            self._recent.move_to_end(words)
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)

    def _synthesise(self, words: str) -> tuple[str, Samples]:
        """The sound and the engine that made it; one that fails is not asked again."""
        while True:
            engine = self._engines[0]
            try:
                return engine.name, engine.speak(words)
            except EngineMissing as error:
                with self._lock:
                    if len(self._engines) > 1 and self._engines[0] is engine:
                        self._engines.pop(0)
                        log.warning(
                            "a voice falls back to a simpler engine",
                            extra={"to": self._engines[0].name, "why": str(error)},
                        )


class _Once(Generic[T]):
    """Opened when first asked for, by one thread while others wait; a failure is remembered."""

    def __init__(self, opener: Callable[[], T]) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._value: T | None = None
        self._failure = ""

    def get(self) -> T:
        with self._lock:
            if self._failure:
                raise EngineMissing(self._failure)
            if self._value is None:
                try:
                    self._value = self._opener()
                except EngineMissing as error:
                    self._failure = str(error)
                    raise
            return self._value
