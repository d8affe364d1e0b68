"""What the concerns of the core tell each other while one event is decided.

A moment is a conclusion drawn from events (speech began, a barge-in was confirmed); it lives
only within one ``decide``. Concerns react to events and moments with actions and moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from conversation.actions import Action
from conversation.line import Ending
from conversation.playout import Cut


class By(StrEnum):
    """What made a barge-in certain, or cut Myra off for good."""

    SPEECH = "speech"
    MODEL = "model"
    WORDS = "words"
    KEYS = "keys"
    TEXT = "text"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The caller speaks, since ``at``."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The caller's last speech was at ``at``; they may go on."""

    at: float


@dataclass(frozen=True, slots=True)
class CallerTurnEnded:
    """The caller's turn is over; its speech was from ``began`` to ``ended``.

    ``said``: there was enough of it to be answered; else it was a noise.
    """

    began: float
    ended: float
    said: bool = True


@dataclass(frozen=True, slots=True)
class Suspected:
    """Somebody speaks over Myra."""


@dataclass(frozen=True, slots=True)
class Overlapped:
    """Myra's turn starts while the caller speaks; nothing of it has been played."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The caller has the floor: what Myra was saying is dead."""

    by: By


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """It was nothing: Myra goes on."""


@dataclass(frozen=True, slots=True)
class ReplyBegan:
    """The first sound of a response was handed to the line."""

    response: int


@dataclass(frozen=True, slots=True)
class FirstHeard:
    """The first sound of a response reached the caller's ear at ``at``."""

    response: int
    at: float


@dataclass(frozen=True, slots=True)
class ReplyHeard:
    """A response of ``ms`` was heard to its end; ``speech_ms`` of it was speech, not pause."""

    response: int
    speech_ms: float
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ReplyBrokenOff:
    """The model's session ended in the middle of a reply."""


@dataclass(frozen=True, slots=True)
class RepliesCut:
    """Responses that will not be heard further, each with what became of it."""

    cuts: tuple[Cut, ...]
    by: By


@dataclass(frozen=True, slots=True)
class MyraSpeaks:
    """Sound was handed to a line that had nothing to play."""


@dataclass(frozen=True, slots=True)
class LineQuiet:
    """All that was handed to the line has been heard, and no more is expected at once."""


@dataclass(frozen=True, slots=True)
class FloorFree:
    """Nobody speaks any more."""


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """The caller waits for Myra's words since ``since``."""

    since: float


@dataclass(frozen=True, slots=True)
class CallerActed:
    """The caller typed or keyed ``text``: a turn without speech."""

    text: str


@dataclass(frozen=True, slots=True)
class ResultTold:
    """A tool's result was given to the model, which is to speak of it."""

    name: str
    response: Mapping[str, Any]
    keep: bool


@dataclass(frozen=True, slots=True)
class RenewWanted:
    """The model's session is no good any more."""


@dataclass(frozen=True, slots=True)
class SayPrompt:
    """A recorded prompt is to be heard."""

    prompt: str


@dataclass(frozen=True, slots=True)
class EndWanted:
    """The call is to end once Myra's words have been heard.

    ``prompt`` is spoken instead of a goodbye that does not come.
    """

    ending: Ending
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The caller spoke on after an interrupted goodbye: the call goes on."""


@dataclass(frozen=True, slots=True)
class Over:
    """Hang-up has been ordered."""

    reason: str


Moment = (
    SpeechBegan
    | SpeechEnded
    | CallerTurnEnded
    | Suspected
    | Overlapped
    | Confirmed
    | FalseAlarm
    | ReplyBegan
    | FirstHeard
    | ReplyHeard
    | ReplyBrokenOff
    | RepliesCut
    | MyraSpeaks
    | LineQuiet
    | FloorFree
    | AnswerDue
    | CallerActed
    | ResultTold
    | RenewWanted
    | SayPrompt
    | EndWanted
    | Withdrawn
    | Over
)
Out = Action | Moment
Reaction = Callable[[Any, float], Iterable[Out]]


class Concern(Protocol):
    """One subject of the conversation, with its own state.

    ``reactions`` are looked up once: by the type of an event or moment, or by a timer's name.
    """

    def reactions(self) -> Mapping[type | str, Reaction]: ...
