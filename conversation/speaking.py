"""Myra's side of the line: what she says goes out as it comes, stops when it must, and is
accounted for by the marks that come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conversation.actions import ClearLine, StartTimer
from conversation.ear import Ear
from conversation.events import (
    ConversationBegan,
    GenerationFinished,
    ModelAudio,
    ModelLost,
    PlaybackMark,
    TimerFired,
    ToolCallRequested,
    TurnFinished,
)
from conversation.floor import Floor, Holder
from conversation.moments import (
    By,
    Confirmed,
    FalseAlarm,
    FirstHeard,
    FloorFree,
    LineQuiet,
    MyraSpeaks,
    Out,
    Over,
    Overlapped,
    Reaction,
    RenewWanted,
    RepliesCut,
    ReplyBegan,
    ReplyBrokenOff,
    ReplyHeard,
    SayPrompt,
    Suspected,
)
from conversation.playout import Playout
from conversation.settings import TalkSettings
from conversation.timeline import LineTimeline

# The round trip of a line drifts slowly; it is measured again when it is quiet.
_PROBE_AGAIN_SECONDS = 10.0


class Speaking:
    def __init__(
        self,
        settings: TalkSettings,
        floor: Floor,
        ear: Ear,
        playout: Playout,
        timeline: LineTimeline,
    ) -> None:
        self._settings = settings
        self._floor = floor
        self._ear = ear
        self._playout = playout
        self._timeline = timeline
        self._audible = False
        self._watching = False

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ConversationBegan: self._probe,
            FloorFree: self._probe,
            ModelAudio: self._audio,
            GenerationFinished: self._finished,
            TurnFinished: self._finished,
            ModelLost: self._broken_off,
            RenewWanted: self._broken_off,
            ToolCallRequested: self._tool_called,
            PlaybackMark: self._mark,
            SayPrompt: self._prompt,
            Suspected: self._suspected,
            FalseAlarm: self._false_alarm,
            Confirmed: self._confirmed,
            Over: self._over,
            "gap": self._gap,
            "marks": self._marks_due,
        }

    def _probe(self, cause: ConversationBegan | FloorFree, now: float) -> Iterable[Out]:
        trip = self._playout.round_trip
        recent = trip.probed_at is not None and now - trip.probed_at < _PROBE_AGAIN_SECONDS
        return () if recent or not self._playout.drained else (trip.probe(now),)

    def _audio(self, event: ModelAudio, now: float) -> Iterable[Out]:
        if self._playout.add(event.response, event.audio, event.levels) is None:
            return ()
        if self._floor.holder is Holder.CALLER and self._caller_holds:
            self._playout.frozen = True
            return (Overlapped(),)
        return self._flow(now)

    @property
    def _caller_holds(self) -> bool:
        """Only a turn by voice has an end to wait for."""
        local = self._settings.turn_taking == "local"
        return self._ear.speaking or (local and self._floor.by_voice)

    def _flow(self, now: float, fade_in_ms: float = 0.0) -> Iterable[Out]:
        """Hand the line what it has not got."""
        pieces = list(self._playout.flow(now, fade_in_ms))
        if not pieces:
            return
        if not self._audible and any(piece.ms for piece in pieces):
            self._audible = True
            yield MyraSpeaks()
        for response in self._playout.newly_begun():
            yield ReplyBegan(response)
        self._timeline.sent(pieces, now, self._playout.round_trip.ms)
        yield from (piece.order for piece in pieces)
        if not self._watching:
            self._watching = True
            yield StartTimer("marks", self._timeline.overdue_in(now))

    def _finished(self, event: GenerationFinished | TurnFinished, now: float) -> Iterable[Out]:
        if not self._playout.see(event.response):
            return
        if ledger := self._playout.find(event.response):
            ledger.finish()
            yield from self._flow(now)
            yield from self._settle(now)

    def _broken_off(self, cause: ModelLost | RenewWanted, now: float) -> Iterable[Out]:
        """What the session was saying goes no further."""
        if self._playout.finish_all():
            yield ReplyBrokenOff()
        yield from self._flow(now)
        yield from self._settle(now)

    def _tool_called(self, event: ToolCallRequested, now: float) -> Iterable[Out]:
        """A model that waits for its tool's answer may be silent in the middle of a reply."""
        self._playout.pause()
        return self._settle(now)

    def _mark(self, event: PlaybackMark, now: float) -> Iterable[Out]:
        if self._playout.round_trip.returned(event.name, now):
            return
        if not self._playout.acknowledge(event.name, now):
            return
        for response, at in self._playout.first_heard():
            yield FirstHeard(response, at)
        yield from self._settle(now)

    def _settle(self, now: float) -> Iterable[Out]:
        """What follows from the line having played what it had."""
        for ledger in self._playout.heard():
            speech = ledger.envelope.speech_ms()
            yield ReplyHeard(ledger.response, speech, ledger.generated_ms)
        if self._audible and not self._playout.frozen and self._playout.drained:
            if self._playout.expecting:
                yield StartTimer("gap", self._settings.reply_gap_seconds)
            else:
                self._audible = False
                yield LineQuiet()

    def _gap(self, event: TimerFired, now: float) -> Iterable[Out]:
        if self._audible and not self._playout.frozen and self._playout.drained:
            self._audible = False
            yield LineQuiet()

    def _prompt(self, moment: SayPrompt, now: float) -> Iterable[Out]:
        if self._playout.say(moment.prompt):
            yield from self._flow(now)
        elif not self._audible:
            yield LineQuiet()

    def _suspected(self, moment: Suspected, now: float) -> Iterable[Out]:
        self._playout.freeze(now)
        self._timeline.cleared(now, self._playout.round_trip.ms)
        self._audible = False
        return (ClearLine(),)

    def _false_alarm(self, moment: FalseAlarm, now: float) -> Iterable[Out]:
        self._playout.thaw(self._settings.rewind_ms)
        out = list(self._flow(now, self._settings.fade_in_ms))
        if not self._audible:
            yield LineQuiet()
        yield from out
        yield from self._settle(now)

    def _confirmed(self, moment: Confirmed, now: float) -> Iterable[Out]:
        cleared = self._playout.frozen
        cuts = self._playout.kill(now)
        self._audible = False
        if not cleared:
            self._timeline.cleared(now, self._playout.round_trip.ms)
            yield ClearLine()
        yield RepliesCut(cuts, moment.by)

    def _over(self, moment: Over, now: float) -> Iterable[Out]:
        """The line is let go: what has not been heard will not be."""
        self._audible = False
        yield RepliesCut(self._playout.kill(now), By.LINE)

    def _marks_due(self, event: TimerFired, now: float) -> Iterable[Out]:
        """A line that loses marks must not keep Myra on the floor for ever."""
        self._watching = False
        if not self._playout.waiting:
            return
        left = self._timeline.overdue_in(now)
        if left > 1e-6:
            self._watching = True
            yield StartTimer("marks", left)
            return
        self._playout.give_up_waiting(now)
        yield from self._settle(now)
