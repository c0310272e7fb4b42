"""The nouns of citing: a source and its numbered passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from knowledge.engine.marks import Structure
from knowledge.engine.model import LANGUAGES


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that an article states, in our own words; editors read it, in Chinese."""

    id: str
    """``<source>#<passage>/<number>``"""
    text: str
    framing: bool = False
    """Whether it only leads up to something, so that no entry has to carry it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered place in a source and, in one sentence a language, what it states."""

    id: str
    states: dict[str, str]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An article the knowledge was taken from."""

    id: str
    author: dict[str, str]
    title: dict[str, str]
    outlet: dict[str, str]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    zh: str
    en: str
    ja: str | None = None
    ko: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClaimShape:
    id: Annotated[str, Structure(r"[1-9][0-9]*", "a whole number in quotes")]
    zh: str
    framing: bool = False
    """Whether it only leads up to something, so that no entry has to carry it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PassageShape(_Said):
    id: str
    claims: tuple[_ClaimShape, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceShape:
    """A source as a list of sources tells it."""

    id: str
    author: _Said
    title: _Said
    outlet: _Said
    passages: tuple[_PassageShape, ...]


def _texts_by_language(text: _Said) -> dict[str, str]:
    """Language -> text, of the languages it is told in."""
    rows = ((language, getattr(text, language)) for language in LANGUAGES)
    return {language: told for language, told in rows if told}


def _claims(source: str, passage: _PassageShape) -> tuple[Claim, ...]:
    return tuple(
        Claim(f"{source}#{passage.id}/{claim.id}", claim.zh, claim.framing)
        for claim in passage.claims
    )


def as_source(built: SourceShape) -> Source:
    """The source that a list of sources tells."""
    author, title, outlet = map(_texts_by_language, (built.author, built.title, built.outlet))
    passages = tuple(
        Passage(f"{built.id}#{passage.id}", _texts_by_language(passage), _claims(built.id, passage))
        for passage in built.passages
    )
    return Source(built.id, author, title, outlet, passages)
