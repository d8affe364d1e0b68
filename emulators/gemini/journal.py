"""What went over the wire, when, for benchmarks and for finding out; and counts of it all.

One JSON object a line: ``t`` (time.monotonic_ns, comparable between processes of one machine),
``connection``, ``way`` (in, out or at), ``kind``, and fields of the kind. Audio lines give
``first`` and ``samples``: which samples of that connection's raw file they are, so that the
arrival time of any sound can be looked up by its content. Raw files are
``<connection>.<way>.pcm`` in the audio folder, PCM16 at the rate of the line.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import orjson

from emulators.gemini.messages import AudioIn, ClientMessage, Signal

BUFFER = 1 << 18


class Journal:
    """Counts always; writes where it was given a file. Lines may lag until ``flush``."""

    def __init__(self, path: Path | None = None, audio_folder: Path | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._folder = audio_folder
        self._lines: IO[bytes] | None = None
        self._audio: dict[tuple[str, str], IO[bytes]] = {}
        self._places: Counter[tuple[str, str]] = Counter()
        if audio_folder is not None:
            audio_folder.mkdir(parents=True, exist_ok=True)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lines = path.open("wb", BUFFER)

    def note(self, connection: str, way: str, kind: str, **fields: Any) -> None:
        """One thing that happened, stamped now."""
        self.counts[f"{way}.{kind}"] += 1
        if self._lines is not None:
            line = {"t": time.monotonic_ns(), "connection": connection, "way": way, "kind": kind}
            self._lines.write(orjson.dumps({**line, **fields}) + b"\n")

    def sound(self, connection: str, way: str, data: bytes, rate: int) -> None:
        """A stretch of audio that came or went, stamped now."""
        stream = (connection, way)
        first, samples = self._places[stream] // 2, len(data) // 2
        self.note(connection, way, "audio", rate=rate, first=first, samples=samples)
        self._places[stream] += len(data)
        if self._folder is not None:
            if stream not in self._audio:
                self._audio[stream] = (self._folder / f"{connection}.{way}.pcm").open("wb", BUFFER)
            self._audio[stream].write(data)

    def received(self, connection: str, message: ClientMessage) -> None:
        """A client's message, stamped now."""
        if isinstance(message, AudioIn):
            self.sound(connection, "in", message.data, message.rate)
        elif isinstance(message, Signal):
            self.note(connection, "in", message.kind)
        else:
            self.note(connection, "in", type(message).__name__)

    def ended(self, connection: str) -> None:
        """That connection is over; its files are complete."""
        for stream in [stream for stream in self._places if stream[0] == connection]:
            del self._places[stream]
            if stream in self._audio:
                self._audio.pop(stream).close()
        self.flush()

    def flush(self) -> None:
        for file in (self._lines, *self._audio.values()):
            if file is not None:
                file.flush()

    def close(self) -> None:
        for file in (self._lines, *self._audio.values()):
            if file is not None:
                file.close()
        self._lines = None
        self._audio.clear()

    def statistics(self) -> Mapping[str, int]:
        return dict(sorted(self.counts.items()))
