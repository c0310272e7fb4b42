"""Corrections -> an overlay of weights, behind a gate, with every verdict that changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput
from bot.evaluation import postings as evaluation
from bot.store.corrections import Correction
from rules.load import ROOT
from rules.postings import check, learn, weights
from rules.postings.classify import classify, input_of
from rules.postings.learn import Lesson, Trial, Weights
from rules.postings.load import RuleFiles
from rules.postings.posting_rules import PostingRules, compile_rules
from rules.postings.weights import Weight

LEAST = 20
"""Corrections below which nothing is learnt."""
HALVINGS = 3


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of the corrections."""

    weights: Weights
    trial: Trial
    refused: str = ""
    """Why nothing is to be written; empty where the gate is passed."""
    changes: tuple[str, ...] = ()
    """Every verdict among the corrections that becomes another one."""


def lessons_from_corrections(corrections: Iterable[Correction]) -> list[Lesson]:
    """The lessons in what people decided."""
    return [
        Lesson(
            tuple((str(f), str(p), str(w), float(x)) for f, p, w, x in one.signals),
            one.decided, one.source, one.input,
        )
        for one in corrections
    ]  # fmt: skip


def lessons_from_file(path: str, rules: PostingRules) -> list[Lesson]:
    """The lessons in a file of labelled postings, or of corrections. Raises BadInput."""
    return [
        Lesson(
            learn.fired_phrases(classify(row.posting, rules)), row.function, row.source,
            input_of(row.posting),
        )
        for row in evaluation.read(path)
    ]  # fmt: skip


def learn_weights(lessons: Sequence[Lesson], files: RuleFiles) -> Learnt:
    """The weights, if the gate lets them through: no loss in cross-validation, no example lost."""
    rules = compile_rules(files)
    if len(lessons) < LEAST:
        raise BadInput(
            f"{len(lessons)} corrections; at least {LEAST} are needed to learn from them"
        )
    found = learn.fit(lessons, rules.families)
    trial = learn.cross_validate(lessons, rules.families)
    if trial.after < trial.before:
        refused = f"cross-validation loses: {trial.before} right before, {trial.after} after"
        return Learnt({}, trial, refused)
    if not found:
        return Learnt({}, trial, "no phrase occurs often enough, or none needs to change")
    found, problem = _shrink_until_safe(found, files)
    changes = tuple(_changes(lessons, found, rules))
    return Learnt(found, trial, problem, changes)


def _shrink_until_safe(found: Weights, files: RuleFiles) -> tuple[Weights, str]:
    """The weights, moved back by halves until every shipped example holds."""
    problem = ""
    for _ in range(HALVINGS):
        told = [Weight(f, p, round(times * 100)) for (f, p), times in found.items()]
        tried = dataclasses.replace(files, weights=told)
        problems = list(check.examples(ROOT, compile_rules(tried)))
        if not problems:
            return found, ""
        problem = f"a shipped example is lost: {problems[0]}"
        found = {key: 1.0 + (times - 1.0) / 2 for key, times in found.items()}
    return {}, problem


def _changes(lessons: Sequence[Lesson], found: Weights, rules: PostingRules) -> Iterator[str]:
    for lesson in lessons:
        was = learn.guess(lesson, {}, rules.families)
        now = learn.guess(lesson, found, rules.families)
        if was != now:
            wanted = learn.class_of(lesson.decided, rules.families)
            kind = "mended" if now == wanted else "spoilt" if was == wanted else "still wrong"
            yield f"{kind}: {lesson.key} {was} -> {now} (decided {lesson.decided})"


def write(found: Weights, folder: Path) -> Path:
    """Put the weights into an overlay folder. Returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / weights.FILE
    path.write_text(weights.text(found), encoding="utf-8")
    return path
