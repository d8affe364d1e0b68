"""WAV files: reading what people bring, writing the two-sided recordings the hotline keeps."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from media.audio import Audio

_PCM16 = np.dtype("<i2")


class WavError(ValueError):
    """These bytes cannot be read as a WAV file; the message says why and what would do."""


def read_wav(data: bytes) -> tuple[Audio, ...]:
    """One ``Audio`` for each channel, left first. Reads PCM of 8, 16, 24 and 32 bits.

    Raises:
        WavError: no WAV, cut off inside its header, or not linear PCM.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, RuntimeError) as error:  # RuntimeError: a chunk leads outside
        reason = str(error) or "it is cut off"
        raise WavError(f"this WAV cannot be read: {reason}; save it as 16-bit PCM") from error
    if rate <= 0:
        raise WavError(f"this WAV claims {rate} samples a second; save it as 16-bit PCM")
    frames = len(raw) // (width * channels)
    octets = np.frombuffer(raw, np.uint8, frames * width * channels).reshape(-1, width)
    if width == 1:  # 8 bits are unsigned, all others signed
        samples = ((octets[:, 0].astype(np.int16) - 128) << 8).astype(_PCM16)
    else:  # little-endian: the upper 16 bits come last
        samples = np.ascontiguousarray(octets[:, -2:]).view(_PCM16)
    sides = samples.reshape(frames, channels)
    return tuple(Audio(sides[:, channel].tobytes(), rate) for channel in range(channels))


def write_wav(*channels: Audio) -> bytes:
    """A 16-bit WAV with one channel for each sound; shorter ones end in silence.

    Raises:
        ValueError: no sound, or different rates.
    """
    if not channels or len({audio.rate for audio in channels}) > 1:
        raise ValueError("a WAV file needs at least one sound, and all of one rate")
    pcm = _interleaved([np.frombuffer(audio.pcm, _PCM16) for audio in channels])
    header = wav_header(len(pcm) // (2 * len(channels)), channels[0].rate, len(channels))
    return header + pcm


def wav_header(frames: int, rate: int, channels: int) -> bytes:
    """The 44 bytes in front of 16-bit PCM (RIFF, format 1).

    A file that grows gets a header of 0 frames first and the true one at its end.
    """
    size, frame = 2 * channels * frames, 2 * channels
    riff = struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * frame, frame, 16)
    return riff + form + struct.pack("<4sI", b"data", size)


class Side(IntEnum):
    """Whose channel: the caller is left, Myra right."""

    CALLER = 0
    MYRA = 1


class StereoTimeline:
    """Both sides of a call, laid out as they were heard.

    Each side plays like a line does: sound begins at its time, or, when the side is still
    busy then, right after what is before it; ``cut`` is a line's clear. Small lateness (up to
    ``snap_ms``) is jitter of the network and closes up; longer pauses are silence.

    Sound is held in blocks of a second, none for silence. ``take`` hands over and lets go of
    what is settled, so a long call can be written as it goes.

    Raises:
        ValueError: audio of another rate arrives, or a time is negative.
    """

    def __init__(self, rate: int = 8000, snap_ms: float = 40.0) -> None:
        self.rate = rate
        self._snap = round(snap_ms * rate / 1000)
        self._blocks: tuple[dict[int, npt.NDArray[np.int16]], ...] = ({}, {})
        self._ends = [0, 0]
        self._taken = 0

    @property
    def seconds(self) -> float:
        """How long the recording is by now."""
        return max(self._ends) / self.rate

    def add(self, side: Side, at: float, audio: Audio) -> float:
        """Lay sound down at ``at`` seconds or as soon as its side is free; says when it ends."""
        if audio.rate != self.rate:
            raise ValueError(f"this timeline keeps {self.rate} Hz, got {audio.rate}")
        start, end = self._sample(at), self._ends[side]
        if start - end <= self._snap and end > 0:
            start = end
        start = max(start, self._taken)
        samples = np.frombuffer(audio.pcm, _PCM16)
        self._write(side, start, samples)
        if len(samples):
            self._ends[side] = start + len(samples)
        return self._ends[side] / self.rate

    def cut(self, side: Side, at: float) -> None:
        """Drop what a side would still play after ``at`` seconds."""
        end = max(self._sample(at), self._taken)
        if end < self._ends[side]:
            self._write(side, end, np.zeros(self._ends[side] - end, _PCM16))
            self._ends[side] = end

    def take(self, until: float) -> bytes:
        """Stereo PCM16 frames from the last ``take`` up to ``until`` seconds, and forget them.

        What is added or cut later begins after it.
        """
        start, end = self._taken, max(self._sample(until), self._taken)
        pcm = _interleaved([self._read(side, start, end) for side in Side])
        self._taken = end
        for blocks in self._blocks:
            for number in [n for n in blocks if (n + 1) * self.rate <= end]:
                del blocks[number]
        return pcm

    def render(self) -> bytes:
        """The whole recording as a WAV file, or what ``take`` has left of it."""
        end = max(*self._ends, self._taken)
        pcm = _interleaved([self._read(side, self._taken, end) for side in Side])
        return wav_header(end - self._taken, self.rate, 2) + pcm

    def _sample(self, at: float) -> int:
        if at < 0:
            raise ValueError(f"a time on the timeline is not negative, got {at}")
        return round(at * self.rate)

    def _write(self, side: Side, start: int, samples: npt.NDArray[np.int16]) -> None:
        blocks, done = self._blocks[side], 0
        while done < len(samples):
            number, offset = divmod(start + done, self.rate)
            part = samples[done : done + self.rate - offset]
            block = blocks.setdefault(number, np.zeros(self.rate, _PCM16))
            block[offset : offset + len(part)] = part
            done += len(part)

    def _read(self, side: Side, start: int, end: int) -> npt.NDArray[np.int16]:
        samples = np.zeros(end - start, _PCM16)
        for number, block in self._blocks[side].items():
            first, last = max(start, number * self.rate), min(end, (number + 1) * self.rate)
            if first < last:
                offset = number * self.rate
                samples[first - start : last - start] = block[first - offset : last - offset]
        return samples


def _interleaved(channels: Sequence[npt.NDArray[np.int16]]) -> bytes:
    """PCM16 frames of all channels, the first one first; shorter ones padded with silence."""
    frames = np.zeros((max(len(channel) for channel in channels), len(channels)), _PCM16)
    for number, channel in enumerate(channels):
        frames[: len(channel), number] = channel
    return frames.tobytes()
