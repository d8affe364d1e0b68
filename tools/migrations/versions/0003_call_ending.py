"""How a call's line was let go, known to every process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("ending", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("calls", "ending")
