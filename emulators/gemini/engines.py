"""What the emulator hears, thinks and speaks with: four seams, and the threads they work in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from emulators.gemini.activity import Probability
from emulators.gemini.scripted_mind import Script, ScriptedMind
from emulators.gemini.steps import MakeMind
from emulators.gemini.tone_voice import ToneEars, ToneVoice
from media.audio import Audio
from media.speech import LevelDetector

TONE_DB = -36.0  # louder is a tone, softer the noise of a line
T = TypeVar("T")
Clause = tuple[str, NDArray[np.int16]]


class Ears(Protocol):
    """Speech recognition; blocking, one utterance at a time."""

    def transcribe(self, samples: NDArray[np.float32]) -> str:
        """What was said in these mono samples of 16 kHz; empty when nothing was."""
        ...


class Voice(Protocol):
    """Speech synthesis; blocking."""

    def speak(self, text: str) -> Iterator[Clause]:
        """The text clause by clause, each with its sound: mono PCM16 at 24 kHz."""
        ...


@dataclass(frozen=True, slots=True)
class Engines:
    """``detector`` makes a speech detector for one connection. ``threads``: they take their time,
    so they are kept off the event loop. ``phrases``: what the voice likes to have said before."""

    ears: Ears
    voice: Voice
    detector: Callable[[], Probability]
    make_mind: MakeMind
    threads: bool
    phrases: tuple[str, ...] = ()


def tone_engines(script: Script | None = None) -> Engines:
    """Engines that load nothing and cost next to nothing: for tests and benchmarks."""
    plan = script or Script()
    return Engines(
        ears=ToneEars(),
        voice=ToneVoice(),
        detector=lambda: LevelDetector(TONE_DB).hear,
        make_mind=lambda declarations, instruction: ScriptedMind(plan),
        threads=False,
    )


class Workshop:
    """Runs the engines for all connections: one thread hears, one speaks, and one rehearses,
    so that a caller's greeting does not wait for a phrase that nobody asked for.

    Each connection waits for what it ordered, so a thread's queue is bounded by the number of
    connections; an order given up before its turn is withdrawn.
    """

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self._hearing = ThreadPoolExecutor(1, "ears")
        self._speaking = ThreadPoolExecutor(1, "voice")
        self._rehearsing = ThreadPoolExecutor(1, "rehearsal")

    def close(self) -> None:
        for thread in (self._hearing, self._speaking, self._rehearsing):
            thread.shutdown(wait=False, cancel_futures=True)

    async def transcribe(self, audio: Audio) -> str:
        """What was said in this audio of 16 kHz."""
        floats = np.frombuffer(audio.pcm, "<i2").astype(np.float32) * np.float32(1 / 32768)
        return (
            await self._run(self._hearing, lambda: self.engines.ears.transcribe(floats))
        ).strip()

    def speak(self, text: str) -> AsyncGenerator[Clause, None]:
        """The clauses of a text; the next is made while one is being sent."""
        return self._spoken(text, self._speaking)

    async def _spoken(self, text: str, thread: ThreadPoolExecutor) -> AsyncGenerator[Clause, None]:
        clauses = self.engines.voice.speak(text)
        ahead = self._run(thread, lambda: next(clauses, None))
        try:
            while (clause := await ahead) is not None:
                ahead = self._run(thread, lambda: next(clauses, None))
                yield clause
        finally:
            ahead.cancel()

    async def rehearse(self, idle: asyncio.Event) -> None:
        """Speaks the phrases to nobody, one at a time and only while no connection is open."""
        for phrase in self.engines.phrases:
            async with aclosing(self._spoken(phrase, self._rehearsing)) as clauses:
                async for _ in clauses:
                    await idle.wait()

    def _run(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        if self.engines.threads:
            return loop.run_in_executor(thread, work)
        done: asyncio.Future[T] = loop.create_future()
        done.set_result(work())
        return done
