"""Runs a recorded call through the core again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from conversation.core import Core, Setting
from conversation.events import Event
from conversation.journal import VERSION
from conversation.journal_lines import (
    JournalError,
    action_form,
    plain,
    read_event,
    read_setting,
)
from conversation.masking import Mask, shown_number
from conversation.settings import TalkSettings

# A report names this many differences; all are counted.
_NAMED = 200

__all__ = ["Difference", "JournalError", "Recorded", "Report", "read_journal", "replay"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of a journal: ``actions`` are forms as they stand there."""

    line: int
    now: float
    event: Event
    actions: list[Any]


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A journal. ``complete``: it goes on to the conversation's end."""

    setting: Setting
    masked: bool
    complete: bool
    decisions: list[Recorded]


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision that came out otherwise: what the journal has, and what the core says."""

    line: int
    now: float
    event: str
    recorded: list[Any]
    replayed: list[Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found. ``recorded`` and ``replayed`` count actions by kind.

    Of a masked journal, decisions that hung on words may differ.
    """

    path: Path
    events: int
    seconds: float
    complete: bool
    masked: bool
    differing: int
    differences: list[Difference]
    recorded: dict[str, int]
    replayed: dict[str, int]

    @property
    def exact(self) -> bool:
        """Every decision came out the same."""
        return self.differing == 0


def replay(path: Path, settings: TalkSettings | None = None) -> Report:
    """Run the events of a journal through a fresh core and compare every decision.

    With ``settings`` the core is given these instead of the recorded ones: the report then
    shows which decisions would have been others, event by event, while the events themselves
    (timers and marks included) stay as they were.

    Raises:
        JournalError: the file is no journal of this version; names the line.
        OSError: it cannot be read.
    """
    call = read_journal(path)
    setting = call.setting
    if settings is not None:
        setting = Setting(setting.line, settings, setting.writes, setting.prompts, setting.model)
    core = Core(setting)
    mask = Mask(b"") if call.masked else None
    differences: list[Difference] = []
    recorded: Counter[str] = Counter()
    replayed: Counter[str] = Counter()
    for decision in call.decisions:
        actions = core.decide(decision.event, decision.now)
        forms = [_shown(plain(action_form(action)), mask) for action in actions]
        recorded.update(_kind(form) for form in decision.actions)
        replayed.update(_kind(form) for form in forms)
        if forms != decision.actions:
            kind = type(decision.event).__name__
            differences.append(
                Difference(decision.line, decision.now, kind, decision.actions, forms)
            )
    return Report(
        path=path,
        events=len(call.decisions),
        seconds=call.decisions[-1].now if call.decisions else 0.0,
        complete=call.complete,
        masked=call.masked,
        differing=len(differences),
        differences=differences[:_NAMED],
        recorded=dict(recorded),
        replayed=dict(replayed),
    )


def read_journal(path: Path) -> RecordedCall:
    """A journal as it was written, its sound replaced by silence.

    Raises:
        JournalError: a line is not what this version writes; names it.
        OSError: the file cannot be read.
    """
    lines = list(_lines(path))
    if not lines or not isinstance(lines[0][1], dict) or lines[0][1].get("journal") != VERSION:
        raise JournalError(f"{path}: not a journal of version {VERSION}")
    head = lines[0][1]
    decisions = []
    for number, line in lines[1:]:
        try:
            now, form, *actions = line
            decisions.append(Recorded(number, now, read_event(form), actions[0] if actions else []))
        except (TypeError, ValueError) as error:
            raise JournalError(f"{path}:{number}: {error}") from error
    complete = bool(decisions) and type(decisions[-1].event).__name__ == "ConversationOver"
    return RecordedCall(read_setting(head["setting"]), bool(head["masked"]), complete, decisions)


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Lines with their numbers. A last line that was cut off in writing is left out."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as error:
                if line.endswith(b"\n"):
                    raise JournalError(f"{path}:{number}: not JSON") from error


def _shown(form: Any, mask: Mask | None) -> Any:
    form = shown_number(form)
    return form if mask is None else mask.form(form)


def _kind(form: Any) -> str:
    if isinstance(form, list):
        return "SendAudio"
    return str(form["k"])
