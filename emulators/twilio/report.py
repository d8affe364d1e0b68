"""A call in figures, for people and for programs (``--json``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from emulators.twilio.journal import Kind
from emulators.twilio.listening import Heard
from emulators.twilio.phone_call import PhoneCall
from emulators.twilio.replies import reply_since


@dataclass(frozen=True, slots=True)
class Turn:
    """Something the caller said, at so many seconds of the call, and the wait for the reply in
    milliseconds; None if there was none before the caller's next words."""

    said: str
    at: float
    reply_ms: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """A call's summary. ``failures`` empty means that it succeeded. Seconds from the dialling."""

    url: str
    call_sid: str
    stream_sids: tuple[str, ...]
    seconds: float
    ended_by: str
    after: str
    greeting_ms: float | None
    turns: tuple[Turn, ...]
    counts: dict[str, int]
    clears: tuple[dict[str, Any], ...]
    webhooks: tuple[dict[str, Any], ...]
    objections: tuple[dict[str, Any], ...]
    transcript: tuple[dict[str, Any], ...]
    failures: tuple[str, ...]
    keys: str = ""
    recording: str = ""
    lost_frames: tuple[int, int] = (0, 0)

    @property
    def ok(self) -> bool:
        return not self.failures

    @property
    def reply_ms(self) -> tuple[float, ...]:
        """The waits for replies, in the order of the turns."""
        return tuple(turn.reply_ms for turn in self.turns if turn.reply_ms is not None)

    def as_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        replies = self.reply_ms
        return {
            "ok": self.ok,
            "failures": list(self.failures),
            "url": self.url,
            "callSid": self.call_sid,
            "streamSids": list(self.stream_sids),
            "seconds": self.seconds,
            "endedBy": self.ended_by,
            "after": self.after,
            "greetingMs": self.greeting_ms,
            "replyMs": {
                "median": round(median(replies), 1) if replies else None,
                "longest": max(replies, default=None),
            },
            "turns": [{"at": t.at, "said": t.said, "replyMs": t.reply_ms} for t in self.turns],
            "transcript": list(self.transcript),
            "keys": self.keys,
            "counts": self.counts,
            "clears": list(self.clears),
            "webhooks": list(self.webhooks),
            "objections": list(self.objections),
            "lostFrames": {"toHotline": self.lost_frames[0], "toCaller": self.lost_frames[1]},
            "recording": self.recording or None,
        }


def report(call: PhoneCall, heard: Sequence[Heard] = (), recording: str = "") -> Report:
    """The summary of a call that is over. ``recording``: where it lies."""
    journal = call.journal

    def at(moment: float) -> float:
        return round(moment - call.dialled_at, 3)

    kinds = Counter(event.kind for event in journal.events)
    returned = journal.of(Kind.MARK_RETURNED)
    played = sum(1 for event in returned if event.detail["played"])
    ended = journal.of(Kind.ENDED)
    return Report(
        url=call.url,
        call_sid=call.identity.call_sid,
        stream_sids=tuple(stream.messages.stream_sid for stream in call.streams),
        seconds=at(ended[-1].at if ended else call.now()),
        ended_by=str(call.ended_by or ""),
        after=call.after,
        greeting_ms=greeting_ms(call),
        turns=turns(call),
        counts={
            "marks": kinds[Kind.MARK],
            "marksPlayed": played,
            "marksCleared": len(returned) - played,
            "clears": kinds[Kind.CLEAR],
            "keys": kinds[Kind.KEY],
        },
        clears=tuple({"at": at(e.at), **e.detail} for e in journal.of(Kind.CLEAR)),
        webhooks=tuple({"at": at(e.at), **e.detail} for e in journal.of(Kind.WEBHOOK)),
        objections=tuple(
            {"code": o.code, "reason": o.reason, "times": journal.objected[o.code]}
            for o in journal.objections
        ),
        transcript=_transcript(call, heard),
        failures=tuple(journal.failures),
        keys=call.keys,
        recording=recording,
        lost_frames=_lost(call),
    )


def greeting_ms(call: PhoneCall) -> float | None:
    """From the start of the stream to the first sound of Myra, in milliseconds."""
    started = call.streams[0].started_at if call.streams else None
    if started is None or not call.ear.stretches:
        return None
    return round(1000 * (call.ear.stretches[0].start - started), 1)


def turns(call: PhoneCall) -> tuple[Turn, ...]:
    """The caller's turns, and how long each had to wait: from the end of the words to the first
    sound of Myra."""
    spoken = [s for s in call.spoken if s.words_begin is not None and s.words_end is not None]
    found = []
    for number, turn in enumerate(spoken):
        following = spoken[number + 1].words_begin if number + 1 < len(spoken) else None
        before = float("inf") if following is None else following
        reply = reply_since(call.ear.stretches, turn.words_end, before)
        wait = None if reply is None or reply.latency is None else round(1000 * reply.latency, 1)
        at = round((turn.words_begin or 0.0) - call.dialled_at, 3)
        found.append(Turn(turn.utterance.text, at, wait))
    return tuple(found)


def _transcript(call: PhoneCall, heard: Sequence[Heard]) -> tuple[dict[str, Any], ...]:
    lines = [
        (s.words_begin, "caller", s.utterance.text)
        for s in call.spoken
        if s.words_begin is not None and s.utterance.text
    ]
    lines += [(h.start, "myra", h.text) for h in heard if h.text]
    lines += [(e.at, "twilio", str(e.detail["text"])) for e in call.journal.of(Kind.TWILIO_SAYS)]
    return tuple(
        {"at": round(at - call.dialled_at, 3), "who": who, "text": text}
        for at, who, text in sorted(lines)
    )


def _lost(call: PhoneCall) -> tuple[int, int]:
    lost = [stream.lost_frames for stream in call.streams]
    return sum(there for there, _ in lost), sum(back for _, back in lost)
