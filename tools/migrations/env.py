"""Alembic's entry: runs the migrations on the connection that ``upgrade`` opened."""

from __future__ import annotations

from alembic import context

from tools.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
# The caller's transaction holds everything: either all migrations apply or none.
context.run_migrations()
