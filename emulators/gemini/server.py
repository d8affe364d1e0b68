"""The listeners: who may come in, and what each connection meets."""

from __future__ import annotations

import asyncio
import random
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import cast
from urllib.parse import parse_qs, urlsplit

import orjson
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State

from emulators.gemini import replies
from emulators.gemini.behaviour import Behaviour
from emulators.gemini.connection import EmulatorConnection
from emulators.gemini.conversation import Conversation
from emulators.gemini.engines import Workshop
from emulators.gemini.faults import UPGRADE, Fault, FaultPlan, UpgradeFaults, parse_faults
from emulators.gemini.journal import Journal
from emulators.gemini.messages import SetupMessage
from emulators.gemini.outlet import Outlet
from emulators.gemini.resumption import ResumptionStore, Stay
from emulators.gemini.session import Session
from emulators.gemini.setup import Setup, read_setup
from emulators.gemini.turn import Stage
from emulators.gemini.wire import Refused, parse

STATISTICS = "/statistics"
SETUP_DEADLINE = 30.0
MAX_MESSAGE = 16 << 20
_METHOD = re.compile(r"BidiGenerateContent(Constrained)?$")


@dataclass(frozen=True, slots=True)
class Address:
    """What a request's path and query say. Gateways in front of Vertex keep any path they like."""

    vertex: bool
    known: bool
    credentials: bool
    faults: tuple[Fault, ...]


def read_address(request: Request) -> Address:
    """The platform that is meant, whether credentials came along, and faults asked for.

    Raises:
        ValueError: the ``fault`` of the query is no fault specification.
    """
    url = urlsplit(request.path)
    path = re.sub(r"/{2,}", "/", url.path)
    query = parse_qs(url.query)
    headers = request.headers
    credentials = bool(
        headers.get("x-goog-api-key")
        or headers.get("Authorization", "").startswith(("Bearer ", "Token "))
        or query.get("key")
        or query.get("access_token")
    )
    return Address(
        vertex="GenerativeService" not in path,
        known=bool(_METHOD.search(path)) and ("Service" in path),
        credentials=credentials,
        faults=parse_faults(",".join(query.get("fault", []))),
    )


class Emulator:
    """The service: conversations, handles and faults shared by all its connections.

    ``idle`` is set while no connection is open.
    """

    def __init__(
        self,
        workshop: Workshop,
        behaviour: Behaviour,
        journal: Journal,
        faults: Iterable[Fault] = (),
        seed: int = 0,
    ) -> None:
        self._workshop = workshop
        self._behaviour = behaviour
        self._journal = journal
        self._faults = tuple(faults)
        self._seed = seed
        self._upgrades = UpgradeFaults(self._faults, _chance(seed, "upgrade"))
        self._store: ResumptionStore[Conversation] = ResumptionStore(
            _chance(seed, "handles"), behaviour.handle_lifetime
        )
        self._numbers = count(1)
        self._open = 0
        self.idle = asyncio.Event()
        self.idle.set()

    @asynccontextmanager
    async def listen(
        self, host: str, port: int, tls: ssl.SSLContext | None
    ) -> AsyncIterator[Server]:
        """Serves on this port, with TLS or without; 0 takes any free one."""
        async with serve(
            self._serve,
            host,
            port,
            ssl=tls,
            process_request=self._admit,
            create_connection=EmulatorConnection,
            compression=None,
            max_size=MAX_MESSAGE,
            ping_interval=None,
            close_timeout=2,
            server_header="ESF",
        ) as server:
            yield server

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """None lets the request become a WebSocket."""
        if urlsplit(request.path).path == STATISTICS:
            return self._statistics()
        try:
            address = read_address(request)
        except ValueError as error:
            return connection.respond(HTTPStatus.BAD_REQUEST, f"{error}\n")
        status = self._upgrades.status(address.faults)
        if status is None and address.known and not address.credentials:
            status = HTTPStatus.FORBIDDEN
        if status is not None:
            self._journal.note("-", "out", f"http{int(status)}")
            return connection.respond(HTTPStatus(status), "")
        return None

    def _statistics(self) -> Response:
        body = orjson.dumps(
            {"open": self._open, "resumable": len(self._store), **self._journal.statistics()}
        )
        headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(body))})
        return Response(HTTPStatus.OK, "OK", headers, body)

    async def _serve(self, connection: ServerConnection) -> None:
        name = f"c{next(self._numbers)}"
        self._open += 1
        self.idle.clear()
        try:
            mine, request = cast(EmulatorConnection, connection), cast(Request, connection.request)
            await self._welcome(mine, read_address(request), name)
        except Refused as refused:
            self._journal.note(name, "out", f"close{refused.code}", reason=refused.reason)
            await connection.close(refused.code, refused.reason)
        except ConnectionClosed:
            self._journal.note(name, "in", "goneBeforeSetup")
        finally:
            self._open -= 1
            if not self._open:
                self.idle.set()
            self._journal.ended(name)

    async def _welcome(self, connection: EmulatorConnection, address: Address, name: str) -> None:
        setup = await self._setup(connection, address, name)
        rng = _chance(self._seed, name)
        asked = self._asked_faults(setup, address)
        plan = FaultPlan(asked, rng)
        if pong := plan.connection("slowpong") or plan.connection("nopong"):
            connection.withhold_pongs(pong.seconds(10.0) if pong.name == "slowpong" else None)
        outlet = Outlet(connection, name, self._journal, text=plan.connection("text") is not None)
        stay = self._stay(setup, lambda: connection.state is State.OPEN)
        try:
            if plan.connection("nosetup"):
                await connection.wait_closed()
                return
            if late := plan.connection("setupdelay"):
                await asyncio.sleep(late.seconds(3.0))
            session_id = f"{rng.getrandbits(64):016x}" if setup.vertex else ""
            await outlet.send(replies.setup_complete(session_id))
            stage = Stage(setup, stay.value, outlet, self._workshop, self._behaviour, rng)
            session = Session(name, stage, plan, self._journal, lambda: self._store.issue(stay))
            await session.run(connection)
        finally:
            self._store.close(stay, asyncio.get_running_loop().time())

    async def _setup(self, connection: EmulatorConnection, address: Address, name: str) -> Setup:
        try:
            async with asyncio.timeout(SETUP_DEADLINE):
                frame = await connection.recv()
        except TimeoutError:
            raise Refused(1008, "Deadline expired waiting for the setup message.") from None
        messages = parse(frame, strict=self._behaviour.strict)
        if len(messages) != 1 or not isinstance(messages[0], SetupMessage):
            raise Refused(1007, "Request contains an invalid argument: the first is no setup.")
        self._journal.received(name, messages[0])
        return read_setup(
            messages[0].fields, vertex=address.vertex, any_model=self._behaviour.any_model
        )

    def _asked_faults(self, setup: Setup, address: Address) -> tuple[Fault, ...]:
        """The emulator's own, then those of the address and of the model's name."""
        try:
            named = parse_faults(setup.fault)
        except ValueError as error:
            raise Refused(1007, str(error)) from error
        return tuple(
            fault for fault in (*self._faults, *address.faults, *named) if fault.name not in UPGRADE
        )

    def _stay(self, setup: Setup, connected: Callable[[], bool]) -> Stay[Conversation]:
        model = setup.model.name
        if not setup.handle:
            return Stay(Conversation(setup, self._workshop.engines.make_mind), model, connected)
        now = asyncio.get_running_loop().time()
        stay = self._store.resume(
            setup.handle, model, now, connected, take_over=self._behaviour.resume_while_open
        )
        stay.value.resumed(setup)
        return stay


def _chance(seed: int, purpose: str) -> random.Random:
    return random.Random(f"{seed} {purpose}")  # noqa: S311 - repeatable is what is wanted


def port_of(server: Server) -> int:
    """The port a listener really has."""
    return int(next(iter(server.sockets)).getsockname()[1])


@asynccontextmanager
async def listening(
    emulator: Emulator, host: str, port: int, plain_port: int | None, tls: ssl.SSLContext
) -> AsyncIterator[tuple[int, int | None]]:
    """Both listeners, and the ports they have; without ``plain_port`` only the one with TLS."""
    async with AsyncExitStack() as stack:
        secure = await stack.enter_async_context(emulator.listen(host, port, tls))
        if plain_port is None:
            yield port_of(secure), None
            return
        plain = await stack.enter_async_context(emulator.listen(host, plain_port, None))
        yield port_of(secure), port_of(plain)
