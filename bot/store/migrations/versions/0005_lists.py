"""Checklists of one's own, runs that are archived or repeat, reminders, names of tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW: tuple[tuple[str, sa.Column[object]], ...] = (
    ("runs", sa.Column("archived", sa.Double(), nullable=True)),
    ("runs", sa.Column("repeats", sa.JSON(), nullable=True)),
    ("runs", sa.Column("next_start", sa.String(length=10), nullable=True)),
    ("sessions", sa.Column("label", sa.String(length=80), nullable=True)),
)


def upgrade() -> None:
    for table, column in NEW:
        op.add_column(table, column)
    op.create_index(op.f("ix_runs_next_start"), "runs", ["next_start"], unique=False)
    op.create_table(
        "templates",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("changed", sa.Double(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    op.create_index(op.f("ix_templates_owner"), "templates", ["owner"], unique=False)
    op.create_table(
        "notices",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("confirmed", sa.Double(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("calendar", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_notices")),
        sa.UniqueConstraint("calendar", name=op.f("uq_notices_calendar")),
    )
    op.create_table(
        "reminders",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("sent", sa.Double(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "channel", "day", name=op.f("pk_reminders")),
    )
    op.create_index(op.f("ix_reminders_at"), "reminders", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_reminders_at"), table_name="reminders")
    op.drop_table("reminders")
    op.drop_table("notices")
    op.drop_index(op.f("ix_templates_owner"), table_name="templates")
    op.drop_table("templates")
    op.drop_index(op.f("ix_runs_next_start"), table_name="runs")
    for table, column in reversed(NEW):
        op.drop_column(table, str(column.name))
