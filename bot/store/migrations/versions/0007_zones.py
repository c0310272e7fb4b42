"""The time zone by whose clock somebody is reminded; empty for that of the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("zone", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("notices", "zone")
