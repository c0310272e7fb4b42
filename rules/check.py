"""Problems among rules: sections that no entry has, phrases that two intents claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.engine import shape
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import KINDS, LANGUAGES
from knowledge.engine.normal import compact
from knowledge.engine.source import Problem
from rules.load import ROOT, IntentRule, Rules
from rules.questions import fresh as question

LEANT_ON = (question.OVERVIEW, question.PLUS_ONE)


def open_to_all(loaded: Loaded, functions: Iterable[str]) -> Iterator[Problem]:
    """Entries that the rules lean on by name must be there for everyone."""
    for id_ in (*LEANT_ON, *(f"role.{function}" for function in functions)):
        told = loaded.texts.get(id_)
        if told and told[PRIMARY].restricted_to:
            message = "the rules lean on this entry, so it cannot be restricted"
            yield loaded.documents[id_, PRIMARY].problem(("restricted_to",), message)


def check(rules: Rules, root: Path = ROOT) -> Iterator[Problem]:
    """Every problem among *rules*; shape problems are not repeated."""
    sections = {field.key for cls, _ in KINDS.values() for field in shape.fields_of(cls)}
    owners: dict[tuple[bool, str], str] = {}
    for rule in rules.intents:
        file = f"{root.name}/intents/{rule.intent}.yaml"
        for section in rule.sections:
            if section not in sections:
                yield Problem(file, 1, "error", f"no entry has a section '{section}'")
        for kind in rule.kinds:
            if kind not in KINDS:
                yield Problem(file, 1, "error", f"there is no kind '{kind}'")
        for language in LANGUAGES:
            if not getattr(rule.cues, language):
                yield Problem(file, 1, "error", f"no cues in {language}")
        for alone, phrase in _cues(rule):
            owner = owners.setdefault((alone, compact(phrase).text), rule.intent)
            if owner != rule.intent:
                yield Problem(file, 1, "error", f"cue '{phrase}' also belongs to {owner}")


def _cues(rule: IntentRule) -> Iterator[tuple[bool, str]]:
    """(whether it counts only as a whole message, phrase) of every cue of an intent."""
    yield from ((rule.alone, phrase) for _, phrase in rule.cues.all())
    yield from ((True, phrase) for _, phrase in rule.whole.all())
