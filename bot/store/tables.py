"""Every table. Times are UTC seconds since 1970; texts are UTF-8; nothing here holds a posting."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Table,
)

from bot.store.types import Label, Words

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

people = Table(
    "people",
    metadata,
    Column("id", Label(32), primary_key=True),
    Column("name", Label(80), nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    Column("password", Label(200)),
    Column("created", Double, nullable=False),
    Column("disabled", Double),
)
identities = Table(
    "identities",
    metadata,
    Column("channel", Label(20), primary_key=True),
    Column("external", Label(120), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token", Label(64), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
)
chats = Table(
    "chats",
    metadata,
    Column("id", Label(160), primary_key=True),
    Column("person", Label(32), index=True),
    Column("state", JSON, nullable=False),
    Column("changed", Double, nullable=False, index=True),
    Column("revision", Integer, nullable=False, server_default="0"),
)
messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("asked", Words, nullable=False),
    Column("reply", JSON, nullable=False),
    Column("at", Double, nullable=False, index=True),
    sqlite_autoincrement=True,
)
"""A number is never given twice: an old page must not point to somebody else's message."""
runs = Table(
    "runs",
    metadata,
    Column("id", Label(32), primary_key=True),
    Column("checklist", Label(80), nullable=False, index=True),
    Column("title", Label(200), nullable=False),
    Column("language", Label(2), nullable=False),
    Column("version", Label(64), nullable=False),
    Column("template", JSON, nullable=False),
    Column("anchor", Label(10)),
    Column("owners", JSON, nullable=False),
    Column("status", Label(10), nullable=False),
    Column("created", Double, nullable=False),
    Column("created_by", Label(80), nullable=False),
    Column("closed", Double),
    Column("closed_by", Label(80)),
    Column("revision", Integer, nullable=False),
)
marks = Table(
    "marks",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("item", Label(40), primary_key=True),
    Column("state", Label(10), nullable=False),
    Column("note", Words, nullable=False),
    Column("by", Label(80), nullable=False),
    Column("at", Double, nullable=False),
    Column("revision", Integer, nullable=False),
)
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("item", Label(40), nullable=False),
    Column("action", Label(20), nullable=False),
    Column("note", Words, nullable=False),
    Column("by", Label(80), nullable=False),
    Column("at", Double, nullable=False),
)
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("question", Words, nullable=False),
    Column("entry", Label(80)),
    Column("section", Label(40), nullable=False),
    Column("good", Integer, nullable=False),
    Column("reason", Words, nullable=False),
    Column("language", Label(2), nullable=False),
    Column("version", Label(64), nullable=False),
    Column("message", ForeignKey("messages.id", ondelete="SET NULL"), unique=True),
)
questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("question", Words, nullable=False),
    Column("language", Label(2), nullable=False),
    Column("band", Label(10), nullable=False),
    Column("near", JSON, nullable=False),
    Column("score", Double, nullable=False),
    Column("version", Label(64), nullable=False),
    Column("settled", Double),
)
counts = Table(
    "counts",
    metadata,
    Column("day", Label(10), primary_key=True),
    Column("what", Label(20), primary_key=True),
    Column("value", Label(80), primary_key=True),
    Column("count", Integer, nullable=False),
)
replays = Table(
    "replays",
    metadata,
    Column("channel", Label(20), primary_key=True),
    Column("message", Label(120), primary_key=True),
    Column("reply", JSON),
    Column("at", Double, nullable=False, index=True),
    Column("sent", Double),
    Column("holder", Label(64)),
)
"""*holder*: the process that has the message in hand, for a while from *at* on."""
leases = Table(
    "leases",
    metadata,
    Column("name", Label(200), primary_key=True),
    Column("holder", Label(64), nullable=False),
    Column("until", Double, nullable=False, index=True),
    Column("value", JSON),
)
"""What one process does for all of them, and what they share for a while."""
tokens = Table(
    "tokens",
    metadata,
    Column("token", Label(64), primary_key=True),
    Column("purpose", Label(20), nullable=False),
    Column("person", Label(120)),
    Column("payload", JSON, nullable=False),
    Column("expires", Double, nullable=False, index=True),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("by", Label(80), nullable=False),
    Column("action", Label(40), nullable=False),
    Column("target", Label(200), nullable=False),
    Column("detail", Words, nullable=False),
)
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("by", Label(80), nullable=False),
    Column("input", Label(32), nullable=False, index=True),
    Column("was", Label(40), nullable=False),
    Column("decided", Label(40), nullable=False),
    Column("reason", Words, nullable=False),
    Column("source", Label(80), nullable=False),
    Column("language", Label(2), nullable=False),
    Column("signals", JSON, nullable=False),
    Column("version", Label(64), nullable=False),
    Column("undone", Double),
    Column("undone_by", Label(80)),
    sqlite_autoincrement=True,
)
"""What people decided about postings; of a posting its hash, and which of our words fired."""
jobs = Table(
    "jobs",
    metadata,
    Column("id", Label(32), primary_key=True),
    Column("person", Label(32)),
    Column("name", Label(200), nullable=False),
    Column("form", Label(10), nullable=False),
    Column("status", Label(10), nullable=False),
    Column("done", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("problem", Words, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created", Double, nullable=False, index=True),
)
