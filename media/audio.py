"""The one audio value every room exchanges: mono 16-bit PCM that knows its rate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audio:
    """A stretch of mono, signed 16-bit, little-endian PCM.

    ``pcm`` holds two bytes a sample; ``rate`` is in samples per second.

    Raises:
        ValueError: the number of bytes is odd, or the rate is not positive.
    """

    pcm: bytes
    rate: int

    def __post_init__(self) -> None:
        if len(self.pcm) % 2:
            raise ValueError(f"PCM16 needs an even number of bytes, got {len(self.pcm)}")
        if self.rate <= 0:
            raise ValueError(f"a sample rate is positive, got {self.rate}")

    @classmethod
    def silence(cls, ms: float, rate: int) -> Audio:
        """Digital silence of ``ms`` milliseconds, rounded to whole samples."""
        return cls(bytes(2 * round(ms * rate / 1000)), rate)

    @property
    def samples(self) -> int:
        return len(self.pcm) // 2

    @property
    def ms(self) -> float:
        return 1000 * self.samples / self.rate

    def slice_ms(self, start: float, end: float | None = None) -> Audio:
        """The part between two positions in milliseconds; out-of-range positions clip."""
        first = 2 * max(0, round(start * self.rate / 1000))
        last = len(self.pcm) if end is None else 2 * max(0, round(end * self.rate / 1000))
        return Audio(self.pcm[first:last], self.rate)
