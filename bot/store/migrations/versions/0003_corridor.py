"""Who has a message in hand, the revision of a chat, and WeCom's user ids in lower case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.older import fold

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replays", sa.Column("holder", sa.String(length=64), nullable=True))
    op.add_column("chats", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    fold(op.get_bind())


def downgrade() -> None:
    """Lower case is as good to the release before."""
    op.drop_column("chats", "revision")
    op.drop_column("replays", "holder")
