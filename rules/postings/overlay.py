"""An organization's own words laid over our functions, without touching our files.

``functions/<function>.yaml`` in the overlay folder adds signals, titles and blockers, drops phrases
of ours or names the function otherwise; ``names.yaml`` adds what the organization calls our
entries; ``weights.yaml`` holds what was learnt from corrections; ``knowledge/`` holds entries of
its own. Upgrading us leaves the folder alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.engine import shape, source
from knowledge.engine.marks import FieldName
from knowledge.engine.model import LANGUAGES, EntryId
from knowledge.engine.source import Document, Problem
from rules.cues import NO_PHRASES, Phrases
from rules.load import LocalizedText
from rules.postings import weights
from rules.postings.load import FUNCTIONS, RuleFiles, bad_cues
from rules.postings.normalized import normalize_text
from rules.postings.shapes import WEIGHTS, Duty, FunctionRule, Signals

NAMES, KNOWLEDGE = "names.yaml", "knowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedSignals(Phrases):
    """Phrases added to a duty of ours."""

    duty: FieldName
    weight: int


@dataclass(frozen=True, slots=True)
class FunctionOverlay:
    """What an organization changes about one function or family."""

    function: FieldName
    name: LocalizedText | None = None
    """What the organization calls the function."""
    titles: Phrases = NO_PHRASES
    signals: tuple[AddedSignals, ...] = ()
    blocked_by: Phrases = NO_PHRASES
    lifts: Phrases = NO_PHRASES
    drop: Phrases = NO_PHRASES
    """Phrases of ours that mean something else here: signals and titles alike."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """What the organization calls an entry of ours."""

    entry: EntryId
    names: tuple[str, ...]


def knowledge(folder: Path | None) -> Path | None:
    """The organization's own content in an overlay folder, if there is any."""
    if folder is None or not (folder / KNOWLEDGE).is_dir():
        return None
    return folder / KNOWLEDGE


def paths(folder: Path) -> list[Path]:
    """Every file of an overlay."""
    return [*sorted((folder / FUNCTIONS).glob("*.yaml")), folder / NAMES, folder / weights.FILE]


def own_names(folder: Path) -> tuple[list[OwnName], list[Problem]]:
    """The organization's names of entries, and what is wrong with them."""
    path = folder / NAMES
    if not path.is_file():
        return [], []
    document = source.read(path, path.as_posix())
    values = document.value if isinstance(document.value, list) else []
    if document.value is not None and not isinstance(document.value, list):
        document.problems.append(document.problem((), "expected a list, each item with a dash"))
    built = [shape.build(OwnName, document, value, (i,)) for i, value in enumerate(values)]
    return [] if document.problems else built, document.problems


def missing_folder(folder: Path) -> Problem:
    """The problem of an overlay folder that is not there."""
    return Problem(folder.as_posix(), 1, "error", "there is no such overlay folder")


def lay(folder: Path, rules: RuleFiles) -> None:
    """Lay the overlay in *folder* over *rules*, in place; problems are added to theirs."""
    if not folder.is_dir():
        rules.problems.append(missing_folder(folder))
        return
    rules.weights, problems = weights.read(folder)
    rules.problems += problems
    for path in sorted((folder / FUNCTIONS).glob("*.yaml")):
        document = source.read(path, path.as_posix())
        if document.value is not None:
            overlay = shape.build(FunctionOverlay, document, document.value)
            if not document.problems:
                document.problems += _unusable_phrases(overlay, document)
            if not document.problems:
                _lay_one(overlay, document, rules)
        rules.problems += document.problems


def _unusable_phrases(overlay: FunctionOverlay, document: Document) -> Iterator[Problem]:
    yield from bad_cues(overlay, document)
    for i, added in enumerate(overlay.signals):
        if added.weight not in WEIGHTS:
            yield document.problem(("signals", i, "weight"), "a weight is 1, 2, 3 or 4")


def _lay_one(overlay: FunctionOverlay, document: Document, rules: RuleFiles) -> None:
    for known in (rules.functions, rules.families):
        for i, rule in enumerate(known):
            if rule.function == overlay.function:
                known[i] = _merge_rule(rule, overlay, document)
                return
    document.problems.append(
        document.problem(("function",), f"there is no function '{overlay.function}'")
    )


def _merge_rule(rule: FunctionRule, overlay: FunctionOverlay, document: Document) -> FunctionRule:
    dropped = {normalize_text(phrase).text for _, phrase in overlay.drop.all()}
    duties = {duty.duty: _drop_from_duty(duty, dropped) for duty in rule.duties}
    for i, added in enumerate(overlay.signals):
        if added.duty not in duties:
            place = ("signals", i, "duty")
            known = ", ".join(duties)
            document.problems.append(
                document.problem(place, f"there is no duty '{added.duty}'; known: {known}")
            )
            continue
        signals = Signals(weight=added.weight, **{lang: getattr(added, lang) for lang in LANGUAGES})
        duty = duties[added.duty]
        duties[added.duty] = dataclasses.replace(duty, signals=(signals, *duty.signals))
    return dataclasses.replace(
        rule,
        name=overlay.name or rule.name,
        duties=tuple(duties.values()),
        titles=_join_phrases(_drop_phrases(rule.titles, dropped), overlay.titles),
        blocked_by=_join_phrases(rule.blocked_by, overlay.blocked_by),
        lifts=_join_phrases(rule.lifts, overlay.lifts),
    )


def _drop_from_duty(duty: Duty, dropped: set[str]) -> Duty:
    if not dropped:
        return duty
    signals = tuple(Signals(weight=s.weight, **_kept_phrases(s, dropped)) for s in duty.signals)
    return dataclasses.replace(duty, signals=signals)


def _drop_phrases(phrases: Phrases, dropped: set[str]) -> Phrases:
    return Phrases(**_kept_phrases(phrases, dropped)) if dropped else phrases


def _kept_phrases(phrases: Phrases, dropped: set[str]) -> dict[str, Any]:
    """The phrases of each language, choices expanded, less those dropped."""
    kept: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for language, phrase in phrases.all():
        if normalize_text(phrase).text not in dropped:
            kept[language].append(phrase)
    return {language: tuple(all_) for language, all_ in kept.items()}


def _join_phrases(one: Phrases, other: Phrases) -> Phrases:
    return Phrases(*((*getattr(one, lang), *getattr(other, lang)) for lang in LANGUAGES))
