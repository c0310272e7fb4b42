"""A problem of the content, which is written in English, in the language of whoever reads it."""

from __future__ import annotations

import re

from bot.texts import has, say
from knowledge.engine.source import Problem

QUOTED = "'(?P<what>.*)'"
FORMS: tuple[tuple[str, str], ...] = (
    ("missing", f"missing key {QUOTED}"),
    ("unknown", "unknown key '(?P<what>[^']*)'.*"),
    ("one_of", "expected one of (?P<what>.*)"),
    ("empty", "empty text"),
    ("form", f"{QUOTED} is not (?P<more>.*)"),
    ("kind", "expected (?P<what>.*?)(?:, found (?P<more>.*))?"),
    ("no_such_text", "the primary language has no such text"),
    ("differs", "differs from the primary language, which has (?P<what>.*)"),
    ("count", "(?P<what>[0-9]+|no) items, but the primary language has (?P<more>[0-9]+)"),
    ("large", "file is larger than (?P<what>[0-9,]+) bytes; split it"),
    ("utf8", "not UTF-8 text; save it as UTF-8"),
    ("yaml", "not valid YAML: (?P<what>.*)"),
    ("deep", "nested more than (?P<what>[0-9]+) levels deep"),
    ("nothing", "the file is empty"),
    ("tag", "YAML tag (?P<what>.*) is not allowed"),
    ("alias", "YAML anchors and aliases are not used here; write the value out"),
    ("plain_key", "a key must be a plain word"),
    ("twice", f"duplicate key {QUOTED}"),
    ("ambiguous", "ambiguous value (?P<what>.*): put it in quotes if it is text"),
    ("examples.one", "needs at least one example"),
    ("examples.two", "needs at least two examples"),
    ("near_miss", "needs at least one near miss"),
    ("no_section", "there is no section '(?P<what>.*)' in this kind of entry"),
    ("no_field", "there is no field '(?P<what>.*)' in this entry"),
    ("no_entry", f"there is no entry {QUOTED}"),
    ("no_passage", f"there is no passage {QUOTED}"),
    ("should_be", f"{QUOTED} should be an? (?P<more>.*)"),
    ("retired", f"{QUOTED} is retired"),
    ("restricted", "'(?P<what>.*?)' is restricted to .* is shown to (?P<more>.*): restrict .*"),
    ("cite", "origin 'article' must cite at least one passage"),
    ("general", "only an entry of origin 'article' lists these"),
    ("things", "a comparison needs at least two things"),
    ("cells", "(?P<what>[0-9]+) cells for (?P<more>[0-9]+) things"),
    ("items", "(?P<what>[0-9]+) items; 1 to (?P<more>[0-9]+) work"),
    ("killers", "(?P<what>[0-9]+) killer items; at most (?P<more>[0-9]+)"),
    ("name_taken", f"{QUOTED} is already a name of (?P<more>.*)"),
    ("example_taken", f"{QUOTED} is an example of (?P<more>.*) already"),
    ("claims", "claims stand at the end of the line they are for: (?P<what>.*)"),
    ("no_claim", r"'(?P<what>\[\^[^\]]*\])' names no claim; .*"),
    ("lost", "example '(?P<what>.*)' is won by (?P<more>.*)"),
    ("part", "example '(?P<what>.*)' is answered by section '.*', expected '(?P<more>.*)'"),
    ("won", "near miss '(?P<what>.*)' is answered by this entry"),
)
"""``edit.problem.<name>`` -> how the problem is worded where it is found."""
_FIELD = re.compile(r"(?P<field>[a-z_]+): (?P<rest>.*)", re.DOTALL)
_NAMED = tuple((name, re.compile(form, re.DOTALL)) for name, form in FORMS)


def problem_sentence(problem: Problem, language: str) -> str:
    """The problem as a sentence in that language; as it was written, if of no known form."""
    field, rest = "", problem.message
    found = _sentence(rest, language)
    if found is None and (named := _FIELD.fullmatch(rest)):
        field, found = named["field"], _sentence(named["rest"], language)
    if found is None:
        return problem.message
    return say(language, "pair.line", left=label(field, language), right=found) if field else found


def _sentence(message: str, language: str) -> str | None:
    for name, form in _NAMED:
        if match := form.fullmatch(message):
            values = {"what": "", "more": ""} | {k: v or "" for k, v in match.groupdict().items()}
            if name in ("missing", "unknown", "no_section", "no_field"):
                values["what"] = label(values["what"], language)
            return say(language, f"edit.problem.{name}", **values)
    return None


def label(key: str, language: str) -> str:
    """What a field is called: the heading of its section, else a name of its own."""
    for name in (f"edit.field.{key}", f"section.{key}"):
        if has(language, name):
            return say(language, name)
    return key
