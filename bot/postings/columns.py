"""Which column of a table holds what: by its header, in four languages, or as named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.postings.model import Unreadable
from knowledge.engine import source
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import question_key
from knowledge.engine.source import ContentError
from rules.postings.model import Posting

HEADERS = Path(__file__).with_name("headers.yaml")
ROLES = ("description", "duties", "requirements", "title", "id", "lang")
SHOWN = 12
LONGEST = 200
"""Characters of a header that are looked at; what is longer is a text and no name."""


@dataclass(frozen=True, slots=True)
class Named:
    """Columns that the person named; the others are found by their headers."""

    description: str | None = None
    title: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that matter."""

    texts: tuple[int, ...]
    """The description, or duties and requirements, in the order in which they are read."""
    title: int | None
    id: int | None
    lang: int | None


@cache
def _headers() -> dict[str, str]:
    document = source.read(HEADERS, f"bot/postings/{HEADERS.name}")
    if document.problems:
        raise ContentError(document.problems)
    return {question_key(name): role for role in ROLES for name in document.value[role]}


def find(header: Sequence[str], named: Named) -> Columns | None:
    """The columns of a table with this header; None where it has no description.

    Raises Unreadable for a named column that is not there.
    """
    known = _headers()
    at: dict[str, int] = {}
    for i, name in enumerate(header):
        role = known.get(question_key(name[:LONGEST]))
        if role:
            at.setdefault(role, i)
    for role in ("description", "title", "id"):
        wanted = getattr(named, role)
        if wanted is not None:
            at[role] = _named(wanted, header)
    texts = [at["description"]] if "description" in at else []
    if named.description is None:
        texts += [at[role] for role in ("duties", "requirements") if role in at]
    if not texts:
        return None
    return Columns(tuple(texts), at.get("title"), at.get("id"), at.get("lang"))


def _named(wanted: str, header: Sequence[str]) -> int:
    for i, name in enumerate(header):
        if question_key(name) == question_key(wanted):
            return i
    shown = ", ".join(header[:SHOWN])
    raise Unreadable("classify.file.no_column", column=wanted, columns=shown)


def posting(cells: Sequence[str], header: Sequence[str], columns: Columns) -> Posting:
    """The posting in a row; several text columns are put together under their headers."""
    if len(columns.texts) == 1:
        text = _cell(cells, columns.texts[0])
    else:
        told = ((header[i], _cell(cells, i)) for i in columns.texts)
        text = "\n".join(f"{name}:\n{body}" for name, body in told if body.strip())
    lang = _cell(cells, columns.lang).strip().lower()[:2]
    return Posting(text, _cell(cells, columns.title), lang if lang in LANGUAGES else None)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""
