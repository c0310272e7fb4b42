"""Rows as the release before writes them, which may still run beside this one: brought up to date.

The step of the tables to this release does so, and every opening of the store after it.
"""

from __future__ import annotations

import sqlalchemy as sa

CHANNEL = "wecom"
"""User ids of WeCom count in any case; the release before kept them as they came."""
IDENTITIES = sa.table(
    "identities", sa.column("channel"), sa.column("external"), sa.column("person")
)
CHATS = sa.table(
    "chats", sa.column("id"), sa.column("person"), sa.column("state", sa.JSON), sa.column("changed")
)
MESSAGES = sa.table("messages", sa.column("chat"))


def fold(db: sa.Connection) -> None:
    """User ids of WeCom in lower case, with all that hangs on them."""
    _fold_identities(db)
    _fold_chats(db)


def _fold_identities(db: sa.Connection) -> None:
    """Of two spellings the lower one stays, as it is the one that answered last."""
    external = IDENTITIES.c.external
    ours = IDENTITIES.c.channel == CHANNEL
    spelt = db.execute(sa.select(external).where(ours, external != sa.func.lower(external)))
    for name in sorted(spelt.scalars()):
        folded = sa.select(sa.literal(1)).where(ours, external == name.lower())
        this = (ours, external == name)
        if db.execute(folded).first():
            db.execute(sa.delete(IDENTITIES).where(*this))
        else:
            db.execute(sa.update(IDENTITIES).where(*this).values(external=name.lower()))


def _fold_chats(db: sa.Connection) -> None:
    """The chat under its new name, with what was said in it; of two spellings the newer state."""
    id_ = CHATS.c.id
    ours = (id_.like(f"{CHANNEL}:%"), id_ != sa.func.lower(id_))
    for row in db.execute(sa.select(CHATS).where(*ours).order_by(CHATS.c.changed.desc())).all():
        folded = row.id.lower()
        this, that = id_ == row.id, id_ == folded
        newer = {"state": row.state, "changed": row.changed}
        kept = db.execute(sa.select(CHATS.c.changed).where(that)).scalar()
        if kept is None:
            db.execute(sa.insert(CHATS).values({**row._mapping, "id": folded}))
        elif kept < row.changed:
            db.execute(sa.update(CHATS).where(that).values(newer))
        db.execute(sa.update(MESSAGES).where(MESSAGES.c.chat == row.id).values(chat=folded))
        db.execute(sa.delete(CHATS).where(this))
