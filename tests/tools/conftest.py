"""The same tests on SQLite and on PostgreSQL: each test gets a seeded database of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.tools.counter import NOW
from tests.tools.postgres import Cluster, cluster
from tools.database import Database
from tools.migrations import upgrade
from tools.seed import seed

ON_BOTH = [
    pytest.param("sqlite", marks=pytest.mark.socket),
    pytest.param("postgres", marks=pytest.mark.postgres),
]
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "seeded.db"
    asyncio.run(_prepare(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> str:
    postgres.sql("create database seeded")
    asyncio.run(_prepare(postgres.url("seeded")))
    return "seeded"


@pytest.fixture(params=ON_BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A seeded database, on either engine."""
    if request.param == "sqlite":
        copy = tmp_path / "hotline.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        return f"sqlite:///{copy}"
    server: Cluster = request.getfixturevalue("postgres")
    name = f"test{next(_numbers)}"
    server.sql(f"create database {name} template {request.getfixturevalue('postgres_template')}")
    return server.url(name)


@pytest.fixture(params=ON_BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: Cluster = request.getfixturevalue("postgres")
    name = f"test{next(_numbers)}"
    server.sql(f"create database {name}")
    return server.url(name)


async def _prepare(url: str) -> None:
    await upgrade(url)
    database = Database(url)
    await seed(database, NOW)
    await database.close()
