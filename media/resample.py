"""Sample-rate conversion: a short FIR for live sound, soxr for sound that can wait.

soxr's streaming mode works in FFT blocks and holds telephone audio back by 40 to 90 ms, and
``audioop.ratecv`` does not filter. The FIR here holds back 1.75 ms.

Two properties carry everything. The filter is centred: what comes out lies at the very time
at which it went in, and the first chunk is short by the delay instead of starting with it.
And its coefficients are integers over a power of two, so that every sum of products is exact
in float64 and no order of summing, hence no way of cutting the sound into chunks, can change
a single bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import soxr

from media.audio import Audio

Samples = npt.NDArray[np.float64]
_PCM16 = np.dtype("<i2")

# Half the filter's length, hence its delay. With the window below, in the telephone's case:
# flat within 0.01 dB to 3.4 kHz (the band's edge, ITU-T G.712), -63 dB from 4.6 kHz up.
DELAY_MS = 1.75
# Kaiser's formula for a stopband of 65 dB: Oppenheim and Schafer, Discrete-Time Signal
# Processing, section 7.5.3.
_WINDOW_BETA = 0.1102 * (65 - 8.7)
# 16 bits of sample, 24 of coefficient and 8 of summing stay below float64's 53.
_COEFFICIENT_ONE = 2.0**24
# One row of the block product covers this much; 20 ms frames divide into such blocks.
_BLOCK_MS = 2
# More rows at once and BLAS would wake its threads, which costs more than it saves.
_ROWS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class _Kernel:
    """The filter as a matrix: ``step`` inputs further for each row of ``row`` outputs.

    A period is the least time that holds whole samples of both rates: ``inputs`` samples in,
    ``outputs`` samples out. ``behind`` inputs before a row's first are needed as well.
    """

    inputs: int
    outputs: int
    half: int
    behind: int
    step: int
    row: int
    matrix: Samples


def _prototype(rate: int, cutoff: float, half: int, phases: int) -> Samples:
    """The windowed sinc on the common grid; each phase passes a constant unchanged."""
    at = np.arange(-half, half + 1)
    taps = np.sinc(2 * cutoff / rate * at) * np.kaiser(2 * half + 1, _WINDOW_BETA)
    for phase in range(phases):
        part = taps[phase::phases]
        part *= _COEFFICIENT_ONE / part.sum()
        np.rint(part, out=part)
        part[np.argmax(np.abs(part))] += _COEFFICIENT_ONE - part.sum()
    result: Samples = taps / _COEFFICIENT_ONE
    return result


@lru_cache(maxsize=32)
def _kernel(rate_in: int, rate_out: int) -> _Kernel:
    common = math.gcd(rate_in, rate_out)
    inputs, outputs = rate_in // common, rate_out // common
    grid = rate_in * outputs
    half = round(DELAY_MS * grid / 1000)
    taps = _prototype(grid, min(rate_in, rate_out) / 2, half, outputs)
    periods = max(1, _BLOCK_MS * common // 1000)
    row, step = periods * outputs, periods * inputs
    behind = half // outputs
    width = behind + ((row - 1) * inputs + half) // outputs + 1
    # Output r and input s of a row lie this far apart on the common grid.
    distance = np.arange(row) * inputs - (np.arange(width)[:, None] - behind) * outputs
    reached = np.abs(distance) <= half
    matrix = np.where(reached, taps[np.clip(distance + half, 0, 2 * half)], 0.0)
    matrix.flags.writeable = False
    return _Kernel(inputs, outputs, half, behind, step, row, matrix)


class Resampler:
    """Converts a stream from ``rate_in`` to ``rate_out``, one object for each direction.

    Chunks may have any length; the output does not depend on how the sound was cut. Output
    is aligned with the input; what an output sample needs of the future (1.75 ms) is waited
    for, so the first chunk yields that much less and ``flush`` the rest. Peaks beyond 16 bits
    saturate. Equal rates pass the sound through unchanged and at once.

    Raises:
        ValueError: a rate is not positive, or audio of another rate arrives.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        if rate_in <= 0 or rate_out <= 0:
            raise ValueError(f"sample rates are positive, got {rate_in} and {rate_out}")
        self.rate_in = rate_in
        self.rate_out = rate_out
        self._kernel = None if rate_in == rate_out else _kernel(rate_in, rate_out)
        self.reset()

    @property
    def delay_ms(self) -> float:
        """How long a sample is held back."""
        if self._kernel is None:
            return 0.0
        return 1000 * self._kernel.half / (self.rate_in * self._kernel.outputs)

    def process(self, audio: Audio) -> Audio:
        """All output that the sound so far determines; may be empty."""
        if audio.rate != self.rate_in:
            raise ValueError(f"this resampler takes {self.rate_in} Hz, got {audio.rate}")
        kernel = self._kernel
        if kernel is None:
            return audio
        self._taken += audio.samples
        ready = -((kernel.half - self._taken * kernel.outputs) // kernel.inputs)
        return self._produce(kernel, audio.pcm, max(0, ready))

    def flush(self) -> Audio:
        """The held-back rest, as if silence followed; the next chunk begins a new stream.

        With it the output of ``n`` samples is ``ceil(n * rate_out / rate_in)`` samples long.
        """
        kernel = self._kernel
        if kernel is None:
            return Audio(b"", self.rate_out)
        rest = self._produce(kernel, b"", -(-self._taken * kernel.outputs // kernel.inputs))
        self.reset()
        return rest

    def reset(self) -> None:
        """Forget the stream: what was held back is never heard."""
        self._taken = 0
        self._given = 0
        self._kept: Samples = np.zeros(0 if self._kernel is None else self._kernel.behind)

    def _produce(self, kernel: _Kernel, pcm: bytes, until: int) -> Audio:
        """Output samples from the first not yet given up to ``until``.

        ``_kept`` starts ``behind`` inputs before the period of the next output sample.
        """
        period = self._given // kernel.outputs
        first = period * kernel.outputs
        rows = max(0, -((first - until) // kernel.row))
        have = len(self._kept) + len(pcm) // 2
        width = len(kernel.matrix)
        sound = np.zeros(max(have, (rows - 1) * kernel.step + width))
        sound[: len(self._kept)] = self._kept
        sound[len(self._kept) : have] = np.frombuffer(pcm, _PCM16)

        windows: Samples = np.ndarray((rows, width), np.float64, sound, 0, (8 * kernel.step, 8))
        out = _times(windows, kernel.matrix).reshape(-1)
        audio = _saturated(out[self._given - first : until - first], self.rate_out)

        self._given = until
        passed = (until // kernel.outputs - period) * kernel.inputs
        self._kept = sound[passed:have].copy()
        return audio


def convert_whole(audio: Audio, rate: int) -> Audio:
    """A complete sound at another rate, by soxr's HQ conversion: for what need not be quick.

    The length is that of the input, rounded to a sample. Peaks beyond 16 bits saturate.
    """
    if audio.rate == rate or not audio.pcm:
        return Audio(audio.pcm, rate)
    # In float64, because for 16-bit output soxr would add dither.
    samples = np.frombuffer(audio.pcm, _PCM16).astype(np.float64)
    return _saturated(soxr.resample(samples, audio.rate, rate, quality="HQ"), rate)


def _times(rows: Samples, matrix: Samples) -> Samples:
    if len(rows) <= _ROWS_AT_ONCE:
        product: Samples = rows.dot(matrix)
        return product
    starts = range(0, len(rows), _ROWS_AT_ONCE)
    return np.concatenate([rows[i : i + _ROWS_AT_ONCE].dot(matrix) for i in starts])


def _saturated(samples: Samples, rate: int) -> Audio:
    """Samples, whose array is used up, as PCM16."""
    np.rint(samples, out=samples)
    samples.clip(-32768.0, 32767.0, out=samples)
    return Audio(samples.astype(_PCM16).tobytes(), rate)
