"""Faults on demand: what goes wrong, when, and how often.

A specification is a list ``name[=value][@when][%probability]`` parted by commas::

    close1011@3s            closes 3 s after setupComplete
    close1008=some_words@turn2   closes amid turn 2 (underscores are spaces)
    stall=2s@turn1,bundle   a gap of 2 s in turn 1; several fields a message all along
    empty%0.01              one turn in a hundred stays silent

``@3s`` counts from setupComplete, ``@turn2`` is the second turn; without it a fault holds for the
whole connection, or for every turn. A probability is drawn once per connection for faults of the
connection and once per turn for faults of turns, from the emulator's seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

UPGRADE = {"http": "refuse the upgrade with this status; =N only the first N connections"}
CONNECTION = {
    "nosetup": "setupComplete never comes",
    "setupdelay": "setupComplete comes this much later",
    "nopong": "pings stay unanswered",
    "slowpong": "pongs come this much later",
    "text": "text frames instead of binary ones",
    "nocancel": "no toolCallCancellation when calls are void",
    "freeze": "after an interruption nothing is answered any more",
}
TIMED = {
    "close": "close with this code, =reason",
    "drop": "the TCP connection breaks",
    "goaway": "goAway, =time left, then 1011",
}
TURN = {
    "empty": "no audio in the turn",
    "silent": "the turn never begins",
    "premature": "the turn ends after its first chunks",
    "noturncomplete": "turnComplete never comes",
    "phantom": "interrupted after the turn, nobody having spoken",
    "duplicate": "the input transcription comes twice",
    "bigframe": "one audio message of more than 1 MiB",
    "stall": "a gap of this length amid the audio",
    "bundle": "several fields in one message, as newer models send them",
    "usageonly": "messages with nothing but usageMetadata",
    "odd": "audio chunks of odd byte lengths",
    "midcall": "a toolCall arrives amid the speech that precedes it",
    "repeatcall": "every toolCall comes twice, under another id",
    "slow": "audio at this multiple of real time",
}
REASONS = {
    1000: "",
    1007: "Request contains an invalid argument.",
    1008: "Operation is not implemented, or supported, or enabled.",
    1011: "Internal error encountered.",
}
_NUMBERED = ("http", "close")
_SPEC = re.compile(
    r"(?P<name>[a-z]+?)(?P<number>\d*)(=(?P<value>[^@%]*))?"
    r"(@(turn(?P<turn>\d+)|(?P<after>\d+(\.\d+)?)s?))?(%(?P<probability>\d*\.?\d+))?$"
)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s)?$")


@dataclass(frozen=True, slots=True)
class Fault:
    """``number`` is the status or close code of the faults that have one, else 0."""

    name: str
    number: int = 0
    value: str = ""
    after: float | None = None
    turn: int | None = None
    probability: float = 1.0

    @property
    def reason(self) -> str:
        """Close reason: as given, else what the service says with this code."""
        return self.value.replace("_", " ") or REASONS.get(self.number, "")

    def seconds(self, default: float) -> float:
        """The value as a duration: ``2``, ``2s`` or ``500ms``."""
        found = _DURATION.match(self.value)
        if not found:
            return default
        return float(found.group(1)) / (1000 if found.group(2) == "ms" else 1)


def parse_faults(specification: str) -> tuple[Fault, ...]:
    """The faults a specification names.

    Raises:
        ValueError: with the part that is wrong and the names there are.
    """
    return tuple(_fault(part.strip()) for part in specification.split(",") if part.strip())


def _fault(part: str) -> Fault:
    found = _SPEC.match(part)
    if not found:
        raise ValueError(f"fault {part!r}: write name[=value][@3s or @turn2][%probability]")
    name, number = found["name"], found["number"]
    names = UPGRADE | CONNECTION | TIMED | TURN
    if name not in names:
        raise ValueError(f"fault {part!r}: no fault {name!r}; there are {', '.join(names)}")
    if (name in _NUMBERED) != bool(number):
        raise ValueError(f"fault {part!r}: a number belongs to http and close, as in close1011")
    return Fault(
        name=name,
        number=int(number or 0),
        value=found["value"] or "",
        after=float(found["after"]) if found["after"] else None,
        turn=int(found["turn"]) if found["turn"] else None,
        probability=float(found["probability"] or 1),
    )


class FaultPlan:
    """The faults of one connection, their chances drawn from its own random numbers."""

    def __init__(self, faults: Iterable[Fault], rng: random.Random) -> None:
        self._rng = rng
        drawn = [fault for fault in faults if fault.name in TURN or self._falls(fault)]
        self._connection = {fault.name: fault for fault in drawn if fault.name in CONNECTION}
        self.timed = [fault for fault in drawn if fault.name in TIMED and fault.turn is None]
        self._turns = [
            fault
            for fault in drawn
            if fault.name in TURN or (fault.name in TIMED and fault.turn is not None)
        ]

    def connection(self, name: str) -> Fault | None:
        """That fault, if it holds for the whole connection."""
        return self._connection.get(name)

    def turn(self, number: int) -> dict[str, Fault]:
        """The faults of the turn of that number, counted from 1; asked once for each turn."""
        return {
            fault.name: fault
            for fault in self._turns
            if fault.turn in (None, number) and (fault.name in TIMED or self._falls(fault))
        }

    def _falls(self, fault: Fault) -> bool:
        return fault.probability >= 1 or self._rng.random() < fault.probability


class UpgradeFaults:
    """Which connections are refused before they are WebSockets; shared by all of them."""

    def __init__(self, faults: Iterable[Fault], rng: random.Random) -> None:
        self._rng = rng
        self._faults = [fault for fault in faults if fault.name in UPGRADE]

    def status(self, also: Iterable[Fault] = ()) -> int | None:
        """The HTTP status to refuse this connection with, or None."""
        for fault in also:
            if fault.name in UPGRADE:
                return fault.number
        for place, fault in enumerate(self._faults):
            if fault.probability < 1 and self._rng.random() >= fault.probability:
                continue
            if fault.value:
                left = int(fault.seconds(0))
                if left <= 0:
                    continue
                self._faults[place] = replace(fault, value=str(left - 1))
            return fault.number
        return None
