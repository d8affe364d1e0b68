"""What the caller says, from the client's audio to text: detection, then recognition."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from emulators.gemini import replies
from emulators.gemini.activity import Activity, ActivityDetector, Ended
from emulators.gemini.journal import Journal
from emulators.gemini.messages import AudioIn, Signal
from emulators.gemini.turn import Stage
from emulators.gemini.wire import Refused

SHORTEST_SPEECH_MS = 60


class Hearing:
    """One connection's ears. ``on_speech`` is awaited the moment speech is certain; ``on_text``
    when the recogniser is done with it (empty where it made nothing of it), from another task.
    """

    def __init__(
        self,
        name: str,
        stage: Stage,
        journal: Journal,
        on_speech: Callable[[], Awaitable[None]],
        on_text: Callable[[str], Awaitable[None]],
    ) -> None:
        self._name = name
        self._stage = stage
        self._journal = journal
        self._on_speech = on_speech
        self._on_text = on_text
        self._detector = ActivityDetector(stage.setup.vad, stage.workshop.engines.detector())
        self._recognising = 0

    @property
    def busy(self) -> bool:
        """Whether the caller holds the floor: speaks, or has spoken and is not understood yet."""
        return self._detector.active or self._recognising > 0

    async def hear(self, audio: AudioIn, group: asyncio.TaskGroup) -> None:
        """More of the caller's audio. Every token of it counts where all input is covered."""
        if self._stage.setup.all_input:
            self._stage.conversation.usage.heard(500 * len(audio.data) / audio.rate)
        await self._happened(self._detector.hear(audio.data, audio.rate), group)

    async def signal(self, signal: Signal, group: asyncio.TaskGroup) -> None:
        """The client marks activity, or the end of its audio.

        Raises:
            Refused: 1007, activity is marked although detection is automatic.
        """
        manual = self._stage.setup.vad.manual
        if signal.kind == "audioStreamEnd":
            await self._happened([] if manual else self._detector.end(), group)
            return
        if not manual:
            raise Refused(
                1007, "Explicit activity control requires automatic detection to be disabled."
            )
        begins = signal.kind == "activityStart"
        await self._happened(self._detector.begin() if begins else self._detector.end(), group)

    def understood(self) -> None:
        """The text of one utterance has been taken in."""
        self._recognising -= 1

    async def _happened(self, activities: list[Activity], group: asyncio.TaskGroup) -> None:
        for activity in activities:
            ended = isinstance(activity, Ended)
            kind = "ACTIVITY_END" if ended else "ACTIVITY_START"
            self._journal.note(self._name, "at", kind, offset_ms=activity.offset_ms)
            if self._stage.setup.explicit_vad_signal:
                await self._stage.outlet.send(replies.voice_activity(kind, activity.offset_ms))
            if isinstance(activity, Ended):
                self._recognise(activity, group)
            else:
                await self._on_speech()

    def _recognise(self, ended: Ended, group: asyncio.TaskGroup) -> None:
        if not self._stage.setup.all_input:
            self._stage.conversation.usage.heard(ended.audio.ms)
        if ended.speech_ms >= SHORTEST_SPEECH_MS:
            self._recognising += 1
            group.create_task(self._listen(ended))

    async def _listen(self, ended: Ended) -> None:
        await self._on_text(await self._stage.workshop.transcribe(ended.audio))
