"""The hotline's own recordings as files: two sides, 8 or 16 kHz, 16-bit PCM or mu-law.

A recording grows while its call runs. Its header is written anew with every flush, so that what
a crash leaves behind can be played up to there.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.g711 import pcm_to_ulaw, ulaw_to_pcm
from media.wav import WavError, wav_header

_SIDES = 2
_PCM, _MULAW = 1, 7
# Peaks are found in pieces of about this many frames: memory stays small for long calls.
_PIECE = 1 << 18


class Codec(StrEnum):
    """How samples are kept: 2 bytes, or 1 as the telephone network has them (G.711)."""

    PCM16 = "pcm16"
    MULAW = "mulaw"

    @property
    def width(self) -> int:
        """Bytes of a sample."""
        return 2 if self is Codec.PCM16 else 1

    def encoded(self, pcm: bytes) -> bytes:
        """Stereo PCM16 frames as they stand in the file."""
        return pcm if self is Codec.PCM16 else pcm_to_ulaw(pcm)


def stereo_header(frames: int, rate: int, codec: Codec) -> bytes:
    """What stands before ``frames`` frames: 44 bytes for PCM, 58 for mu-law, which needs a
    ``fact`` chunk (RIFF: Multimedia Programming Interface and Data Specifications 1.0)."""
    if codec is Codec.PCM16:
        return wav_header(frames, rate, _SIDES)
    size = _SIDES * frames
    riff = struct.pack("<4sI4s", b"RIFF", 50 + size, b"WAVE")
    form = struct.pack("<4sIHHIIHHH", b"fmt ", 18, _MULAW, _SIDES, rate, _SIDES * rate, 2, 8, 0)
    return riff + form + struct.pack("<4sII4sI", b"fact", 4, frames, b"data", size)


@dataclass(frozen=True, slots=True)
class StereoFile:
    """What a recording's header says. ``start`` is where its first frame stands."""

    rate: int
    codec: Codec
    start: int
    frames: int


def read_header(head: bytes, size: int) -> StereoFile:
    """What the beginning of a recording of ``size`` bytes says of it.

    Raises:
        WavError: it is no recording of ours.
    """
    try:
        if head[:4] != b"RIFF" or head[8:12] != b"WAVE" or head[12:16] != b"fmt ":
            raise WavError("this is no WAV file")
        length, form, sides, rate = struct.unpack_from("<IHHI", head, 16)
        at = 20 + length
        while head[at : at + 4] != b"data":
            at += 8 + struct.unpack_from("<I", head, at + 4)[0]
        (told,) = struct.unpack_from("<I", head, at + 4)
    except struct.error as error:
        raise WavError("this WAV file is cut off in its header") from error
    if form not in (_PCM, _MULAW) or sides != _SIDES or rate <= 0:
        raise WavError("this WAV file has not two sides of 16-bit PCM or mu-law")
    codec = Codec.PCM16 if form == _PCM else Codec.MULAW
    there = max(0, min(told, size - at - 8))
    return StereoFile(rate, codec, at + 8, there // (_SIDES * codec.width))


@dataclass(frozen=True, slots=True)
class Peaks:
    """The loudest sample of each stretch, 0 to 1, and how long the recording is."""

    seconds: float
    caller: list[float]
    myra: list[float]


def peaks_of(path: Path, points: int) -> Peaks:
    """The outline of a recording in ``points`` equal stretches.

    Raises:
        WavError: it is no recording of ours.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(0)
        what = read_header(file.read(256), size)
        borders = np.linspace(0, what.frames, points + 1).astype(np.int64)
        tops = np.zeros((points, _SIDES), np.float64)
        file.seek(what.start)
        point = 0
        while point < points:
            last = int(np.searchsorted(borders, borders[point] + _PIECE, "right")) - 1
            last = min(points, max(last, point + 1))
            frames = _frames(
                file.read(int(borders[last] - borders[point]) * _SIDES * what.codec.width),
                what.codec,
            )
            for index in range(point, last):
                part = frames[borders[index] - borders[point] : borders[index + 1] - borders[point]]
                if len(part):
                    tops[index] = np.abs(part.astype(np.int32)).max(axis=0)
            point = last
    tops = np.round(tops / 32768, 4)
    return Peaks(round(what.frames / what.rate, 3), tops[:, 0].tolist(), tops[:, 1].tolist())


def _frames(data: bytes, codec: Codec) -> npt.NDArray[np.int16]:
    pcm = data if codec is Codec.PCM16 else ulaw_to_pcm(data)
    return np.frombuffer(pcm[: len(pcm) // 4 * 4], "<i2").reshape(-1, _SIDES)
