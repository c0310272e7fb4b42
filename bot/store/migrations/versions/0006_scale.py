"""Indexes for a million messages and 200,000 runs: lists, what is on its way, one person's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PLAIN = (
    ("runs", "created_by"), ("runs", "closed_by"), ("marks", "by"), ("history", "by"),
    ("audit", "by"), ("audit", "target"), ("tokens", "person"), ("jobs", "person"),
    ("jobs", "status"),
)  # fmt: skip
UNSENT = sa.text("sent IS NULL AND reply IS NOT NULL")


def upgrade() -> None:
    for table, column in PLAIN:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index("ix_runs_newest", "runs", ["created", "id"], unique=False)
    op.create_index("ix_runs_open", "runs", ["status", "created", "id"], unique=False)
    op.create_index(
        "ix_replays_unsent", "replays", ["channel", "at"], unique=False,
        sqlite_where=UNSENT, postgresql_where=UNSENT,
    )  # fmt: skip


def downgrade() -> None:
    for name, table in (
        ("ix_replays_unsent", "replays"), ("ix_runs_open", "runs"), ("ix_runs_newest", "runs"),
    ):  # fmt: skip
        op.drop_index(name, table_name=table)
    for table, column in PLAIN[::-1]:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
