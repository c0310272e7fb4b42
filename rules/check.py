"""Problems among rules: sections that no entry has, phrases that two intents claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.engine import shape
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import KINDS, LANGUAGES
from knowledge.engine.normal import compact_text
from knowledge.engine.source import Document, Place, Problem
from rules import cues
from rules.load import IntentRule, Rules
from rules.questions import standalone as question

LEANT_ON = (question.OVERVIEW, question.PLUS_ONE)


def open_to_all(loaded: Loaded, functions: Iterable[str]) -> Iterator[Problem]:
    """Entries that the rules lean on by name must be there for everyone."""
    for id_ in (*LEANT_ON, *(f"role.{function}" for function in functions)):
        told = loaded.texts.get(id_)
        if told and told[PRIMARY].restricted_to:
            message = "the rules lean on this entry, so it cannot be restricted"
            yield loaded.documents[id_, PRIMARY].problem(("restricted_to",), message)


def leads(loaded: Loaded, rules: Rules) -> Iterator[Problem]:
    """Entries, sections and limits that rules lead to and nobody has."""
    sections = {field.key for cls, _ in KINDS.values() for field in shape.fields_of(cls)}
    limits = {rule.limit for rule in rules.limits}
    for i, rule in enumerate(rules.limits):
        for lead in rule.leads_to:
            if lead.entry not in loaded.texts:
                yield Problem(
                    "rules/limits.yaml", i + 1, "error", f"there is no entry '{lead.entry}'"
                )
            if lead.section not in sections:
                message = f"no entry has a section '{lead.section}'"
                yield Problem("rules/limits.yaml", i + 1, "error", message)
    for document, questions in loaded.not_held:
        for kind in dict.fromkeys(one.kind for one in questions):
            if kind not in limits:
                yield document.problem((kind,), f"there is no limit '{kind}'")
    for intent in rules.intents:
        document = rules.documents[intent.intent]
        for i, id_ in enumerate(intent.told_by):
            if id_ not in loaded.texts:
                yield document.problem(("told_by", i), f"there is no entry '{id_}'")
        for i, name in enumerate(intent.scene):
            if name not in limits:
                yield document.problem(("scene", i), f"there is no limit '{name}'")


def check(rules: Rules) -> Iterator[Problem]:
    """Every problem among *rules*, with its line; shape problems are not repeated."""
    sections = {field.key for cls, _ in KINDS.values() for field in shape.fields_of(cls)}
    owners: dict[tuple[bool, str], str] = {}
    for rule in rules.intents:
        document = rules.documents[rule.intent]
        for i, section in enumerate(rule.sections):
            if section not in sections:
                yield document.problem(("sections", i), f"no entry has a section '{section}'")
        for i, kind in enumerate(rule.kinds):
            if kind not in KINDS:
                yield document.problem(("kinds", i), f"there is no kind '{kind}'")
        for language in LANGUAGES:
            if not getattr(rule.cues, language):
                yield document.problem(("cues", language), f"no cues in {language}")
        for alone, phrase, place in _cues(rule, document):
            owner = owners.setdefault((alone, compact_text(phrase)), rule.intent)
            if owner != rule.intent:
                yield document.problem(place, f"cue '{phrase}' also belongs to {owner}")


def _cues(rule: IntentRule, document: Document) -> Iterator[tuple[bool, str, Place]]:
    """(whether it counts only as a whole message, phrase, where it stands) of every cue."""
    for key, alone in (("cues", rule.alone), ("whole", True)):
        for language, items in (document.value.get(key) or {}).items():
            for i, item in enumerate(items):
                yield from ((alone, phrase, (key, language, i)) for phrase in cues.expand(item))
