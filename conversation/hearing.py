"""Measures sound on its way into the inbox, so that decisions need numbers only."""

from __future__ import annotations

from conversation.events import CallerAudio, LineAudio, ModelAudio
from media.levels import frame_levels, rms_db
from media.speech import SpeechDetector


class Hearing:
    """``detector`` hears the line's input rate; it belongs to this conversation alone.

    Figures are rounded here, once, so that a journal holds exactly what was decided by.
    """

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector

    def caller(self, event: LineAudio) -> CallerAudio:
        """The caller's frame with its probability of speech and its level."""
        audio = event.audio
        return CallerAudio(audio, round(self._detector.hear(audio), 3), round(rms_db(audio), 1))

    def reply(self, event: ModelAudio) -> ModelAudio:
        """Myra's sound with its levels."""
        levels = tuple(round(level, 1) for level in frame_levels(event.audio))
        return ModelAudio(event.response, event.audio, levels)
