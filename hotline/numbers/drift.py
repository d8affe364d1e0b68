"""Where the account differs from what Terraform applied. Pure: facts in, findings out."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# A number that one of these is set on does not call its voice URL
# (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
OVERRIDING = ("voice_application_sid", "trunk_sid")


class Kind(enum.StrEnum):
    NUMBER = "number"
    SIP_DOMAIN = "SIP domain"


class State(enum.StrEnum):
    """``STRANGER``: rings this hotline, and Terraform does not know of it. ``OTHER``: is none of
    the hotline's business."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    STRANGER = "unknown"
    OTHER = "other"

    @property
    def is_drift(self) -> bool:
        return self in (State.CHANGED, State.GONE, State.STRANGER)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number or a SIP domain as one side has it. ``name``: the number in E.164 or the domain
    name. ``label``: Terraform's key, empty in the account. ``values``: what is compared; a value
    that is not set is an empty text."""

    kind: Kind
    sid: str
    name: str
    values: Mapping[str, str]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    setting: str
    applied: str
    found: str


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    label: str
    name: str
    sid: str
    state: State
    differences: tuple[Difference, ...] = ()


def compare(
    applied: Iterable[Entry], account: Iterable[Entry], public_url: str
) -> Iterator[Finding]:
    """A finding for every entry of either side: Terraform's in their order, then the account's.

    An entry is the same one by its SID, else by its name: a number that was released and bought
    again has another SID, which is a difference. ``public_url`` tells whose the others are.
    """
    left = {(entry.kind, entry.sid): entry for entry in account}
    for wanted in applied:
        found = left.pop((wanted.kind, wanted.sid), None)
        if found is None:
            found = next((one for one in left.values() if _same_name(one, wanted)), None)
            if found is not None:
                del left[found.kind, found.sid]
        yield _finding(wanted, found)
    for entry in left.values():
        state = State.STRANGER if _rings(entry, public_url) else State.OTHER
        yield Finding(entry.kind, "", entry.name, entry.sid, state)


def _same_name(one: Entry, other: Entry) -> bool:
    return one.kind is other.kind and one.name == other.name


def _finding(wanted: Entry, found: Entry | None) -> Finding:
    if found is None:
        return Finding(wanted.kind, wanted.label, wanted.name, wanted.sid, State.GONE)
    differences = tuple(_differences(wanted, found))
    state = State.CHANGED if differences else State.SAME
    return Finding(wanted.kind, wanted.label, wanted.name, found.sid, state, differences)


def _differences(wanted: Entry, found: Entry) -> Iterator[Difference]:
    if wanted.sid != found.sid:
        yield Difference("sid", wanted.sid, found.sid)
    for setting, value in wanted.values.items():
        there = found.values.get(setting, "")
        if there != value:
            yield Difference(setting, value, there)
    for setting in OVERRIDING:
        there = found.values.get(setting, "")
        if there and setting not in wanted.values:
            yield Difference(setting, "", there)


def _rings(entry: Entry, public_url: str) -> bool:
    url = entry.values.get("voice_url", "")
    return bool(public_url) and (url == public_url or url.startswith(f"{public_url}/"))
