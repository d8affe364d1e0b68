"""What QA judge a call by: latency bars, takes of sound, the line's quality; what was forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("response", sa.Integer(), nullable=False),
        sa.Column("bar", sa.JSON(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint(
            "conversation", "response", name=op.f("uq_replies_conversation_response")
        ),
    )
    op.create_table(
        "takes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("take", sa.Integer(), nullable=False),
        sa.Column("response", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("chunks_sent", sa.Integer(), nullable=False),
        sa.Column("samples_sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("played", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("underruns", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takes")),
        sa.UniqueConstraint("conversation", "take", name=op.f("uq_takes_conversation_take")),
    )
    op.create_table(
        "quality_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_reports")),
        sa.UniqueConstraint("conversation", "at", name=op.f("uq_quality_reports_conversation_at")),
    )
    # Old turns have neither; a default of the database's own fills them in.
    op.add_column("turns", sa.Column("response", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("turns", sa.Column("sound", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("calls", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_calls_door_opened_at", "calls", ["door", "opened_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_calls_door_opened_at", table_name="calls")
    op.drop_column("calls", "forgotten_at")
    op.drop_column("turns", "sound")
    op.drop_column("turns", "response")
    op.drop_table("quality_reports")
    op.drop_table("takes")
    op.drop_table("replies")
