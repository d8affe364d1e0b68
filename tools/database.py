"""The database: SQLite by default, PostgreSQL by URL, with the same promises on both.

A writing transaction is serialised by the database itself: SQLite's BEGIN IMMEDIATE takes the
write lock at once; PostgreSQL's rows are locked with SELECT ... FOR UPDATE by whoever changes
them (which SQLAlchemy leaves out on SQLite).
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast

import asyncpg
from sqlalchemy import CursorResult, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_SCHEMES = {**_DRIVERS, "postgres": "postgresql+asyncpg"}
_WRITING = "hotline_writing"


class DatabaseUnavailable(Exception):
    """The database does not answer (away, locked, out of connections). Trying again may help."""


def async_url(url: str) -> URL:
    """The URL with the driver this house uses.

    Raises:
        ValueError: neither SQLite nor PostgreSQL is meant. The text holds no password.
    """
    parsed = make_url(url)
    driver = _SCHEMES.get(parsed.drivername, parsed.drivername)
    if driver not in _DRIVERS.values():
        raise ValueError(
            f"{parsed.drivername}: use sqlite:///FILE or postgresql://USER@HOST/NAME as database"
        )
    if driver == _DRIVERS["sqlite"] and parsed.database in (None, "", ":memory:"):
        raise ValueError("SQLite in memory does not outlive a connection: use sqlite:///FILE")
    return parsed.set(drivername=driver)


class Database:
    """Transactions on one database. Close it when done.

    ``pool`` is the number of connections. ``wait_seconds`` is the longest wait for another's
    lock or for the server; ``queue_seconds`` for this process's own turn at a connection: long,
    because whoever gives up and comes again only makes the queue longer.
    """

    def __init__(
        self, url: str, *, pool: int = 10, wait_seconds: float = 5.0, queue_seconds: float = 30.0
    ) -> None:
        self.url = async_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, pool, wait_seconds, queue_seconds)
        # SQLite has one writer: waiting in line here is fair, its own retries are not.
        self._turn = asyncio.Lock() if self.embedded else None
        self._queue_seconds = queue_seconds

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that changes nothing.

        Raises:
            DatabaseUnavailable: the database does not answer.
        """
        with _named_failures():
            async with self._session(writing=False) as session:
                yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction that is committed at the end of the block, or rolled back on error.

        Raises:
            DatabaseUnavailable: the database does not answer; nothing was changed unless it
                went away during the very commit.
        """
        with _named_failures():
            async with AsyncExitStack() as stack:
                if self._turn is not None:
                    await stack.enter_async_context(_turn_of(self._turn, self._queue_seconds))
                session = await stack.enter_async_context(self._session(writing=True))
                yield session
                await session.commit()

    @asynccontextmanager
    async def _session(self, *, writing: bool) -> AsyncIterator[AsyncSession]:
        async with self.engine.connect() as connection:
            await connection.execution_options(**{_WRITING: writing})
            async with AsyncSession(bind=connection, expire_on_commit=False) as session:
                yield session

    async def check(self) -> None:
        """Raises ``DatabaseUnavailable`` unless the database answers."""
        async with self.reading() as session:
            await session.execute(text("select 1"))

    async def close(self) -> None:
        await self.engine.dispose()


async def insert_once(session: AsyncSession, table: type[DeclarativeBase], **values: Any) -> bool:
    """Insert a row unless one with its key exists; true if it was inserted.

    On PostgreSQL this waits for a transaction that is inserting the same key.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    result = await session.execute(insert(table).values(**values).on_conflict_do_nothing())
    return bool(cast("CursorResult[Any]", result).rowcount)


async def take_turn(session: AsyncSession, name: str) -> None:
    """Wait until no other writing transaction has the turn of that name; ends with this one.

    On SQLite every writing transaction is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(name.encode()).digest()
        key = int.from_bytes(digest[:8], "big", signed=True)
        await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})


@asynccontextmanager
async def _turn_of(turn: asyncio.Lock, seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            await turn.acquire()
    except TimeoutError as error:
        raise DatabaseUnavailable("other changes took too long") from error
    try:
        yield
    finally:
        turn.release()


def _engine(url: URL, pool: int, wait_seconds: float, queue_seconds: float) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(
            url, pool_size=pool, max_overflow=0, pool_timeout=queue_seconds, hide_parameters=True
        )
        _prepare_sqlite(engine, wait_seconds)
        return engine
    return create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=queue_seconds,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "timeout": wait_seconds,
            "server_settings": {"lock_timeout": f"{int(wait_seconds * 1000)}"},
        },
    )


def _prepare_sqlite(engine: AsyncEngine, wait_seconds: float) -> None:
    """Explicit transactions, write-ahead log, foreign keys: SQLite's defaults have none."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(wait_seconds * 1000)}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING, True)
        statement = "BEGIN IMMEDIATE" if writing else "BEGIN"
        # One hop to the connection's thread; a cursor of SQLAlchemy's takes three.
        driver: Any = connection.connection.dbapi_connection
        driver.run_async(lambda sqlite: sqlite.execute_fetchall(statement))


@contextmanager
def _named_failures() -> Iterator[None]:
    """Whatever says that the database is away becomes ``DatabaseUnavailable``."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DatabaseUnavailable(_cause(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated or _away(error.orig):
            raise DatabaseUnavailable(_cause(error)) from error
        raise
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    except sqlite3.OperationalError as error:  # from BEGIN, which SQLAlchemy does not wrap
        raise DatabaseUnavailable(str(error)) from error


def _away(error: BaseException | None) -> bool:
    """Is the server shutting down, starting, out of connections or stuck between locks?

    SQLSTATE classes 08, 53, 57 and 40, and 55P03: PostgreSQL's manual, appendix A.
    """
    state = str(getattr(error, "sqlstate", "") or "")
    return state.startswith(("08", "40", "53", "57")) or state == "55P03"


def _cause(error: Exception) -> str:
    """The driver's word without statement and parameters, which may hold personal data."""
    original = getattr(error, "orig", None)
    if isinstance(original, sqlite3.Error):
        return str(original)
    return type(original or error).__name__
