"""When the caller speaks, as far as numbers tell: the detector's probability, the level, and
whether it may be Myra's own voice coming back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import StartTimer
from conversation.echo_watch import EchoWatch
from conversation.events import CallerAudio
from conversation.floor import Floor, Holder
from conversation.moments import LineQuiet, Out, Reaction, SpeechBegan, SpeechEnded
from conversation.settings import TalkSettings
from conversation.timeline import LineTimeline
from media.echo import EchoGuard
from media.speech import GateShape, Speech, SpeechGate

# A line that sends nothing while it is silent must not leave the caller speaking for ever.
_MISSING_SECONDS = 0.25
# After Myra's last sound nothing of her comes back any more.
_ECHO_SECONDS = 1.0
# Her voice has come back, and the detector has done with it, so long after the line fell silent.
_ECHO_TAIL_SECONDS = 0.5


class Ear:
    """Turns measured frames into stretches of speech. The others read what it heard last.

    ``guard`` is None on a line that removes Myra's own voice by itself.
    """

    def __init__(
        self,
        settings: TalkSettings,
        floor: Floor,
        guard: EchoGuard | None,
        timeline: LineTimeline,
    ) -> None:
        self.speaking = False
        self.voiced = False
        self.last_voice_at = 0.0
        self.began_at = 0.0
        self._settings = settings
        self._floor = floor
        self._timeline = timeline
        self._echoes = EchoWatch(guard) if guard is not None else None
        self._gate = SpeechGate(
            GateShape(
                on=settings.speech_probability,
                off=settings.speech_keep_probability,
                quiet_db=settings.quiet_db,
                speech_ms=settings.min_speech_ms,
                hangover_ms=settings.speech_end_ms,
            )
        )

    @property
    def spoken_ms(self) -> float:
        """Speech in the stretch under way, short pauses not counted."""
        return self._gate.spoken_ms

    @property
    def since(self) -> float:
        """When the newest stretch of speech began, also one too short yet to count as speech."""
        if self.speaking or self.spoken_ms == 0:
            return self.began_at
        return max(0.0, self.last_voice_at - self.spoken_ms / 1000)

    def may_hear_echo(self, level_db: float, now: float) -> bool:
        """This line gives Myra's voice back, and it may be in the sound of now: with any noise
        over it, it is as loud as a caller and is speech."""
        if self._echoes is None or now >= self._timeline.free_at + _ECHO_TAIL_SECONDS:
            return False
        return self._echoes.may_carry(level_db)

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {CallerAudio: self._hear, LineQuiet: self._still_there, "speech": self._missing}

    def _hear(self, event: CallerAudio, now: float) -> Iterable[Out]:
        ms = event.audio.ms
        decided = self._gate.hear(self._probability(event, now), event.level_db, ms)
        self.voiced = self._gate.quiet_ms == 0 and self._gate.spoken_ms > 0
        if self.voiced:
            self.last_voice_at = now
        if decided is Speech.STARTED:
            self.speaking = True
            self.began_at = max(0.0, now - self._gate.spoken_ms / 1000)
            return (SpeechBegan(self.began_at), StartTimer("speech", self._patience))
        if decided is Speech.STOPPED:
            self.speaking = False
            return (SpeechEnded(self.last_voice_at),)
        return ()

    def _still_there(self, moment: LineQuiet, now: float) -> Iterable[Out]:
        """Who spoke while Myra ended without stopping her has the floor after her."""
        return (SpeechBegan(self.began_at),) if self.speaking else ()

    def _probability(self, event: CallerAudio, now: float) -> float:
        echo = (
            self._echoes is not None
            and now < self._timeline.free_at + _ECHO_SECONDS
            and self._echoes.is_echo(now, event.level_db, speaking=self.speaking)
        )
        over = self._floor.holder in {Holder.MYRA, Holder.CONTESTED}
        if echo or (over and event.level_db < self._settings.barge_in_quiet_db):
            return 0.0
        return event.speech

    @property
    def _patience(self) -> float:
        return self._settings.speech_end_ms / 1000 + _MISSING_SECONDS

    def _missing(self, event: object, now: float) -> Iterable[Out]:
        """Frames stopped coming in the middle of speech."""
        if not self.speaking:
            return ()
        left = self.last_voice_at + self._patience - now
        if left > 0:
            return (StartTimer("speech", left),)
        self._gate.reset()
        self.speaking = self.voiced = False
        return (SpeechEnded(self.last_voice_at),)
