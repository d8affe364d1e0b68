"""Cutting the silence that speech engines put around what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

QUIET = 330  # 0.01 of full scale: the silences of the engines are below it
LEAD_MS, TAIL_MS, EDGE_MS = 20, 50, 5

Samples = NDArray[np.int16]


def trimmed(sound: Samples, rate: int) -> Samples:
    """Mono int16 without leading and trailing silence; edges ramped so that cuts never click."""
    loud = np.flatnonzero((sound > QUIET) | (sound < -QUIET))
    if not len(loud):
        return sound[:0]
    start = max(0, int(loud[0]) - rate * LEAD_MS // 1000)
    cut = sound[start : int(loud[-1]) + rate * TAIL_MS // 1000].astype(np.float32)
    edge = min(rate * EDGE_MS // 1000, len(cut) // 2)
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    cut[:edge] *= ramp
    cut[len(cut) - edge :] *= ramp[::-1]
    return np.round(cut).astype(np.int16)
