"""What the emulator wrote down: every message with its time, every sample that came or went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from emulators.gemini.tone_voice import bursts

Pcm = npt.NDArray[np.int16]
# As much of a call, in samples at 16 kHz, tells which caller it is.
PROBED = 40 * 16000


@dataclass(frozen=True, slots=True)
class Note:
    """``at`` is in seconds of the machine's monotonic clock. ``first`` and ``samples`` place
    audio in the connection's stream."""

    at: float
    way: str
    kind: str
    rate: int = 0
    first: int = 0
    samples: int = 0


@dataclass
class Connection:
    """One connection with the model, as the model's end saw it."""

    name: str
    notes: list[Note] = field(default_factory=list)
    came: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))
    went: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))

    @cached_property
    def numbers(self) -> list[int]:
        """The bursts that the caller spoke first."""
        return spoken_numbers(self.came)

    def audio(self, way: str) -> list[Note]:
        return [note for note in self.notes if note.kind == "audio" and note.way == way]

    def of(self, *kinds: str) -> list[Note]:
        """Messages that went out and hold one of these."""
        return [n for n in self.notes if n.way == "out" and set(kinds) & set(n.kind.split("+"))]

    def replies(self) -> list[list[Note]]:
        """The audio of each of the model's replies that has any."""
        found: list[list[Note]] = [[]]
        for note in self.notes:
            if note.way != "out":
                continue
            if note.kind == "audio":
                found[-1].append(note)
            elif {"generationComplete", "interrupted"} & set(note.kind.split("+")) and found[-1]:
                found.append([])
        return [reply for reply in found if reply]


def spoken_numbers(sound: Pcm) -> list[int]:
    """The numbers of the bursts at the beginning of a sound at 16 kHz."""
    return [burst.number for burst in bursts(sound[:PROBED], 16000)]


def connections(journal: Path, audio: Path) -> dict[str, Connection]:
    """Everything of a finished run, by connection."""
    found: dict[str, Connection] = {}
    for line in _lines(journal):
        name = line["connection"]
        connection = found.setdefault(name, Connection(name))
        connection.notes.append(
            Note(
                line["t"] / 1e9,
                line["way"],
                line["kind"],
                line.get("rate", 0),
                line.get("first", 0),
                line.get("samples", 0),
            )
        )
    for connection in found.values():
        connection.came = _sound(audio / f"{connection.name}.in.pcm")
        connection.went = _sound(audio / f"{connection.name}.out.pcm")
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def _sound(path: Path) -> Pcm:
    if not path.exists():
        return np.zeros(0, np.int16)
    data = path.read_bytes()
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2")
