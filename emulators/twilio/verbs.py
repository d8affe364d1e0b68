"""The TwiML verbs that the emulator acts out, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulators.twilio.protocol import Objection

# Seconds a <Pause> lasts unless it says otherwise.
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Stream:
    """Where to stream to, with what goes along in ``start.customParameters``."""

    url: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    status_callback: str = ""
    status_callback_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Connect:
    """Stream until the hotline closes the socket, then ask ``action``, if there is one."""

    stream: Stream | None
    action: str = ""
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Play:
    url: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float = PAUSE_SECONDS


@dataclass(frozen=True, slots=True)
class Dial:
    """A transfer. ``targets`` are numbers, SIP URIs or names, each with its noun before it."""

    targets: tuple[str, ...]
    action: str = ""
    method: str = "POST"
    caller_id: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Unplayed:
    """A verb that Twilio knows and this emulator does not act out."""

    verb: str


Verb = Connect | Say | Play | Pause | Dial | Redirect | Reject | Hangup | Unplayed


@dataclass(frozen=True, slots=True)
class Document:
    """The verbs in order, and what Twilio would write into its debugger."""

    verbs: tuple[Verb, ...]
    objections: tuple[Objection, ...] = ()
