"""YAML -> functions, families, a posting's structure, flags, levels and the crosswalk."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.engine import shape, source
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import Document, Place, Problem
from rules import cues
from rules.cues import Phrases
from rules.load import ROOT
from rules.postings.shapes import (
    Contest,
    Crosswalk,
    Duty,
    Flags,
    FunctionRule,
    Group,
    Levels,
    NamedWords,
    Signals,
    Structure,
)
from rules.postings.verdict_shapes import (
    Certainty,
    MismatchRule,
    PlaceWeights,
    VerdictRule,
)
from rules.postings.weights import Weight

FUNCTIONS, FAMILIES = "functions", "families"
"""Folders: what we know by name, and everything else that gets hired."""
EXAMPLES = ".postings.yaml"

DEFAULTS = VerdictRule(
    PlaceWeights(100, 40, 30, 0, 0),
    *(500, 300, 40, 30, 1000, 35, 200, 75, 50, 130),
    Certainty(90, 2, 360, 230, 230, 230),
    MismatchRule(50, 600, 200, 1000, 300, 800, 300, 600),
    *(200, 12, 15, 25),
)
"""What holds while ``verdict.yaml`` cannot be read; the shipped file says what is used."""


@dataclass(slots=True)
class RuleFiles:
    """All rules about postings as read."""

    functions: list[FunctionRule] = field(default_factory=list)
    families: list[FunctionRule] = field(default_factory=list)
    structure: Structure = field(default_factory=Structure)
    flags: Flags = field(default_factory=Flags)
    levels: Levels = field(default_factory=Levels)
    verdict: VerdictRule = DEFAULTS
    named: list[NamedWords] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    crosswalk: list[Crosswalk] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    """By how much phrases count more or less, as an overlay has learnt."""
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def all(self) -> list[FunctionRule]:
        """Functions first, then families."""
        return [*self.functions, *self.families]


SINGLES: dict[str, type] = {
    "structure": Structure,
    "flags": Flags,
    "levels": Levels,
    "verdict": VerdictRule,
}
LISTS: dict[str, type] = {
    "groups": Group,
    "crosswalk": Crosswalk,
    "named": NamedWords,
    "contests": Contest,
}
"""Files that hold one thing, and files that hold a list of things."""
REGULAR = frozenset({"years", "people", "year_words", "people_words"})
"""Fields that hold regular expressions, not phrases."""


def paths(root: Path = ROOT) -> list[Path]:
    """Every file that `load` reads."""
    singles = (root / f"{name}.yaml" for name in (*SINGLES, *LISTS))
    return [*_files(root / FUNCTIONS), *_files(root / FAMILIES), *singles]


def load(root: Path = ROOT) -> RuleFiles:
    """Read all posting rules below *root*; problems are in the result."""
    rules = RuleFiles()
    for folder, into in ((FUNCTIONS, rules.functions), (FAMILIES, rules.families)):
        for path in _files(root / folder):
            built = _read_rule(FunctionRule, root, path, rules)
            if built is not None:
                into.append(built)
    for name, cls in SINGLES.items():
        setattr(rules, name, _read_one(cls, root, name, rules) or getattr(rules, name))
    for name, cls in LISTS.items():
        setattr(rules, name, _read_many(cls, root, name, rules))
    return rules


def _read(root: Path, name: str, rules: RuleFiles) -> Document:
    path = root / f"{name}.yaml"
    file = path.relative_to(root.parent).as_posix()
    if path.is_file():
        document = source.read(path, file)
    else:
        missing = Problem(file, 1, "error", "there is no such file")
        document = Document(file, None, problems=[missing])
    rules.documents[name] = document
    return document


def _read_one(cls: type, root: Path, name: str, rules: RuleFiles) -> Any:
    document = _read(root, name, rules)
    built = shape.build(cls, document, document.value) if document.value is not None else None
    if not document.problems:
        document.problems += bad_cues(built, document)
    rules.problems += document.problems
    return None if document.problems else built


def _read_many(cls: type, root: Path, name: str, rules: RuleFiles) -> list[Any]:
    document = _read(root, name, rules)
    values = document.value if isinstance(document.value, list) else []
    built = [shape.build(cls, document, value, (i,)) for i, value in enumerate(values)]
    if not document.problems:
        for i, item in enumerate(built):
            document.problems += bad_cues(item, document, (i,))
    rules.problems += document.problems
    return [] if document.problems else built


def _files(folder: Path, examples: bool = False) -> list[Path]:
    return [p for p in sorted(folder.glob("*.yaml")) if p.name.endswith(EXAMPLES) is examples]


def _read_rule(cls: type, root: Path, path: Path, rules: RuleFiles) -> Any:
    document = source.read(path, path.relative_to(root.parent).as_posix())
    built = shape.build(cls, document, document.value) if document.value is not None else None
    if isinstance(built, FunctionRule) and not document.problems:
        document.problems += bad_cues(built, document)
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


def bad_cues(built: Any, document: Document, below: Place = ()) -> Iterator[Problem]:
    """Phrases of *built* whose brackets cannot be read."""
    for place, told in _all_phrases(built, below):
        for language in LANGUAGES:
            for i, phrase in enumerate(getattr(told, language)):
                try:
                    cues.expand(phrase)
                except cues.CueError as error:
                    yield document.problem((*place, language, i), str(error))


def _all_phrases(value: Any, place: Place = ()) -> Iterator[tuple[Place, Phrases]]:
    if isinstance(value, Phrases):
        yield place, value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _all_phrases(item, (*place, i))
    elif dataclasses.is_dataclass(value):
        for field_ in shape.fields_of(type(value)):
            if field_.name not in REGULAR:
                yield from _all_phrases(getattr(value, field_.name), (*place, field_.key))
