"""Who has a message in hand, the revision of a chat, and WeCom's user ids in lower case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANNEL = "wecom"


def upgrade() -> None:
    op.add_column("replays", sa.Column("holder", sa.String(length=64), nullable=True))
    op.add_column("chats", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    db = op.get_bind()
    _fold_identities(db)
    _fold_chats(db)


def downgrade() -> None:
    """Lower case is as good to the release before."""
    op.drop_column("chats", "revision")
    op.drop_column("replays", "holder")


def _fold_identities(db: sa.Connection) -> None:
    """Of two spellings the lower one stays, as it is the one that answered last."""
    table = sa.table("identities", sa.column("channel"), sa.column("external"))
    ours = table.c.channel == CHANNEL
    known = set(db.execute(sa.select(table.c.external).where(ours)).scalars())
    for external in sorted(known):
        this = (ours, table.c.external == external)
        if external == external.lower():
            continue
        if external.lower() in known:
            db.execute(sa.delete(table).where(*this))
        else:
            db.execute(sa.update(table).where(*this).values(external=external.lower()))
            known.add(external.lower())


def _fold_chats(db: sa.Connection) -> None:
    """The chat under its new name, with what was said in it; of two spellings the newer state."""
    chats = sa.table("chats", sa.column("id"), sa.column("person"), sa.column("state", sa.JSON),
                     sa.column("changed"))  # fmt: skip
    messages = sa.table("messages", sa.column("chat"))
    ours = chats.c.id.like(f"{CHANNEL}:%")
    rows = db.execute(sa.select(chats).where(ours).order_by(chats.c.changed.desc())).all()
    known = {row.id for row in rows}
    for row in rows:
        folded = row.id.lower()
        if folded == row.id:
            continue
        if folded not in known:
            db.execute(sa.insert(chats).values({**row._mapping, "id": folded}))
            known.add(folded)
        db.execute(sa.update(messages).where(messages.c.chat == row.id).values(chat=folded))
        db.execute(sa.delete(chats).where(chats.c.id == row.id))
