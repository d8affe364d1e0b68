"""Twilio's webhooks: a call comes in, its stream ended, its transfer ended, its state changed."""

from __future__ import annotations

import logging
import re

from starlette.requests import Request
from starlette.responses import Response

from conversation.line import After
from telephony import twiml
from telephony.after import OVER, Next, after_stream, after_transfer
from telephony.caller import e164, is_attested, mask, parse_caller
from telephony.counters import Count
from telephony.door import PhoneDoor
from telephony.forms import Form, receive, refuse
from telephony.grant import Grant
from telephony.messages import is_sid

log = logging.getLogger(__name__)

_ATTEMPT = re.compile(r"[0-9]{1,3}")


class Webhooks:
    """One method for each URL; each answers quickly, whichever process had the call's stream."""

    def __init__(self, door: PhoneDoor) -> None:
        self._door = door

    async def voice(self, request: Request) -> Response:
        """A call comes in: connect it to a stream, or say that we are busy."""
        form = await receive(self._door, request)
        if isinstance(form, Response):
            return form
        door = self._door
        if not door.live.accepting:
            return refuse(door, 503, Count.CALLS_REFUSED_DRAINING, "shutting down", form.call)
        if door.live.is_full(door.tokens.waiting(door.clock())):
            return self._busy(form)
        caller = parse_caller(form["From"])
        attested = form.vouched and is_attested(caller, form["StirVerstat"])
        connected = self._connect(form, Grant(caller, attested))
        if connected is None:
            return self._busy(form)
        door.counters.add(Count.CALLS_ADMITTED)
        fields = {"call": form.call, "caller": mask(caller.name), "kind": caller.kind.value}
        log.info("call admitted", extra=fields)
        return connected

    async def after(self, request: Request) -> Response:
        """The stream is over: lead the caller on, by how the conversation let go."""
        form = await receive(self._door, request)
        if isinstance(form, Response):
            return form
        door, attempt = self._door, _attempt(request)
        # The stream is over, also where its socket has not noticed yet.
        door.live.end(form.call, "call_over" if form["CallStatus"] in OVER else "over")
        ending = await door.ending(form.call, attempt)
        what = after_stream(
            ending,
            form["CallStatus"],
            attempt,
            door.settings.max_reattach,
            door.can_transfer(),
        )
        fields = {"call": form.call, "next": what.value, "attempt": attempt}
        log.info("after the stream", extra=fields)
        asked = ending and ending.after is After.TRANSFER
        return self._lead_on(what, form, attempt, "transfer_failed" if asked else "failed")

    async def transferred(self, request: Request) -> Response:
        """A transfer ended, or nobody took it: then the caller comes back to Myra."""
        form = await receive(self._door, request)
        if isinstance(form, Response):
            return form
        attempt = _attempt(request)
        most = self._door.settings.max_reattach
        dial = form["DialCallStatus"]
        what = after_transfer(dial, form["CallStatus"], attempt, most)
        if what is not Next.HANG_UP:
            self._door.counters.add(Count.TRANSFERS_FAILED)
        fields = {"call": form.call, "dial": dial[:16], "next": what.value}
        log.info("after the transfer", extra=fields)
        return self._lead_on(what, form, attempt, "transfer_failed")

    async def briefing(self, request: Request) -> Response:
        """The person who took a transfer hears first what it is about."""
        form = await receive(self._door, request)
        if isinstance(form, Response):
            return form
        ending = await self._door.ending(form["ParentCallSid"])
        summary = ending.detail.get("summary", "") if ending else ""
        return _xml(twiml.briefing(summary, language=self._door.settings.language))

    async def status(self, request: Request) -> Response:
        """The call's state changed; the last word on whether it is over."""
        form = await receive(self._door, request)
        if isinstance(form, Response):
            return form
        if form["CallStatus"] in OVER:
            self._door.live.end(form.call, "call_over")
            self._door.live.forget(form.call)
        return Response(status_code=204)

    async def stream_status(self, request: Request) -> Response:
        """A stream started, stopped or failed; a failed one may leave its socket half open."""
        form = await receive(self._door, request)
        if isinstance(form, Response):
            return form
        event = form["StreamEvent"]
        if event == "stream-error":
            self._door.counters.add(Count.STREAM_ERRORS_REPORTED)
            fields = {"call": form.call, "stream": form["StreamSid"], "why": form["StreamError"]}
            log.error("Twilio reports a stream error", extra=fields)
        if event in ("stream-error", "stream-stopped") and is_sid(form["StreamSid"]):
            self._door.live.end(form.call, event.replace("-", "_"), form["StreamSid"])
        return Response(status_code=204)

    def _lead_on(self, what: Next, form: Form, attempt: int, returning: str) -> Response:
        door, language = self._door, self._door.settings.language
        if what is Next.NOTHING:
            return _xml(twiml.nothing())
        if what is Next.HANG_UP:
            return _xml(twiml.hang_up())
        if what is Next.REATTACH:
            sorry = (
                twiml.SORRY_NOBODY_FREE
                if returning == "transfer_failed"
                else twiml.SORRY_RECONNECTING
            )
            grant = Grant(parse_caller(form["From"]), self._attested(form), attempt + 1, returning)
            if connected := self._connect(form, grant, say=sorry):
                door.counters.add(Count.REATTACHED)
                return connected
        if what in (Next.TRANSFER, Next.PERSON):
            door.counters.add(Count.TRANSFERS)
            sorry = twiml.SORRY_TO_A_PERSON if what is Next.PERSON else ""
            return self._transfer(form, attempt, sorry)
        door.counters.add(Count.GIVEN_UP)
        sorry = twiml.NOBODY_TOOK_IT if returning == "transfer_failed" else twiml.SORRY_GIVING_UP
        return _xml(twiml.hang_up(sorry, language=language))

    def _attested(self, form: Form) -> bool:
        caller = parse_caller(form["From"])
        return form.vouched and is_attested(caller, form["StirVerstat"])

    def _connect(self, form: Form, grant: Grant, say: str = "") -> Response | None:
        """Lead the call into a stream with a token for it; None when too many are out."""
        door = self._door
        token = door.tokens.issue(form.call, form["AccountSid"], grant, door.clock(), door.wall())
        if token is None:
            return None
        parameters = {"token": token, "call": form.call, "caller": grant.caller.name}
        return _xml(
            twiml.connect(
                self._url("/twilio/media", stream=True),
                self._url(f"/twilio/after?attempt={grant.attempt}"),
                {name: value for name, value in parameters.items() if value},
                status_url=self._url("/twilio/stream-status") if door.settings.public_url else "",
                say=say,
                language=door.settings.language,
            )
        )

    def _transfer(self, form: Form, attempt: int, say: str) -> Response:
        settings = self._door.settings
        # A caller without a number of their own calls on under the hotline's.
        own = e164(form["From"])
        return _xml(
            twiml.transfer(
                settings.transfer_number,
                self._url(f"/twilio/transferred?attempt={attempt}"),
                briefing_url=self._url("/twilio/briefing"),
                caller_id="" if own else e164(form["To"]),
                say=say,
                seconds=settings.transfer_seconds,
                language=settings.language,
            )
        )

    def _url(self, path: str, *, stream: bool = False) -> str:
        """A URL of ours as Twilio reaches it; relative without a public URL."""
        public = self._door.settings.public_url
        # https becomes wss, http ws.
        return (f"ws{public.removeprefix('http')}" if stream and public else public) + path

    def _busy(self, form: Form) -> Response:
        self._door.counters.add(Count.CALLS_REFUSED_FULL)
        log.warning("call refused: all lines are busy", extra={"call": form.call})
        return _xml(twiml.busy())


def _attempt(request: Request) -> int:
    """Which of the call's streams this is about; the URL is ours and signed."""
    value = request.query_params.get("attempt", "")
    return int(value) if _ATTEMPT.fullmatch(value) else 1


def _xml(document: str) -> Response:
    return Response(document, media_type="text/xml")
