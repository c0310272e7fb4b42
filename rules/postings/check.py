"""Problems among posting files, and every example posting put through the whole.

Each function proves itself: its own postings must come out as it, its near misses as what they
say, and its duties (of a family: the core ones) must all occur in its postings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.engine import shape, source
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import Document, Problem
from rules.cues import Phrases
from rules.load import ROOT
from rules.postings.classify import classify
from rules.postings.load import EXAMPLES, FAMILIES, FUNCTIONS, RuleFiles, phrases
from rules.postings.model import Posting
from rules.postings.normalized import normalize_text
from rules.postings.posting_rules import PostingRules, compile_rules, read_rule_files
from rules.postings.shapes import WEIGHTS, ExamplePosting, ExamplePostings, FunctionRule

SHARED = 2
"""A phrase may stand in two functions that declare no confusion if it weighs less than this."""
MIN_POSTINGS = 4


def check(root: Path = ROOT, overlay: Path | None = None) -> list[Problem]:
    """Every problem of the posting rules below *root*, with *overlay* laid over them."""
    files = read_rule_files(root, overlay)
    found = list(files.problems)
    if not found:
        found += [
            *_functions(files),
            *_shared_signals(files),
            *_patterns(files),
            *_references(files),
        ]
    if not any(problem.level == "error" for problem in found):
        found += examples(root, compile_rules(files))
    return found


def _functions(files: RuleFiles) -> Iterator[Problem]:
    for rule in files.all:
        document = files.documents[rule.function]
        yield from _order(document)
        own = {normalize_text(phrase).text for _, _, _, phrase in phrases(rule)}
        for i, (_, phrase) in enumerate(rule.blocked_by.all()):
            if normalize_text(phrase).text in own:
                message = f"'{phrase}' blocks this function's own signal"
                yield document.problem(("blocked_by", i), message)
        for i, duty in enumerate(rule.duties):
            for j, signals in enumerate(duty.signals):
                if signals.weight not in WEIGHTS:
                    place = ("duties", i, "signals", j, "weight")
                    yield document.problem(place, "a weight is 1, 2, 3 or 4")
            if duty.core:
                yield from _languages(rule, i, document)
        if rule in files.functions and not rule.confusions:
            yield document.problem((), "a function names the neighbours it is confused with")


def _order(document: Document) -> Iterator[Problem]:
    """Keys stand in the same order in every file."""
    wanted = [field.key for field in shape.fields_of(FunctionRule)]
    keys = [key for key in document.value if key in wanted]
    if keys != sorted(keys, key=wanted.index):
        yield document.problem((), f"keys should stand in this order: {', '.join(wanted)}")


def _languages(rule: FunctionRule, at: int, document: Document) -> Iterator[Problem]:
    told = {language for duty, _, language, _ in phrases(rule) if duty is rule.duties[at]}
    for language in LANGUAGES:
        if language not in told:
            message = f"core duty '{rule.duties[at].duty}' has no signal in {language}"
            yield document.problem(("duties", at), message)


def _shared_signals(files: RuleFiles) -> Iterator[Problem]:
    """Signals that two functions claim although neither names the other as a confusion."""
    declared = {(rule.function, c.with_) for rule in files.all for c in rule.confusions}
    owners: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for rule in files.functions:
        for _, signals, _, phrase in phrases(rule):
            owners[normalize_text(phrase).text].setdefault(rule.function, signals.weight)
    for phrase, weights in owners.items():
        strong = [function for function, weight in weights.items() if weight >= SHARED]
        for i, one in enumerate(strong):
            for other in strong[i + 1 :]:
                if (one, other) not in declared and (other, one) not in declared:
                    message = f"'{phrase}' is also a signal of {other}; declare the confusion"
                    yield files.documents[one].problem((), message)


def _patterns(files: RuleFiles) -> Iterator[Problem]:
    for i, rule in enumerate(files.flags.patterns):
        for language in LANGUAGES:
            for pattern in getattr(rule, language):
                place = ("patterns", i, language)
                yield from _pattern(pattern, files.documents["flags"], place, ())
    for name in ("years", "people"):
        for language, pattern in _texts(getattr(files.levels, name)):
            yield from _pattern(pattern, files.documents["levels"], (name, language), ("low",))


def _texts(told: Phrases) -> Iterator[tuple[str, str]]:
    return ((lang, text) for lang in LANGUAGES for text in getattr(told, lang))


def _pattern(
    pattern: str, document: Document, place: source.Place, groups: tuple[str, ...]
) -> Iterator[Problem]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        yield document.problem(place, f"'{pattern}' is no regular expression: {error}")
        return
    for group in groups:
        if group not in compiled.groupindex:
            yield document.problem(place, f"'{pattern}' has no group '{group}'")


def _references(files: RuleFiles) -> Iterator[Problem]:
    """Everything that names a function names one that exists, and each is in one group."""
    known = {rule.function for rule in files.all}
    for rule in files.all:
        for i, confusion in enumerate(rule.confusions):
            if confusion.with_ not in known:
                place = ("confusions", i, "with")
                message = f"there is no function '{confusion.with_}'"
                yield files.documents[rule.function].problem(place, message)
    grouped = [name for group in files.groups for name in group.functions]
    for rule in files.functions:
        if grouped.count(rule.function) != 1:
            message = f"'{rule.function}' must be in one group"
            yield files.documents["groups"].problem((), message)
    coded = {row.function for row in files.crosswalk}
    for name in sorted({*grouped, *coded} - {rule.function for rule in files.functions}):
        yield files.documents["groups"].problem((), f"there is no function '{name}'")
    for name in sorted({rule.function for rule in files.functions} - coded):
        yield files.documents["crosswalk"].problem((), f"no occupation code for '{name}'")


def examples(root: Path, rules: PostingRules) -> Iterator[Problem]:
    """A problem for every own posting that another function wins, or near miss that it wins."""
    for folder in (FUNCTIONS, FAMILIES):
        for path in sorted((root / folder).glob("*.yaml")):
            if not path.name.endswith(EXAMPLES):
                proof = path.with_name(f"{path.stem}{EXAMPLES}")
                file = proof.relative_to(root.parent).as_posix()
                if proof.is_file():
                    yield from _proof(source.read(proof, file), path.stem, rules)
                else:
                    yield Problem(file, 1, "error", "there is no such file: no example postings")


def _proof(document: Document, function: str, rules: PostingRules) -> Iterator[Problem]:
    told: Any = None
    if document.value is not None:
        told = shape.build(ExamplePostings, document, document.value)
    if document.problems:
        yield from document.problems
        return
    if told.function != function:
        yield document.problem(("function",), f"should be '{function}' in this file")
    if len(told.postings) < MIN_POSTINGS:
        yield document.problem(("postings",), f"at least {MIN_POSTINGS} postings, please")
    mentioned: set[str] = set()
    for i, example in enumerate(told.postings):
        verdict = classify(_posting(example), rules)
        mentioned |= {s.signal for s in verdict.evidence if s.function == function}
        got = verdict.family or verdict.function
        if got != function:
            yield document.problem(("postings", i), f"'{example.title}' is won by {got}")
    for i, example in enumerate(told.near_misses):
        verdict = classify(_posting(example), rules)
        wanted = example.function
        if wanted is None:
            yield document.problem(("near_misses", i), "missing key 'function': what is it?")
        elif wanted not in (verdict.function, verdict.family):
            got = verdict.family or verdict.function
            message = f"near miss '{example.title}' is won by {got}, expected {wanted}"
            yield document.problem(("near_misses", i), message)
    for duty in rules.by_name[function].duties:
        proved = duty.core or function in rules.functions
        if proved and duty.duty not in mentioned:
            yield document.problem((), f"no posting mentions the duty '{duty.duty}'")


def _posting(example: ExamplePosting) -> Posting:
    return Posting(example.description, example.title or "", example.lang)
