"""Cutting a stream into other pieces: whole samples out of any bytes, equal chunks out of any
sound."""

from __future__ import annotations

from collections.abc import Iterable

from media.audio import Audio


class ByteCarry:
    """Keeps PCM16 whole when it arrives in chunks of an odd number of bytes."""

    def __init__(self) -> None:
        self._odd = b""

    @property
    def pending(self) -> int:
        """Bytes waiting for their other half: 0 or 1."""
        return len(self._odd)

    def take(self, data: bytes) -> bytes:
        """Everything up to the last whole sample; an odd byte waits for the next call."""
        if self._odd:
            data = self._odd + data
        if len(data) % 2 == 0:
            self._odd = b""
            return data
        self._odd = data[-1:]
        return data[:-1]

    def reset(self) -> int:
        """Forget half a sample; says how many bytes that were."""
        lost = len(self._odd)
        self._odd = b""
        return lost


class Chunker:
    """Re-cuts a stream into chunks of ``ms`` milliseconds at ``rate`` Hz.

    Raises:
        ValueError: ``ms`` is no whole number of samples, or audio of another rate arrives.
    """

    def __init__(self, ms: float, rate: int) -> None:
        samples = ms * rate / 1000
        if samples < 1 or samples != int(samples):
            raise ValueError(f"{ms} ms are {samples} samples at {rate} Hz, not a whole number")
        self.rate = rate
        self._size = 2 * int(samples)
        self._waiting = bytearray()

    @property
    def pending_ms(self) -> float:
        """How much waits for its chunk to fill."""
        return 1000 * (len(self._waiting) // 2) / self.rate

    def push(self, audio: Audio) -> list[Audio]:
        """The chunks that this sound completes, often none."""
        if audio.rate != self.rate:
            raise ValueError(f"this chunker takes {self.rate} Hz, got {audio.rate}")
        waiting = self._waiting
        waiting += audio.pcm
        whole = len(waiting) - len(waiting) % self._size
        chunks = [
            Audio(bytes(waiting[at : at + self._size]), self.rate)
            for at in range(0, whole, self._size)
        ]
        del waiting[:whole]
        return chunks

    def flush(self) -> Audio:
        """The incomplete chunk that is left, possibly empty; the next push starts anew."""
        rest = Audio(bytes(self._waiting), self.rate)
        self._waiting.clear()
        return rest

    def reset(self) -> None:
        """Drop the incomplete chunk."""
        self._waiting.clear()


def join(parts: Iterable[Audio], rate: int) -> Audio:
    """Sounds one after another as one; ``rate`` is that of all, and of the result of none.

    Raises:
        ValueError: a part has another rate.
    """
    pieces = []
    for part in parts:
        if part.rate != rate:
            raise ValueError(f"cannot join {part.rate} Hz to {rate} Hz")
        pieces.append(part.pcm)
    return Audio(b"".join(pieces), rate)
