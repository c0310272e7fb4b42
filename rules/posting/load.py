"""YAML -> functions, families, the words of a posting's structure, and fitted weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from knowledge import shape, source
from knowledge.model import FieldName
from knowledge.source import Document, Problem
from rules.load import ROOT, Phrases, Said

FUNCTIONS, FAMILIES = "functions", "families"
"""Folders: what we know by name, and everything else that gets hired."""
EXAMPLES = ".postings.yaml"
SINGLES: dict[str, type] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals(Phrases):
    """Phrases that show a duty, all of the same weight."""

    weight: int
    """4 settles it, 3 is typical and rare elsewhere, 2 is shared with a neighbour, 1 only leans."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A group of duties of a function and the words that show it."""

    duty: FieldName
    name: Said
    signals: tuple[Signals, ...]
    core: bool = False
    """A posting of this function that never mentions it is odd."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A neighbour, and how to tell the two apart."""

    with_: FieldName
    tell: Said


@dataclass(frozen=True, slots=True)
class FunctionRule:
    """One file of ``functions/`` or ``families/``."""

    function: FieldName
    status: Literal["experimental", "test", "stable"]
    name: Said
    why: Said
    titles: Phrases
    duties: tuple[Duty, ...]
    blocked_by: Phrases = Phrases()
    lifts: Phrases = Phrases()
    """Context that makes the function's own signals count more."""
    confusions: tuple[Confusion, ...] = ()


@dataclass(frozen=True, slots=True)
class ExamplePosting:
    """A posting written by us; *function* only where it is not the file's own."""

    lang: Literal["zh", "en", "ja", "ko"]
    title: str
    description: str
    function: FieldName | None = None


@dataclass(frozen=True, slots=True)
class ExamplePostings:
    """One ``<function>.postings.yaml``: postings that it wins, and some that it must lose."""

    function: FieldName
    postings: tuple[ExamplePosting, ...]
    near_misses: tuple[ExamplePosting, ...] = ()


Place = Literal["duties", "mixed", "requirements", "benefits", "company"]


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Words that open a part of a posting, or that show which part a clause belongs to."""

    place: Place
    words: Phrases


@dataclass(frozen=True, slots=True)
class Structure:
    """``structure.yaml``: how a posting is divided."""

    headings: tuple[PlaceWords, ...] = ()
    cues: tuple[PlaceWords, ...] = ()


@dataclass(slots=True)
class PostingRules:
    """All rules about postings as read."""

    functions: list[FunctionRule] = field(default_factory=list)
    families: list[FunctionRule] = field(default_factory=list)
    structure: Structure = field(default_factory=Structure)
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def all(self) -> list[FunctionRule]:
        """Functions first, then families."""
        return [*self.functions, *self.families]


SINGLES["structure"] = Structure


def load(root: Path = ROOT) -> PostingRules:
    """Read all posting rules below *root*; problems are in the result."""
    rules = PostingRules()
    for folder, into in ((FUNCTIONS, rules.functions), (FAMILIES, rules.families)):
        for path in _files(root / folder):
            built = _built(FunctionRule, root, path, rules)
            if built is not None:
                into.append(built)
    for name, cls in SINGLES.items():
        document = source.read(root / f"{name}.yaml", f"{root.name}/{name}.yaml")
        built = shape.build(cls, document, document.value)
        rules.problems += document.problems
        if not document.problems:
            setattr(rules, name, built)
    return rules


def _files(folder: Path, examples: bool = False) -> list[Path]:
    return [p for p in sorted(folder.glob("*.yaml")) if p.name.endswith(EXAMPLES) is examples]


def _built(cls: type, root: Path, path: Path, rules: PostingRules) -> Any:
    document = source.read(path, path.relative_to(root.parent).as_posix())
    built = shape.build(cls, document, document.value) if document.value is not None else None
    slug = path.name.partition(".")[0]
    if built is not None and built.function != slug:
        document.problems.append(
            document.problem(("function",), f"should be '{slug}' in this file")
        )
    rules.documents[slug] = document
    rules.problems += document.problems
    return None if document.problems else built


def phrases(rule: FunctionRule) -> Iterator[tuple[Duty, Signals, str, str]]:
    """(duty, signals, language, phrase) of every signal, choices expanded."""
    for duty in rule.duties:
        for signals in duty.signals:
            for language, phrase in signals.all():
                yield duty, signals, language, phrase


