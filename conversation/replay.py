"""Runs a recorded call through the core again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
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
from conversation.what_if import Decided, what_if

# A report names this many differences; all are counted.
_NAMED = 200
_STREAMING = {"SendAudio", "Play", "StartTimer", "StopTimer"}


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
    """What the journal has and what the core says instead: forms of actions, at ``now``.

    ``line`` is the journal's line, 0 where a call held under other settings has none.
    """

    line: int
    now: float
    event: str
    recorded: list[Any]
    replayed: list[Any]


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found. ``recorded`` and ``replayed`` count actions by kind.

    ``imagined``: the call was held under other settings; differences are then those of its
    course (interruptions, turns, texts, tools, the end), not of every decision. Of a masked
    journal, decisions that hung on words may differ.
    """

    path: Path
    events: int
    seconds: float
    complete: bool
    masked: bool
    imagined: bool
    differing: int
    differences: list[Difference]
    recorded: dict[str, int]
    replayed: dict[str, int]

    @property
    def exact(self) -> bool:
        """Everything came out the same."""
        return self.differing == 0


def replay(path: Path, settings: TalkSettings | None = None) -> Report:
    """Run a journal through a fresh core and compare every decision with the recorded one.

    With ``settings`` the call is held again under these: the caller and the model do what they
    did, timers and marks follow the new decisions, and the report compares the calls' courses.

    Raises:
        JournalError: the file is no journal of this version; names the line.
        OSError: it cannot be read.
    """
    call = read_journal(path)
    mask = Mask(b"") if call.masked else None
    decided = _decided(call)
    if settings is not None:
        decided = what_if(call.setting.under(settings), decided)
    replayed = [
        Recorded(0, now, event, [_shown(plain(action_form(action)), mask) for action in actions])
        for now, event, actions in decided
    ]
    if settings is None:
        differences = _decisions(call.decisions, replayed)
    else:
        differences = _courses(call.decisions, replayed)
    return Report(
        path=path,
        events=len(call.decisions),
        seconds=call.decisions[-1].now if call.decisions else 0.0,
        complete=call.complete,
        masked=call.masked,
        imagined=settings is not None,
        differing=len(differences),
        differences=differences[:_NAMED],
        recorded=_count(call.decisions),
        replayed=_count(replayed),
    )


def _decided(call: RecordedCall) -> list[Decided]:
    """The recorded call's decisions as the core itself makes them again."""
    core = Core(call.setting)
    return [(r.now, r.event, core.decide(r.event, r.now)) for r in call.decisions]


def _decisions(recorded: list[Recorded], replayed: list[Recorded]) -> list[Difference]:
    return [
        Difference(old.line, old.now, type(old.event).__name__, old.actions, new.actions)
        for old, new in zip(recorded, replayed, strict=True)
        if old.actions != new.actions
    ]


def _courses(recorded: list[Recorded], replayed: list[Recorded]) -> list[Difference]:
    """Where two courses of a call part."""
    old, new = _course(recorded), _course(replayed)
    matcher = SequenceMatcher(None, [w for _, w in old], [w for _, w in new], autojunk=False)
    return [
        Difference(
            line=old[i1][0].line if i1 < len(old) else 0,
            now=(old[i1] if i1 < i2 else new[j1])[0].now,
            event=type((old[i1] if i1 < i2 else new[j1])[0].event).__name__,
            recorded=[orjson.loads(what) for _, what in old[i1:i2]],
            replayed=[orjson.loads(what) for _, what in new[j1:j2]],
        )
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def _course(decisions: list[Recorded]) -> list[tuple[Recorded, bytes]]:
    """What a caller would tell of a call, without its times to the millisecond."""
    return [
        (decision, orjson.dumps(_untimed(form), option=orjson.OPT_SORT_KEYS))
        for decision in decisions
        for form in decision.actions
        if _kind(form) not in _STREAMING
    ]


def _untimed(form: Any) -> Any:
    if "fact" not in form:
        return form
    times = {"started", "ended", "seconds", "latency"}
    return {**form, "fact": {k: v for k, v in form["fact"].items() if k not in times}}


def _count(decisions: list[Recorded]) -> dict[str, int]:
    return dict(Counter(_kind(form) for decision in decisions for form in decision.actions))


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
            at = float(now) if isinstance(now, int | float) else None
            if at is None:
                raise JournalError("a line begins with seconds")
            decisions.append(Recorded(number, at, read_event(form), actions[0] if actions else []))
        except (TypeError, ValueError) as error:
            raise JournalError(f"{path}:{number}: {error}") from error
    complete = bool(decisions) and type(decisions[-1].event).__name__ == "ConversationOver"
    setting = read_setting(head.get("setting"))
    return RecordedCall(setting, bool(head.get("masked")), complete, decisions)


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
