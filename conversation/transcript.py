"""Who said what, and what of it was really heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversation.actions import NoteToModel, Record
from conversation.directions import heard_only, plain
from conversation.events import CallerWords, ConversationOver, ModelWords, ToolFinished
from conversation.latency import Latency
from conversation.ledger import Cut
from conversation.moments import (
    By,
    CallerActed,
    CallerTurnEnded,
    FirstHeard,
    Out,
    Reaction,
    RepliesCut,
    ReplyBegan,
    ReplyHeard,
)
from conversation.playout import Playout
from conversation.records import TurnTaken
from conversation.spoken_words import SpeakingRate, heard_words

# What a session that does not remember is told: this many turns and results, this many
# characters at most, of one result this many.
_SUMMARY_LINES = 20
_SUMMARY_RESULT = 500
_SUMMARY_CHARACTERS = 4000


@dataclass(slots=True)
class _Said:
    text: str = ""
    began: float | None = None
    ended: float | None = None
    worth: bool = False


class Transcript:
    """Turns as they are completed. A caller's words may come late: their turn is written down
    when Myra's next one is, or the caller's own."""

    def __init__(self, playout: Playout, latency: Latency) -> None:
        self._playout = playout
        self._latency = latency
        self._rate = SpeakingRate()
        self._replies: dict[int, _Said] = {}
        self._caller: _Said | None = None
        self._count = 0
        self._lines: list[str] = []
        self.last_said = ""
        self._last_heard = ""
        self.talked_over: str | None = None

    def reactions(self) -> Mapping[type | str, Reaction]:
        return {
            ModelWords: self._model_words,
            CallerWords: self._caller_words,
            CallerTurnEnded: self._caller_turn,
            CallerActed: self._caller_acted,
            ToolFinished: self._tool_finished,
            ReplyBegan: self._reply_began,
            FirstHeard: self._first_heard,
            ReplyHeard: self._reply_heard,
            RepliesCut: self._replies_cut,
            ConversationOver: self._over,
        }

    def summary(self) -> str:
        """The latest turns and tools' results, for a session that does not remember them."""
        text = "\n".join(self._lines[-_SUMMARY_LINES:])
        return text[-_SUMMARY_CHARACTERS:]

    @property
    def last_spoken(self) -> str:
        """The newest words of Myra that were heard, or are being heard."""
        begun = [said.text.strip() for said in self._replies.values() if said.began is not None]
        return begun[-1] if begun else self._last_heard

    # The caller.

    def _caller_words(self, event: CallerWords, now: float) -> Iterable[Out]:
        if self._caller is None:
            self._caller = _Said(began=now)
        self._caller.text += event.text
        self.last_said = self._caller.text.strip()
        return ()

    def _caller_turn(self, moment: CallerTurnEnded, now: float) -> Iterable[Out]:
        if self._caller is not None and self._caller.ended is not None:
            yield from self._write_caller(now)
        if self._caller is None:
            self._caller = _Said()
        self._caller.began, self._caller.ended = moment.began, moment.ended
        self._caller.worth = moment.said

    def _caller_acted(self, moment: CallerActed, now: float) -> Iterable[Out]:
        yield from self._write_caller(now)
        self._caller = _Said(moment.text, now, now, worth=True)
        self.last_said = moment.text
        yield from self._write_caller(now)

    def _write_caller(self, now: float) -> Iterable[Out]:
        said, self._caller = self._caller, None
        if said is None or not (said.worth or said.text.strip()):
            return
        text = said.text.strip()
        began = now if said.began is None else said.began
        ended = now if said.ended is None else said.ended
        yield self._record("caller", text, text, began, ended)

    # Myra.

    def _reply(self, response: int) -> _Said:
        return self._replies.setdefault(response, _Said())

    def _model_words(self, event: ModelWords, now: float) -> Iterable[Out]:
        if self._playout.see(event.response):
            self._reply(event.response).text += event.text
        return ()

    def _tool_finished(self, event: ToolFinished, now: float) -> Iterable[Out]:
        result = event.result
        facts = plain(result.response)[:_SUMMARY_RESULT]
        self._lines.append(f"({result.name}, {result.status}: {facts})")
        return ()

    def _reply_began(self, moment: ReplyBegan, now: float) -> Iterable[Out]:
        self._reply(moment.response).began = now
        self.talked_over = None
        return ()

    def _first_heard(self, moment: FirstHeard, now: float) -> Iterable[Out]:
        self._reply(moment.response).began = moment.at
        return ()

    def _reply_heard(self, moment: ReplyHeard, now: float) -> Iterable[Out]:
        text = self._reply(moment.response).text.strip()
        self._rate.learn(text, moment.speech_ms)
        whole = _sound(moment.ms, moment.ms, moment.ms)
        yield from self._write_reply(moment.response, text, now, whole, interrupted=False)

    def _replies_cut(self, moment: RepliesCut, now: float) -> Iterable[Out]:
        heard = []
        lost = False
        for cut in moment.cuts:
            words = self._words_of(cut)
            heard.append(words)
            lost = lost or words != self._reply(cut.response).text.strip()
            sound = _sound(cut.generated, cut.sent, cut.heard)
            yield from self._write_reply(cut.response, words, now, sound, interrupted=True)
        for response in [r for r in self._replies if r <= self._playout.dead_through]:
            del self._replies[response]
        if lost and moment.by is not By.LINE:
            self.talked_over = " ".join(filter(None, heard))
            yield NoteToModel(heard_only(self.talked_over))

    def _words_of(self, cut: Cut) -> str:
        text = self._reply(cut.response).text
        speech = cut.speech if cut.finished else None
        return heard_words(text.strip(), cut.speech_heard, speech, self._rate)

    def _write_reply(
        self,
        response: int,
        heard: str,
        now: float,
        sound: Mapping[str, float],
        *,
        interrupted: bool,
    ) -> Iterable[Out]:
        if self._caller is not None and (self._caller.ended is not None or not interrupted):
            yield from self._write_caller(now)
        said = self._replies.pop(response, _Said())
        self.last_said = ""
        self._last_heard = heard
        began = now if said.began is None else said.began
        latency = self._latency.of(response)
        text = said.text.strip()
        yield self._record("myra", text, heard, began, now, interrupted, latency, response, sound)

    def _over(self, event: ConversationOver, now: float) -> Iterable[Out]:
        return self._write_caller(now)

    def _record(
        self,
        speaker: str,
        text: str,
        heard: str,
        began: float,
        ended: float,
        interrupted: bool = False,
        latency: Mapping[str, float] | None = None,
        response: int = 0,
        sound: Mapping[str, float] | None = None,
    ) -> Record:
        self._count += 1
        cut = " [interrupted]" if interrupted else ""
        self._lines.append(f"{speaker.capitalize()}: {heard}{cut}")
        turn = TurnTaken(
            self._count, speaker, text, heard, round(began, 3), round(ended, 3), interrupted,
            latency or {}, response, sound or {},
        )  # fmt: skip
        return Record(turn)


def _sound(generated: float, sent: float, heard: float) -> dict[str, float]:
    figures = {"generated": generated, "sent": sent, "heard": heard, "dropped": generated - heard}
    return {name: round(ms, 1) for name, ms in figures.items()}
