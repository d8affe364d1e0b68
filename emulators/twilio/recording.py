"""The call as it sounded at the caller's end: stereo, 8 kHz, 16 bits, caller left, Myra right."""

from __future__ import annotations

from collections.abc import Sequence

from emulators.twilio.loudness import RATE
from emulators.twilio.stream import MediaStream
from media.audio import Audio
from media.g711 import ulaw_to_pcm
from media.wav import Side, StereoTimeline


def recording(streams: Sequence[MediaStream], dialled_at: float) -> bytes:
    """A WAV file that begins when the number was dialled; between streams there is silence."""
    timeline = StereoTimeline(RATE, snap_ms=0.0)
    for stream in streams:
        if stream.started_at is None:
            continue
        at = stream.playout.origin - dialled_at
        timeline.add(Side.CALLER, at, Audio(ulaw_to_pcm(bytes(stream.said)), RATE))
        timeline.add(Side.MYRA, at, Audio(ulaw_to_pcm(bytes(stream.playout.heard)), RATE))
    return timeline.render()
