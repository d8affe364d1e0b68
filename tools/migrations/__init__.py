"""Brings a database to the current tables, by Alembic, from within the program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tools.database import Database, take_turn


async def upgrade(url: str) -> None:
    """Create or change the tables up to the newest migration.

    Raises:
        DatabaseUnavailable: the database does not answer.
        ValueError: neither SQLite nor PostgreSQL is meant.
    """
    database = Database(url, pool=1)
    try:
        async with database.writing() as session:
            # Two processes that start at once upgrade one after the other.
            await take_turn(session, "migrations")
            connection = await session.connection()
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


async def is_current(database: Database) -> bool:
    """Have all migrations been applied?"""
    async with database.reading() as session:
        connection = await session.connection()
        return await connection.run_sync(_at_head)


async def is_behind(database: Database) -> bool:
    """Are there migrations of ours that were not applied? A database that a newer program has
    upgraded is not behind: a rollout upgrades it before the last old process is gone."""
    async with database.reading() as session:
        connection = await session.connection()
        return await connection.run_sync(_lacks_some)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _at_head(connection: Connection) -> bool:
    applied = set(MigrationContext.configure(connection).get_current_heads())
    return applied == set(ScriptDirectory.from_config(_config()).get_heads())


def _lacks_some(connection: Connection) -> bool:
    applied = set(MigrationContext.configure(connection).get_current_heads())
    scripts = ScriptDirectory.from_config(_config())
    ours = {script.revision for script in scripts.walk_revisions()}
    return applied <= ours and applied != set(scripts.get_heads())
