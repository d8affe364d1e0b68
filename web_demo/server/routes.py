"""The browser door's URLs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from web_demo.server.door import BrowserDoor, Full
from web_demo.server.messages import (
    LIMIT_REACHED,
    NO_SUCH_SESSION,
    NOT_UNDERSTOOD,
    OVER,
    PROTO,
    RESTART,
    SIGN_IN_FIRST,
    WRONG_ORIGIN,
    Hello,
    NotUnderstood,
    parse_batch,
    parse_text,
    written,
)
from web_demo.server.page import PRIVATE, Page
from web_demo.server.session import GONE_ERRORS, close
from web_demo.server.sign_in import Gate, TooManyTries

HELLO_SECONDS = 5.0
BODY_SECONDS = 10.0
MAX_BATCH_BYTES = 256 * 1024
Answer = Callable[[Request], Awaitable[Response]]


def routes(
    door: BrowserDoor,
    page: Page,
    calls: Sequence[Route],
    bookings: Callable[[], list[dict[str, str]]] | None,
) -> list[BaseRoute]:
    """The page, its socket and its API. ``calls`` are guarded here; ``bookings`` can be read
    aloud to Myra, None where they are not the demonstration's."""
    api = _Api(door, bookings)
    guarded = [
        Route(route.path, _Guarded(door, route.app), methods=list(route.methods or ()))
        for route in calls
    ]
    return [
        Route("/demo", _to_page),
        Route("/demo/", page.index),
        Route("/demo/calls", page.index),
        Route("/demo/calls/{id}", page.index),
        Route("/demo/sign-in", api.by_link),
        Route("/demo/frames", api.frames, methods=["POST"]),
        Route("/demo/api/me", api.me),
        Route("/demo/api/sign-in", api.sign_in, methods=["POST"]),
        Route("/demo/api/sign-out", api.sign_out, methods=["POST"]),
        Route("/demo/api/bookings", api.bookings),
        *guarded,
        WebSocketRoute("/demo/socket", _Socket(door).serve),
        Route("/demo/{path:path}", page.part),
    ]


async def _to_page(_: Request) -> Response:
    return RedirectResponse("/demo/", 308)


class _Guarded:
    """An application for visitors only."""

    def __init__(self, door: BrowserDoor, inner: ASGIApp) -> None:
        self._door = door
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._door.gate.visitor(Request(scope)) is None:
            await _signed_out(self._door.gate)(scope, receive, send)
        else:
            await self._inner(scope, receive, send)


def _signed_out(gate: Gate) -> Response:
    told = {"error": gate.way_in, "password": gate.asks_password}
    return JSONResponse(told, 401, headers=PRIVATE)


class _Api:
    def __init__(
        self, door: BrowserDoor, bookings: Callable[[], list[dict[str, str]]] | None
    ) -> None:
        self._door = door
        self._bookings = bookings

    async def me(self, request: Request) -> Response:
        gate = self._door.gate
        visitor = gate.visitor(request)
        if visitor is None:
            return _signed_out(self._door.gate)
        vad = not self._door.settings.disable_vad
        told = {
            "name": visitor.name,
            "sign_in": gate.signs_in,
            "vad": vad,
            "masked": True,
            "emulated": self._door.emulated,
        }
        return JSONResponse(told, headers=PRIVATE)

    async def sign_in(self, request: Request) -> Response:
        if not self._door.welcomes(request.headers.get("origin", ""), request.url.netloc):
            return JSONResponse({"error": "not from this page"}, 403, headers=PRIVATE)
        password = _password(await _body(request, 4096))
        try:
            address = request.client.host if request.client else ""
            right = self._door.gate.is_password(password, address)
        except TooManyTries:
            text = "too many wrong passwords; wait a minute"
            return JSONResponse({"error": text}, 429, headers=PRIVATE)
        if not right:
            return JSONResponse({"error": "that is not the password"}, 401, headers=PRIVATE)
        response = JSONResponse({}, headers=PRIVATE)
        self._door.gate.admit(response, "QA", secure=request.url.scheme == "https")
        return response

    async def by_link(self, request: Request) -> Response:
        name = self._door.gate.link_name(request.query_params.get("link", ""))
        if not name:
            return RedirectResponse("/demo/?link=expired", 303, headers=PRIVATE)
        response = RedirectResponse("/demo/", 303, headers=PRIVATE)
        self._door.gate.admit(response, name, secure=request.url.scheme == "https")
        return response

    async def sign_out(self, request: Request) -> Response:
        response = JSONResponse({}, headers=PRIVATE)
        self._door.gate.dismiss(response)
        return response

    async def bookings(self, request: Request) -> Response:
        if self._door.gate.visitor(request) is None:
            return _signed_out(self._door.gate)
        if self._bookings is None:
            return JSONResponse({"error": "not the demonstration's data"}, 404, headers=PRIVATE)
        return JSONResponse({"bookings": self._bookings()}, headers=PRIVATE)

    async def frames(self, request: Request) -> Response:
        """The way round a socket that does not work."""
        session = self._door.find(
            request.query_params.get("session", ""), request.headers.get("x-session-secret", "")
        )
        if session is None:
            return JSONResponse({"error": "no such session"}, 404, headers=PRIVATE)
        try:
            for frame in parse_batch(await _body(request, MAX_BATCH_BYTES)):
                session.line.hear(frame)
        except NotUnderstood as error:
            return JSONResponse({"error": str(error)}, 400, headers=PRIVATE)
        return JSONResponse({"seq": session.line.heard_seq}, headers=PRIVATE)


async def _body(request: Request, most: int) -> bytes:
    """The body; nothing of one that is too long, too slow or breaks off."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    return b""
    except (TimeoutError, ClientDisconnect):
        return b""
    return body


def _password(body: bytes) -> str:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(told.get("password", "")) if isinstance(told, dict) else ""


class _Socket:
    """``/demo/socket``: from the upgrade to a session. Codes tell the page what to do."""

    def __init__(self, door: BrowserDoor) -> None:
        self._door = door

    async def serve(self, socket: WebSocket) -> None:
        await socket.accept()
        if not self._door.welcomes(socket.headers.get("origin", ""), socket.url.netloc):
            await close(socket, WRONG_ORIGIN, "this page's address is not one the server allows")
        elif (visitor := self._door.gate.visitor(socket)) is None:
            await close(socket, SIGN_IN_FIRST, "sign in first")
        elif hello := await self._hello(socket):
            await self._attach(socket, hello, visitor.name)

    async def _hello(self, socket: WebSocket) -> Hello | None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                message = parse_text(await socket.receive_text())
        except TimeoutError:
            await close(socket, NOT_UNDERSTOOD, "no hello within 5 s")
        except (NotUnderstood, KeyError) as error:
            await close(socket, NOT_UNDERSTOOD, str(error))
        except WebSocketDisconnect:
            return None
        else:
            if isinstance(message, Hello) and message.proto == PROTO:
                return message
            text = "This page is another version than the server. Reload it."
            await self._refuse(socket, NOT_UNDERSTOOD, "version", text, retry=False)
        return None

    async def _attach(self, socket: WebSocket, hello: Hello, visitor: str) -> None:
        if hello.resume:
            session = self._door.find(hello.resume.session, hello.resume.secret)
            if session is None:
                over = self._door.is_over(hello.resume.session)
                code = OVER if over else NO_SUCH_SESSION
                await close(socket, code, "that conversation is over")
                return
        else:
            try:
                session = self._door.begin(hello, visitor)
            except Full as full:
                code = RESTART if full.retry else LIMIT_REACHED
                await self._refuse(socket, code, full.code, str(full), retry=full.retry)
                return
        await session.carry(socket, hello)

    async def _refuse(
        self, socket: WebSocket, close_code: int, code: str, text: str, *, retry: bool
    ) -> None:
        try:
            error = {"type": "error", "code": code, "text": text, "retry": retry}
            await socket.send_text(written(error))
        except GONE_ERRORS:
            return
        await close(socket, close_code, text)
