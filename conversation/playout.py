"""What the line plays: responses and prompts in order, each with its ledger, and what of them
the caller really heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from conversation.ledger import Cut, Ledger, Piece, Spacing
from conversation.prompt_ledger import PromptLedger
from conversation.round_trip import RoundTrip
from media.audio import Audio

__all__ = ["Cut", "Ledger", "Playout", "RoundTrip", "Spacing"]


class Playout:
    """The queue of everything Myra has said that is not yet heard.

    ``dead_through``: responses up to this number are dead, their late sound goes nowhere.
    While ``frozen``, sound is kept and not sent.
    """

    def __init__(self, spacing: Spacing, prompts: Mapping[str, float]) -> None:
        self.round_trip = RoundTrip()
        self.dead_through = 0
        self.latest = 0
        self.frozen = False
        self._spacing = spacing
        self._prompts = prompts
        self._queue: list[Ledger | PromptLedger] = []
        self._playing: Ledger | PromptLedger | None = None
        self._take = 1
        self._said_prompts = 0

    def see(self, response: int) -> bool:
        """Note that the model speaks of this response; whether it is alive."""
        self.latest = max(self.latest, response)
        return response > self.dead_through

    def bury(self, response: int) -> None:
        """Whatever still comes of this response, or an earlier one, goes nowhere."""
        self.dead_through = max(self.dead_through, response)

    def add(self, response: int, audio: Audio, levels: tuple[float, ...]) -> Ledger | None:
        """Keep a piece of a response; None when that is dead, or there is nothing of it yet."""
        if not self.see(response):
            return None
        ledger = self.find(response)
        if ledger is None and not audio.pcm:
            return None
        if ledger is None:
            for earlier in self._queue:
                earlier.finished = True
            ledger = Ledger(response, self._spacing)
            self._queue.append(ledger)
        ledger.add(audio, levels)
        return ledger

    def say(self, prompt: str) -> bool:
        """Queue a recorded prompt; False when there is none of that name."""
        if prompt not in self._prompts:
            return False
        self._said_prompts += 1
        self._queue.append(PromptLedger(self._said_prompts, prompt, self._prompts[prompt]))
        return True

    def find(self, response: int) -> Ledger | None:
        for ledger in self._queue:
            if isinstance(ledger, Ledger) and ledger.response == response:
                return ledger
        return None

    def flow(self, now: float, fade_in_ms: float = 0.0) -> Iterator[Piece]:
        """What may go to the line and has not yet. The first piece fades in."""
        if self.frozen:
            return
        for ledger in self._queue:
            for piece in ledger.pieces(now, self._take, fade_in_ms):
                fade_in_ms = 0.0
                yield piece

    def newly_begun(self) -> Iterator[int]:
        """Responses of which the line has got something, each once."""
        for ledger in self._queue:
            if isinstance(ledger, Ledger) and ledger.sent_ms > 0 and not ledger.begun:
                ledger.begun = True
                yield ledger.response

    def first_heard(self) -> Iterator[tuple[int, float]]:
        """Responses whose sound has reached the caller, and since when, each once."""
        for ledger in self._queue:
            if isinstance(ledger, Ledger) and ledger.audible_from is not None and not ledger.heard:
                ledger.heard = True
                yield ledger.response, ledger.audible_from - self.round_trip.ms / 2000

    def acknowledge(self, name: str, now: float) -> bool:
        """Note a returned mark. Marks of the past and of nobody are ignored: False."""
        for index, ledger in enumerate(self._queue):
            if ledger.acknowledge(name, now, self.round_trip.ms):
                for earlier in self._queue[:index]:  # played before it, whatever became of marks
                    earlier.give_up_waiting(now)
                if not ledger.waiting and index + 1 < len(self._queue):
                    self._queue[index + 1].begin(now, self.round_trip.ms)
                return True
        return False

    def heard(self) -> Iterable[Ledger]:
        """Responses that have been heard to their end, each once; they leave the queue."""
        done = [ledger for ledger in self._queue if ledger.complete]
        self._queue = [ledger for ledger in self._queue if not ledger.complete]
        return [ledger for ledger in done if isinstance(ledger, Ledger)]

    def freeze(self, now: float) -> None:
        """The line is cleared; what it still held will be sent again or dropped."""
        self._playing = next((ledger for ledger in self._queue if ledger.waiting), None)
        for ledger in self._queue:
            ledger.freeze(now, self.round_trip.ms)
        self.frozen = True
        self._take += 1

    def stopped(self, mark: str, past_ms: float) -> None:
        """The far end has stopped by itself, so far from this mark's place."""
        for ledger in self._queue:
            if ledger.stopped(mark, past_ms):
                return

    def thaw(self, rewind_ms: float) -> None:
        """Go on from a little before the place where it was frozen."""
        self.frozen = False
        if self._playing is not None:
            self._playing.rewind(rewind_ms)
            self._playing = None

    def kill(self, now: float) -> tuple[Cut, ...]:
        """Drop everything, also what the model may still send of it."""
        cuts = tuple(
            ledger.cut(now, self.round_trip.ms)
            for ledger in self._queue
            if isinstance(ledger, Ledger)
        )
        self._queue.clear()
        self._playing = None
        self.frozen = False
        self._take += 1
        self.dead_through = max(self.dead_through, self.latest)
        return cuts

    def finish_all(self) -> bool:
        """No response goes any further: its session is gone. Whether one broke off by it."""
        broken = [ledger for ledger in self._queue if not ledger.finished]
        for ledger in broken:
            ledger.finished = True
        return bool(broken)

    def pause(self) -> None:
        """The model waits for a tool: what it is saying may stop before its end."""
        for ledger in self._queue:
            ledger.paused = True

    @property
    def waiting(self) -> bool:
        """Whether marks are out."""
        return any(ledger.waiting for ledger in self._queue)

    def give_up_waiting(self, now: float) -> None:
        """Take what the line holds as heard: its marks do not come back."""
        for ledger in self._queue:
            ledger.give_up_waiting(now)

    def alive(self, response: int) -> bool:
        """Whether something of this response or an earlier one is still to be heard."""
        return any(0 < ledger.response <= response for ledger in self._queue)

    @property
    def empty(self) -> bool:
        return not self._queue

    @property
    def drained(self) -> bool:
        """Everything there is has been heard; an unfinished response may go on."""
        return all(ledger.drained for ledger in self._queue)

    @property
    def expecting(self) -> bool:
        """A drained response that is neither finished nor waits for a tool: more may come."""
        return any(not ledger.finished and not ledger.paused for ledger in self._queue)
