"""What a clear cut: by the telephone's own playout clock, and by what the hotline believed.

The telephone knows which of the hotline's bytes it played when; the marks among them say where in
a response the bytes before them end. What the hotline believed is read from its journal, run
through the core once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conversation.actions import ClearLine
from conversation.core import Core
from conversation.moments import FalseAlarm, RepliesCut
from conversation.replay import read_journal
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.stream import MediaStream
from emulators.twilio.wire import WireFrame


@dataclass(frozen=True, slots=True)
class Clear:
    """One clear, as it reached the telephone at ``at`` (caller's clock). ``number``: the
    stream's so-manieth. ``cause`` is the kind of event that made the hotline send it; ``undone``:
    Myra went on after it. ``heard_ms`` is how far into ``response`` the telephone had played,
    ``claimed_ms`` what the hotline took for heard when it gave the response up, at this clear."""

    number: int
    at: float
    cause: str
    undone: bool
    response: int
    heard_ms: float
    claimed_ms: float | None

    @property
    def error_ms(self) -> float | None:
        return None if self.claimed_ms is None else self.claimed_ms - self.heard_ms


@dataclass(slots=True)
class _Believed:
    """A ClearLine of the journal and what became of it."""

    cause: str
    undone: bool = False
    cut: dict[int, float] | None = None


def clears_of(call: PhoneCall, journals: Path) -> list[Clear]:
    """Every clear of a finished call that had a reply to cut."""
    stream = call.streams[0]
    (path,) = journals.glob(f"*{call.identity.call_sid}*")
    believed = _believed(path)
    at = [frame.at for frame in stream.received if frame.event == "clear"]
    found = []
    for number, (when, one) in enumerate(zip(at, believed, strict=False)):
        if (place := _heard_at(stream, number)) is not None:
            response, heard = place
            claimed = (one.cut or {}).get(response)
            found.append(Clear(number, when, one.cause, one.undone, response, heard, claimed))
    return found


def _believed(path: Path) -> list[_Believed]:
    recorded = read_journal(path)
    core = Core(recorded.setting)
    found: list[_Believed] = []
    cuts: list[dict[int, float]] = []
    alarms: list[float] = []

    # Moments live within the core only: the benchmark listens where concerns do.
    def cut(moment: RepliesCut, now: float) -> tuple[()]:
        cuts.append({one.response: one.heard for one in moment.cuts})
        return ()

    def undone(moment: FalseAlarm, now: float) -> tuple[()]:
        alarms.append(now)
        return ()

    core._reactions.setdefault(RepliesCut, []).append(cut)
    core._reactions.setdefault(FalseAlarm, []).append(undone)
    for decision in recorded.decisions:
        cuts.clear()
        alarms.clear()
        actions = core.decide(decision.event, decision.now)
        if any(isinstance(action, ClearLine) for action in actions):
            found.append(_Believed(type(decision.event).__name__))
        if found and cuts and found[-1].cut is None and not found[-1].undone:
            found[-1].cut = cuts[0]
        if found and alarms and found[-1].cut is None:
            found[-1].undone = True
    return found


def _heard_at(stream: MediaStream, number: int) -> tuple[int, float] | None:
    """Which response a clear cut, and how far into it the telephone had played, in ms."""
    cut = stream.playout.clears[number]
    known: tuple[int, float] | None = None
    position = 0
    for frame in _until(stream.received, number):
        if frame.event == "media":
            position += len(frame.ulaw)
        elif frame.event == "mark" and (place := _place_of(frame.name)) is not None:
            response, ms = place
            before = known
            known = (response, ms - position / 8)
            if before is not None and position > cut.first:
                # The first mark beyond the cut belongs to the sound that was cut.
                break
    return None if known is None else (known[0], known[1] + cut.first / 8)


def _until(received: Sequence[WireFrame], clear: int) -> list[WireFrame]:
    """What was received before a clear, the ``clear``-th from 0."""
    at = [index for index, frame in enumerate(received) if frame.event == "clear"]
    return list(received[: at[clear]])


def _place_of(mark: str) -> tuple[int, float] | None:
    """The response and the position, in ms, that a mark's name tells: ``r3t1:1500``."""
    name, colon, where = mark.partition(":")
    if not colon or not name.startswith("r") or not where.isdigit():
        return None
    return int(name[1:].partition("t")[0]), float(where)
