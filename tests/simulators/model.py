"""A live model that follows a script, and remembers all it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from conversation.events import (
    GenerationFinished,
    ModelAudio,
    ModelEvent,
    ModelReady,
    ModelWords,
    TurnFinished,
)
from media.audio import Audio
from tools.contract import When

Timed = tuple[float, ModelEvent]


def numbered(ms: int, first: int = 0) -> Audio:
    """Sound at 8 kHz whose every 10 ms carries its own number, from 2000 + ``first`` on, so
    that one can tell what was heard (and about -24 dBFS)."""
    return Audio(
        b"".join((2000 + first + i).to_bytes(2, "little") * 80 for i in range(ms // 10)), 8000
    )


def reply(
    response: int, ms: int, words: str = "", *, first: int = 0, chunk: int = 100, pace: float = 4.0
) -> list[Timed]:
    """A reply of ``ms`` in chunks, ``pace`` times faster than sound, and its end; delays in
    seconds. The numbers in its sound start at ``first``."""
    script: list[Timed] = []
    at = 0.0
    sound = numbered(ms, first)
    pieces = words.split(" ") if words else []
    count = max(1, -(-ms // chunk))
    for index in range(count):
        share = pieces[len(pieces) * index // count : len(pieces) * (index + 1) // count]
        if share:
            script.append((at, ModelWords(response, " ".join(share) + " ")))
        part = sound.slice_ms(chunk * index, chunk * (index + 1))
        script.append((at, ModelAudio(response, part)))
        at += chunk / 1000 / pace
    script.append((at, GenerationFinished(response)))
    script.append((max(at, ms / 1000), TurnFinished(response)))
    return script


class ScriptedModel:
    """``told`` lists what it was told: (time, kind, what)."""

    def __init__(self, ready: float | None = 0.2) -> None:
        self.told: list[tuple[float, str, Any]] = []
        self.audio_ms = 0.0
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[ModelEvent] = asyncio.Queue(100000)
        self._reactions: list[tuple[str, str, list[Timed], bool]] = []
        if ready is not None:
            self.at(ready, [(0.0, ModelReady(resumed=False))])

    def at(self, when: float, script: Sequence[Timed]) -> None:
        for delay, event in script:
            self._loop.call_at(when + delay, self._events.put_nowait, event)

    def when(self, kind: str, part: str, script: Sequence[Timed], *, once: bool = True) -> None:
        """Play a script when told something of this kind with ``part`` in it."""
        self._reactions.append((kind, part, list(script), once))

    def of(self, kind: str) -> list[Any]:
        return [what for _, said, what in self.told if said == kind]

    def times(self, kind: str) -> list[float]:
        return [at for at, said, _ in self.told if said == kind]

    def _tell(self, kind: str, what: Any) -> None:
        now = self._loop.time()
        self.told.append((now, kind, what))
        for entry in list(self._reactions):
            wanted, part, script, once = entry
            if wanted == kind and part in str(what):
                self.at(now, script)
                if once:
                    self._reactions.remove(entry)
                break

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def events(self) -> AsyncIterator[ModelEvent]:
        while True:
            yield await self._events.get()

    def send_audio(self, audio: Audio) -> None:
        self.audio_ms += audio.ms
        self.told.append((self._loop.time(), "audio", audio))

    def send_text(self, text: str) -> None:
        self._tell("text", text)

    def note(self, text: str) -> None:
        self._tell("note", text)

    def begin_activity(self) -> None:
        self._tell("begin", "")

    def end_activity(self) -> None:
        self._tell("end", "")

    def answer_tool(self, call_id: str, name: str, response: Mapping[str, Any], when: When) -> None:
        self._tell("answer", (call_id, name, dict(response), when))

    def renew(self, *, resume: bool, summary: str) -> None:
        self._tell("renew", summary)
