"""How loud mu-law is, without decoding it: cheap enough for every frame of fifty calls."""

from __future__ import annotations

from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.levels import FLOOR_DB, peak_db

FRAME_MS = 20
FRAME_SECONDS = 0.02
RATE = 8000
FRAME_BYTES = 160
IDLE = b"\xff" * FRAME_BYTES

# Any quieter and it is the line, not a person: telephone speech peaks at -30 dBFS and above.
AUDIBLE_DB = -42.0

# G.711: the low seven bits, inverted, order the codes by magnitude; the eighth is the sign.
RANK = bytes(0x7F - (code & 0x7F) for code in range(256))
_LEVELS = tuple(peak_db(Audio(ulaw_to_pcm(bytes([0xFF - rank])), RATE)) for rank in range(128))


def frame_peak_db(ulaw: bytes) -> float:
    """The level of the loudest sample in dBFS; ``FLOOR_DB`` for no sound at all."""
    return _LEVELS[max(ulaw.translate(RANK))] if ulaw else FLOOR_DB


def audible_rank(threshold_db: float = AUDIBLE_DB) -> int:
    """The least magnitude, 0 to 127 as in ``RANK``, that is louder than a threshold."""
    return next((rank for rank, level in enumerate(_LEVELS) if level > threshold_db), 128)
