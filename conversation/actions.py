"""Everything the core may order. The runtime performs these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversation.line import Ending
from conversation.records import Fact
from media.audio import Audio
from tools.contract import ToolCall, When


@dataclass(frozen=True, slots=True)
class Play:
    """Queue audio on the line and then ``mark``. ``last`` ends a response: filters flush.
    Empty audio sends the mark alone (after what ``last`` flushes).

    ``fade_in_ms`` softens the start of a resumed stretch.
    """

    audio: Audio
    mark: str
    last: bool = False
    fade_in_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class PlayPrompt:
    """Queue a recorded prompt by name, for when the model cannot speak."""

    prompt: str
    mark: str


@dataclass(frozen=True, slots=True)
class ClearLine:
    """Drop everything the line has queued."""


@dataclass(frozen=True, slots=True)
class SendAudio:
    """The caller's sound for the model."""

    audio: Audio


@dataclass(frozen=True, slots=True)
class SendText:
    """Words for the model that are no speech: stage directions, keyed digits, typed text."""

    text: str


@dataclass(frozen=True, slots=True)
class NoteToModel:
    """A fact for the model's history that asks for no answer, such as what was really heard."""

    text: str


@dataclass(frozen=True, slots=True)
class BeginActivity:
    """Local turn-taking only: the caller has the floor."""


@dataclass(frozen=True, slots=True)
class EndActivity:
    """Local turn-taking only: the caller's turn is over."""


@dataclass(frozen=True, slots=True)
class RunTool:
    call: ToolCall


@dataclass(frozen=True, slots=True)
class CancelTool:
    call_id: str


@dataclass(frozen=True, slots=True)
class AnswerTool:
    """The one answer a tool call id gets."""

    call_id: str
    name: str
    response: Mapping[str, Any] = field(default_factory=dict)
    when: When = When.IDLE


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Arm (or re-arm) a named timer."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    name: str


@dataclass(frozen=True, slots=True)
class RenewModel:
    """Open a fresh session in place of this one; ``resume`` with the newest handle.

    ``summary`` is told to a session that does not remember.
    """

    resume: bool = True
    summary: str = ""


@dataclass(frozen=True, slots=True)
class HangUp:
    ending: Ending


@dataclass(frozen=True, slots=True)
class Record:
    """A fact for the call's record."""

    fact: Fact


Action = (
    Play
    | PlayPrompt
    | ClearLine
    | SendAudio
    | SendText
    | NoteToModel
    | BeginActivity
    | EndActivity
    | RunTool
    | CancelTool
    | AnswerTool
    | StartTimer
    | StopTimer
    | RenewModel
    | HangUp
    | Record
)
