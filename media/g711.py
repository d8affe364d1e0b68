"""G.711 mu-law, the telephone's own encoding: 8 bits a sample for 14 bits of range."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Deprecated in 3.11 and 3.12, gone in 3.13, where audioop-lts provides the same module.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

# The code for zero: 0xFF decodes to +0, as an idle line sends it (ITU-T G.711, table 2a).
SILENCE = 0xFF


def ulaw_to_pcm(ulaw: bytes) -> bytes:
    """Mu-law codes as PCM16, little-endian: two bytes for each code, within +-32124."""
    pcm: bytes = audioop.ulaw2lin(ulaw, 2)
    return pcm


def pcm_to_ulaw(pcm: bytes) -> bytes:
    """PCM16, little-endian, as mu-law: one code for each sample, beyond +-32635 clipped.

    Raises:
        ValueError: the number of bytes is odd.
    """
    if len(pcm) % 2:
        raise ValueError(f"PCM16 needs an even number of bytes, got {len(pcm)}")
    ulaw: bytes = audioop.lin2ulaw(pcm, 2)
    return ulaw
