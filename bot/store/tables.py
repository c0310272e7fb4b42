"""Every table. Times are UTC seconds since 1970; texts are UTF-8; nothing here holds a posting."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    text,
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
    Column("label", Label(80)),
)
"""*label*: what a program's token is for; a browser's sign-in has none."""
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
    Column("created_by", Label(80), nullable=False, index=True),
    Column("closed", Double),
    Column("closed_by", Label(80), index=True),
    Column("revision", Integer, nullable=False),
    Column("archived", Double),
    Column("repeats", JSON(none_as_null=True)),
    Column("next_start", Label(10), index=True),
    Index("ix_runs_newest", "created", "id"),
    Index("ix_runs_open", "status", "created", "id"),
)
"""*repeats*: the rule by which the next one begins on the day *next_start*."""
templates = Table(
    "templates",
    metadata,
    Column("id", Label(32), primary_key=True),
    Column("title", Label(200), nullable=False),
    Column("language", Label(2), nullable=False),
    Column("text", Words, nullable=False),
    Column("content", JSON, nullable=False),
    Column("owner", Label(80), nullable=False, index=True),
    Column("roles", JSON, nullable=False),
    Column("created", Double, nullable=False),
    Column("changed", Double, nullable=False),
    Column("changed_by", Label(80), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("retired", Double),
)
"""Checklists that people wrote: the text as they typed it, and what was read in it."""
marks = Table(
    "marks",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("item", Label(40), primary_key=True),
    Column("state", Label(10), nullable=False),
    Column("note", Words, nullable=False),
    Column("by", Label(80), nullable=False, index=True),
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
    Column("by", Label(80), nullable=False, index=True),
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
UNSENT = text("sent IS NULL AND reply IS NOT NULL")
"""The replies that are still to arrive."""
replays = Table(
    "replays",
    metadata,
    Column("channel", Label(20), primary_key=True),
    Column("message", Label(120), primary_key=True),
    Column("reply", JSON),
    Column("at", Double, nullable=False, index=True),
    Column("sent", Double),
    Column("holder", Label(64)),
    Index("ix_replays_unsent", "channel", "at", sqlite_where=UNSENT, postgresql_where=UNSENT),
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
    Column("person", Label(120), index=True),
    Column("payload", JSON, nullable=False),
    Column("expires", Double, nullable=False, index=True),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("by", Label(80), nullable=False, index=True),
    Column("action", Label(40), nullable=False),
    Column("target", Label(200), nullable=False, index=True),
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
edits = Table(
    "edits",
    metadata,
    Column("id", Label(32), primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("by", Label(80), nullable=False, index=True),
    Column("entry", Label(80), nullable=False),
    Column("what", JSON, nullable=False),
    Column("files", JSON, nullable=False),
    Column("status", Label(10), nullable=False, index=True),
    Column("result", JSON, nullable=False),
    Column("changed", Double, nullable=False),
    Column("changed_by", Label(80), nullable=False),
)
"""Edits of the overlay: each file before and after, what a trial found, who applied it."""
jobs = Table(
    "jobs",
    metadata,
    Column("id", Label(32), primary_key=True),
    Column("person", Label(32), index=True),
    Column("name", Label(200), nullable=False),
    Column("form", Label(10), nullable=False),
    Column("status", Label(10), nullable=False, index=True),
    Column("done", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("problem", Words, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created", Double, nullable=False, index=True),
)
notices = Table(
    "notices",
    metadata,
    Column("person", Label(32), primary_key=True),
    Column("hour", Integer, nullable=False),
    Column("off", JSON, nullable=False),
    Column("email", Label(200)),
    Column("confirmed", Double),
    Column("language", Label(2)),
    Column("calendar", Label(64), unique=True),
    Column("zone", Label(64)),
)
"""How somebody is told what is due: when, where not, at which address, by which calendar link."""
reminders = Table(
    "reminders",
    metadata,
    Column("person", Label(32), primary_key=True),
    Column("channel", Label(20), primary_key=True),
    Column("day", Label(10), primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("sent", Double),
    Column("tries", Integer, nullable=False),
)
"""A digest of one day: the row is claimed before it is sent, so that it is sent once."""
