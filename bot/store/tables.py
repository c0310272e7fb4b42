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
    String,
    Table,
    Text,
)

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
    Column("id", String(32), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    Column("password", String(200)),
    Column("created", Double, nullable=False),
    Column("disabled", Double),
)
identities = Table(
    "identities",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("external", String(120), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Double, nullable=False),
    Column("expires", Double, nullable=False),
)
chats = Table(
    "chats",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("person", String(32), index=True),
    Column("state", JSON, nullable=False),
    Column("changed", Double, nullable=False, index=True),
)
messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("asked", Text, nullable=False),
    Column("reply", JSON, nullable=False),
    Column("at", Double, nullable=False, index=True),
)
runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("checklist", String(80), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("language", String(2), nullable=False),
    Column("version", String(64), nullable=False),
    Column("template", JSON, nullable=False),
    Column("anchor", String(10)),
    Column("owners", JSON, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created", Double, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("closed", Double),
    Column("closed_by", String(80)),
    Column("revision", Integer, nullable=False),
)
marks = Table(
    "marks",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("item", String(40), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", Double, nullable=False),
    Column("revision", Integer, nullable=False),
)
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("item", String(40), nullable=False),
    Column("action", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", Double, nullable=False),
)
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("entry", String(80)),
    Column("section", String(40), nullable=False),
    Column("good", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("version", String(64), nullable=False),
    Column("message", String(80), unique=True),
)
questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("band", String(10), nullable=False),
    Column("near", JSON, nullable=False),
    Column("score", Double, nullable=False),
    Column("version", String(64), nullable=False),
    Column("settled", Double),
)
counts = Table(
    "counts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("what", String(20), primary_key=True),
    Column("value", String(80), primary_key=True),
    Column("count", Integer, nullable=False),
)
replays = Table(
    "replays",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("message", String(120), primary_key=True),
    Column("reply", JSON),
    Column("at", Double, nullable=False, index=True),
)
tokens = Table(
    "tokens",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("person", String(120)),
    Column("payload", JSON, nullable=False),
    Column("expires", Double, nullable=False, index=True),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("by", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("target", String(200), nullable=False),
    Column("detail", Text, nullable=False),
)
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(32)),
    Column("name", String(200), nullable=False),
    Column("form", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("done", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created", Double, nullable=False, index=True),
)
Index("ix_history_run_at", history.c.run, history.c.at)
