"""TwiML as Twilio reads it: the verbs to carry out, and what it would object to.

Names and attributes: twilio.com/docs/voice/twiml. Codes: twilio.com/docs/api/errors.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit
from xml.etree import ElementTree

from emulators.twilio.protocol import Objection
from emulators.twilio.verbs import (
    PAUSE_SECONDS,
    Connect,
    Dial,
    Document,
    Hangup,
    Pause,
    Play,
    Redirect,
    Reject,
    Say,
    Stream,
    Unplayed,
    Verb,
)

PARAMETER_LIMIT = 500  # characters; name and value together must be fewer

_ATTRIBUTES = {
    "Response": "",
    "Connect": "action method",
    "Stream": "url name track statusCallback statusCallbackMethod connectorName audioFormat "
    "sampleRate",
    "Parameter": "name value",
    "Say": "voice language loop",
    "Play": "digits loop",
    "Pause": "length",
    "Dial": "action method timeout hangupOnStar timeLimit callerId record trim "
    "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent "
    "answerOnBridge ringTone recordingTrack sequential referUrl referMethod events passports",
    "Redirect": "method",
    "Reject": "reason",
    "Hangup": "",
}
_UNPLAYED = frozenset(
    ("Gather", "Record", "Enqueue", "Leave", "Queue", "Refer", "Start", "Stop", "Pay", "Prompt")
)
_DIALLED = frozenset(("Number", "Sip", "Client", "Conference", "Queue", "Application"))


class _Reader:
    """Reads one document; ``base`` is the address it came from."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.objections: list[Objection] = []
        self.readings: dict[str, Callable[[ElementTree.Element], Verb]] = {
            "Connect": self.connect,
            "Say": self.say,
            "Play": self.play,
            "Pause": self.pause,
            "Dial": self.dial,
            "Redirect": self.redirect,
            "Reject": self.reject,
            "Hangup": lambda _: Hangup(),
        }

    def object(self, code: int, reason: str) -> None:
        self.objections.append(Objection(code, reason))

    def verbs(self, response: ElementTree.Element) -> tuple[Verb, ...]:
        self.attributes(response)
        found = [self.verb(child) for child in response]
        return tuple(verb for verb in found if verb is not None)

    def attributes(self, element: ElementTree.Element) -> None:
        known = _ATTRIBUTES[element.tag].split()
        for name in element.attrib:
            if name not in known:
                self.object(12200, f"<{element.tag}> has no attribute {name}")

    def verb(self, element: ElementTree.Element) -> Verb | None:
        if element.tag in _UNPLAYED:
            return Unplayed(element.tag)
        reading = self.readings.get(element.tag)
        if reading is None:
            self.object(12200, f"<{element.tag}> is not a TwiML verb")
            return None
        self.attributes(element)
        return reading(element)

    def connect(self, element: ElementTree.Element) -> Connect:
        stream = None
        for noun in element:
            if noun.tag == "Stream" and stream is None:
                stream = self.stream(noun)
            else:
                self.object(12200, f"<{noun.tag}> cannot stand here in <Connect>")
        if not len(element):
            self.object(12200, "<Connect> is empty")
        return Connect(stream, self.address(element, "action"), self.method(element))

    def stream(self, element: ElementTree.Element) -> Stream | None:
        self.attributes(element)
        url = self.stream_url(element.get("url", ""))
        if (track := element.get("track", "inbound_track")) != "inbound_track":
            self.object(31941, f"<Connect><Stream> takes only inbound_track, not {track}")
            url = ""
        callback = element.get("statusCallback", "")
        if callback and not urlsplit(callback).scheme:
            self.object(12200, "<Stream statusCallback> has to be an absolute URL")
            callback = ""
        parameters = self.parameters(element)
        method = self.method(element, "statusCallbackMethod")
        return Stream(url, parameters, element.get("name", ""), callback, method) if url else None

    def stream_url(self, given: str) -> str:
        """The absolute address to connect to; empty if Twilio would not connect at all."""
        if not given:
            self.object(12200, "<Stream> needs a url")
            return ""
        parts = urlsplit(urljoin(self.base, given))
        if not urlsplit(given).scheme:  # relative: the webhook's own host
            parts = parts._replace(scheme=parts.scheme.replace("http", "ws"))
        if parts.scheme != "wss" and not (parts.scheme == "ws" and is_loopback(self.base)):
            self.object(31922, f"<Stream url> has to be wss, not {parts.scheme}")
            return ""
        if parts.query:
            self.object(31920, "<Stream url> may not have a query string; use <Parameter>")
        return urlunsplit(parts._replace(query="", fragment=""))

    def parameters(self, stream: ElementTree.Element) -> dict[str, str]:
        found: dict[str, str] = {}
        for noun in stream:
            if noun.tag != "Parameter":
                self.object(12200, f"<{noun.tag}> cannot stand in <Stream>")
                continue
            self.attributes(noun)
            name, value = noun.get("name", ""), noun.get("value", "")
            if not name:
                self.object(12200, "<Parameter> needs a name")
            elif len(name) + len(value) >= PARAMETER_LIMIT:
                self.object(12200, f"<Parameter> {name} is {PARAMETER_LIMIT} characters or longer")
            else:
                found[name] = value
        return found

    def say(self, element: ElementTree.Element) -> Say:
        return Say(" ".join("".join(element.itertext()).split()))

    def play(self, element: ElementTree.Element) -> Play:
        url = (element.text or "").strip()
        if not url and not element.get("digits"):
            self.object(12200, "<Play> needs a URL or digits")
        return Play(urljoin(self.base, url) if url else "", element.get("digits", ""))

    def pause(self, element: ElementTree.Element) -> Pause:
        length = element.get("length", str(int(PAUSE_SECONDS)))
        try:
            return Pause(float(max(0, int(length))))
        except ValueError:
            self.object(12200, f"<Pause length> is a whole number of seconds, not {length!r}")
            return Pause()

    def dial(self, element: ElementTree.Element) -> Dial:
        targets = [f"number {text}" for text in [(element.text or "").strip()] if text]
        for noun in element:
            if noun.tag not in _DIALLED:
                self.object(12200, f"<{noun.tag}> cannot be dialled")
            elif text := (noun.text or "").strip():
                targets.append(f"{noun.tag.lower()} {text}")
        if not targets:
            self.object(12200, "<Dial> has nobody to dial")
        return Dial(
            tuple(targets),
            self.address(element, "action"),
            self.method(element),
            element.get("callerId", ""),
        )

    def redirect(self, element: ElementTree.Element) -> Redirect:
        return Redirect(urljoin(self.base, (element.text or "").strip()), self.method(element))

    def reject(self, element: ElementTree.Element) -> Reject:
        reason = element.get("reason", "rejected")
        if reason not in {"rejected", "busy"}:
            self.object(12200, f"<Reject reason> is rejected or busy, not {reason}")
        return Reject(reason)

    def address(self, element: ElementTree.Element, attribute: str) -> str:
        given = element.get(attribute)
        return "" if given is None else urljoin(self.base, given)

    def method(self, element: ElementTree.Element, attribute: str = "method") -> str:
        given = element.get(attribute, "POST").upper()
        if given not in {"GET", "POST"}:
            self.object(12200, f"<{element.tag} {attribute}> is GET or POST, not {given}")
            return "POST"
        return given


def read(text: bytes, base: str) -> Document:
    """An answer to a webhook at ``base``; relative addresses are taken from there. Never raises.

    An empty answer is an empty document: the call ends.
    """
    if not text.strip():
        return Document(())
    if b"<!DOCTYPE" in text:
        return Document((), (Objection(12100, "the TwiML has a document type declaration"),))
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without a DTD there are no entities
    except ElementTree.ParseError as error:
        return Document((), (Objection(12100, f"the TwiML cannot be parsed: {error}"),))
    if root.tag != "Response":
        return Document((), (Objection(12100, f"TwiML starts with <Response>, not <{root.tag}>"),))
    reader = _Reader(urldefrag(base).url)
    try:
        verbs = reader.verbs(root)
    except ValueError as error:  # urllib's word on an address that is none
        return Document((), (Objection(12100, f"the TwiML has a wrong address: {error}"),))
    return Document(verbs, tuple(reader.objections))


def is_loopback(url: str) -> bool:
    """The address is on this machine, where development needs no TLS."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
