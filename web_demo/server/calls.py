"""The calls, phone and browser, over HTTP: the list, one in full, its recording and its logs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from media.wav import WavError
from tools.call_archive import BadCursor, CallPage, CallStory
from tools.database import DatabaseUnavailable
from web_demo.server.calls_files import CallFiles, event_log
from web_demo.server.calls_forms import audit_csv, audit_forms, call_form, detail_form
from web_demo.server.page import PRIVATE

_LIMIT = 50
_POINTS, _FEWEST_POINTS, _MOST_POINTS = 1000, 50, 8000
_LONGEST_SEARCH = 200


class Archive(Protocol):
    """Where calls are read from; ``tools.call_archive.CallArchive`` is one."""

    async def page(
        self, *, before: str = "", door: str = "", search: str = "", limit: int = 50
    ) -> CallPage: ...

    async def story(self, conversation: str) -> CallStory | None: ...


@dataclass(frozen=True, slots=True)
class CallsSeam:
    """What the calls' pages need of the house. ``running`` are the ids of the conversations under
    way; the folders are None where nothing is written."""

    archive: Archive
    running: Callable[[], Collection[str]]
    recordings: Path | None = None
    journals: Path | None = None


def calls_routes(seam: CallsSeam, prefix: str = "/demo/api") -> list[Route]:
    """The routes below ``prefix``. They guard nothing: that is for whoever mounts them."""
    calls = _Calls(seam)
    answers: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
        "/calls": calls.listed,
        "/calls/{id}": calls.detail,
        "/calls/{id}/recording.wav": calls.recording,
        "/calls/{id}/peaks": calls.peaks,
        "/calls/{id}/events.jsonl": calls.events,
        "/calls/{id}/audit.csv": calls.audit,
    }
    return [Route(prefix + path, _answering(answer)) for path, answer in answers.items()]


class _Refused(Exception):
    """The request cannot be met; what is said of it is for a person."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class _Calls:
    def __init__(self, seam: CallsSeam) -> None:
        self._seam = seam
        self._files = CallFiles(seam.recordings, seam.journals)

    async def listed(self, request: Request) -> Response:
        query = request.query_params
        page = await self._seam.archive.page(
            before=query.get("before", ""),
            door=query.get("door", ""),
            search=query.get("search", "")[:_LONGEST_SEARCH],
            limit=_number(query.get("limit"), "limit", _LIMIT, 1, 200),
        )
        ids = [call.record.conversation for call in page.calls]
        recorded = await asyncio.to_thread(
            lambda: {one for one in ids if self._files.recording(one) is not None}
        )
        running = set(self._seam.running())
        calls = [
            call_form(call, running=one in running, recording=one in recorded)
            for one, call in zip(ids, page.calls, strict=True)
        ]
        return _json({"calls": calls, "next": page.next})

    async def detail(self, request: Request) -> Response:
        story = await self._story(request)
        call = story.summary.record.conversation
        path = await asyncio.to_thread(self._files.recording, call)
        running = call in self._seam.running()
        form = detail_form(story, running=running, recording=path is not None)
        if path is not None and await asyncio.to_thread(self._files.incomplete, call):
            form["quality"]["recording"] = "incomplete"
        return _json(form)

    async def recording(self, request: Request) -> Response:
        path = await self._recording(request)
        return FileResponse(path, media_type="audio/wav", headers=PRIVATE)

    async def peaks(self, request: Request) -> Response:
        points = _number(
            request.query_params.get("points"), "points", _POINTS, _FEWEST_POINTS, _MOST_POINTS
        )
        path = await self._recording(request)
        try:
            outline = await asyncio.to_thread(self._files.peaks, path, points)
        except (OSError, WavError) as error:
            raise _Refused(404, f"this recording cannot be read: {error}") from error
        return _json({"seconds": outline.seconds, "caller": outline.caller, "myra": outline.myra})

    async def events(self, request: Request) -> Response:
        paths = await asyncio.to_thread(self._files.journals, request.path_params["id"])
        if not paths:
            raise _Refused(404, "there is no event log of this call")
        return StreamingResponse(
            event_log(paths), media_type="application/x-ndjson", headers=PRIVATE
        )

    async def audit(self, request: Request) -> Response:
        table = audit_csv(audit_forms(await self._story(request)))
        return Response(table, media_type="text/csv", headers=PRIVATE)

    async def _story(self, request: Request) -> CallStory:
        story = await self._seam.archive.story(request.path_params["id"])
        if story is None:
            raise _Refused(404, "there is no such call")
        return story

    async def _recording(self, request: Request) -> Path:
        path = await asyncio.to_thread(self._files.recording, request.path_params["id"])
        if path is None:
            raise _Refused(404, "there is no recording of this call")
        return path


def _answering(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """What cannot be met is told as JSON: ``{"error": text}``."""

    async def answered(request: Request) -> Response:
        try:
            if any("\0" in given for given in (request.url.path, *request.query_params.values())):
                # No database has such a text, and PostgreSQL does not even look for one.
                raise _Refused(404, "there is no such call")
            return await answer(request)
        except _Refused as refused:
            return _json({"error": str(refused)}, refused.status)
        except BadCursor as error:
            return _json({"error": f"before: {error}"}, 400)
        except DatabaseUnavailable:
            return _json({"error": "the database does not answer; try again shortly"}, 503)

    return answered


def _number(given: str | None, name: str, usual: int, least: int, most: int) -> int:
    if given is None or given == "":
        return usual
    short = given.isascii() and given.isdecimal() and len(given) < 10
    if not short or not least <= int(given) <= most:
        raise _Refused(400, f"{name} is a number from {least} to {most}")
    return int(given)


def _json(form: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(form), status, media_type="application/json", headers=PRIVATE)
