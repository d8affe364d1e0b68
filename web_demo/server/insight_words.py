"""Both sides' words as they come: the caller's, and Myra's, which end where they were heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conversation.actions import Record
from conversation.events import CallerWords, ConversationOver, Event, ModelWords
from conversation.records import TurnTaken
from web_demo.server.insight_messages import Message, Reactions, transcript


@dataclass(slots=True)
class _Growing:
    text: str
    at: float


class Words:
    """Ids: ``c1``, ``c2``, ... for the caller's turns, ``r`` and the response for Myra's."""

    def __init__(self) -> None:
        self._turns = 1
        self._caller: _Growing | None = None
        self._replies: dict[int, _Growing] = {}
        self._done_through = 0

    def reactions(self) -> Reactions:
        return {
            CallerWords: self._caller_words,
            ModelWords: self._model_words,
            Record: self._recorded,
            ConversationOver: self._over,
        }

    def _caller_words(self, item: CallerWords, cause: Event, now: float) -> Iterable[Message]:
        if self._caller is None:
            self._caller = _Growing("", now)
        self._caller.text += item.text
        text = self._caller.text.strip()
        if text:
            yield transcript("caller", f"c{self._turns}", text, self._caller.at, final=False)

    def _model_words(self, item: ModelWords, cause: Event, now: float) -> Iterable[Message]:
        if item.response <= self._done_through:
            return
        said = self._replies.setdefault(item.response, _Growing("", now))
        said.text += item.text
        yield transcript("myra", f"r{item.response}", said.text.strip(), said.at, final=False)

    def _recorded(self, item: Record, cause: Event, now: float) -> Iterable[Message]:
        turn = item.fact
        if not isinstance(turn, TurnTaken):
            return
        if turn.speaker == "caller":
            yield from self._caller_turn(turn)
        else:
            yield from self._reply(turn)

    def _caller_turn(self, turn: TurnTaken) -> Iterator[Message]:
        self._caller = None
        if turn.text:
            yield transcript("caller", f"c{self._turns}", turn.text, turn.started, final=True)
        self._turns += 1

    def _reply(self, turn: TurnTaken) -> Iterator[Message]:
        yield from self._never_heard(before=turn.response)
        self._replies.pop(turn.response, None)
        self._done_through = max(self._done_through, turn.response)
        yield transcript(
            "myra",
            f"r{turn.response}",
            turn.heard if turn.interrupted else turn.text,
            turn.started,
            final=True,
            interrupted=turn.interrupted,
        )

    def _never_heard(self, before: int | None = None) -> Iterator[Message]:
        """Replies that were cut off before they had any sound."""
        for response in sorted(self._replies):
            if before is None or response < before:
                said = self._replies.pop(response)
                yield transcript("myra", f"r{response}", "", said.at, final=True, interrupted=True)

    def _over(self, item: ConversationOver, cause: Event, now: float) -> Iterable[Message]:
        return self._never_heard()
