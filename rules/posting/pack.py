"""The rule pack: every phrase of every function and family compiled into one automaton.

At each place of a text the longest phrase that begins first wins, whoever it belongs to, so that a
longer word of another trade protects the shorter one inside it. Cost does not grow with the rules.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from knowledge import compiled, shape
from knowledge.normal import is_latin
from knowledge.source import ContentError
from rules.load import NO_PHRASES, ROOT, Phrases
from rules.posting import load
from rules.posting.flat import flatten
from rules.posting.load import PostingRules, phrases
from rules.posting.shapes import FunctionRule, Structure

SIGNAL, TITLE, BLOCK, LIFT = "signal", "title", "block", "lift"
HEADING, CUE, ODD, RANK = "heading", "cue", "odd", "rank"
LATIN = frozenset(char for char in map(chr, range(0x250)) if is_latin(char))
TITLE_WEIGHT = 4.0
"""A job title as it is usually posted."""


class Row(NamedTuple):
    """What a phrase stands for. A phrase may stand for several things."""

    kind: str
    owner: str
    """Function or family; for headings and cues the place they open."""
    duty: str
    weight: float


class Hit(NamedTuple):
    """A phrase found in a flat text."""

    rows: tuple[Row, ...]
    start: int
    end: int
    phrase: str


Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Tables:
    """Phrase -> what it stands for: in a description, in a title, and as a rank in a title."""

    body: Rows
    title: Rows
    ranks: Rows


class Automaton:
    """Finds the phrases of a table in a flat text, leftmost and longest."""

    def __init__(self, table: Rows, factors: dict[str, float] | None = None) -> None:
        """*factors*: by how much the weights of some owners are multiplied."""
        self._phrases = list(table)
        by = factors or {}
        self._rows = [
            tuple(Row(kind, owner, duty, w * by.get(owner, 1.0)) for kind, owner, duty, w in rows)
            for rows in table.values()
        ]
        self._edges = [(is_latin(p[0]), is_latin(p[-1])) for p in self._phrases]
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._search = ahocorasick_rs.AhoCorasick(self._phrases, matchkind=kind)

    def find(self, text: str) -> Iterator[Hit]:
        """The phrases of *text* in order, none overlapping; Latin ones only as whole words."""
        size = len(text)
        for i, start, end in self._search.find_matches_as_indexes(text):
            first, last = self._edges[i]
            if first and start and text[start - 1] in LATIN:
                continue
            if last and end < size and text[end] in LATIN and not _plural(text, end):
                continue
            yield Hit(self._rows[i], start, end, self._phrases[i])


def _plural(text: str, end: int) -> bool:
    """Whether only a plural s follows before the word ends."""
    return text[end] == "s" and (end + 1 == len(text) or not is_latin(text[end + 1]))


def tables_of(rules: PostingRules) -> Tables:
    """Every phrase of *rules*, made comparable."""
    body: Rows = {}
    title: Rows = {}
    ranks: Rows = {}
    for rank in rules.levels.ranks:
        _add(ranks, rank.words, Row(RANK, rank.rank, "", 0.0))
    for place in rules.structure.headings:
        _add(body, place.words, Row(HEADING, place.place, "", 0.0))
    for place in rules.structure.cues:
        _add(body, place.words, Row(CUE, place.place, "", 0.0))
    for odd in rules.oddities.phrases:
        _add(body, odd.words, Row(ODD, odd.oddity, "", 0.0))
    for rule in rules.all:
        _add(title, rule.titles, Row(TITLE, rule.function, "title", TITLE_WEIGHT))
        for table in (body, title):
            _add(table, rule.blocked_by, Row(BLOCK, rule.function, "", 0.0))
            _add(table, rule.lifts, Row(LIFT, rule.function, "", 0.0))
        for duty, signals, _, phrase in phrases(rule):
            row = Row(SIGNAL, rule.function, duty.duty, float(signals.weight))
            for table in (body, title):
                _put(table, phrase, row)
    return Tables(body, title, ranks)


def _add(table: Rows, words: Phrases, row: Row) -> None:
    for _, phrase in words.all():
        _put(table, phrase, row)


def _put(table: Rows, phrase: str, row: Row) -> None:
    """Within a table the first row of an owner stands; a signal goes before a blocker."""
    key = flatten(phrase).text.strip()
    rows = table.setdefault(key, []) if key else []
    if not any(row.owner == other.owner and row.kind == other.kind for other in rows):
        rows.append(row)


class Pack:
    """All posting rules, compiled; frozen, so that a reload is one assignment."""

    def __init__(self, rules: PostingRules, tables: Tables, version: str) -> None:
        self._made_of = (rules, tables, version)
        self.rules = {rule.function: rule for rule in rules.all}
        """Functions and families; what is left of them without their phrases."""
        self.functions = tuple(rule.function for rule in rules.functions)
        self.families = frozenset(rule.function for rule in rules.families)
        self.group = {name: group.group for group in rules.groups for name in group.functions}
        self.groups = {group.group: group for group in rules.groups}
        self.crosswalk = {row.function: row.codes for row in rules.crosswalk}
        self.odd_patterns = rules.oddities.patterns
        self.levels = rules.levels
        self.verdict = rules.verdict
        labels = sorted((label for _, label in rules.structure.title_labels.all()), key=len)
        self.title_label = re.compile(
            rf"\s*(?:{'|'.join(map(re.escape, reversed(labels)))})\s*[:\uff1a]\s*(?P<title>.+)",
            re.IGNORECASE,
        )
        self.version = version
        places = rules.verdict.places
        self.part_weights = {
            "duties": places.duties / 100,
            "mixed": places.duties / 100,
            "requirements": places.requirements / 100,
            "company": places.company / 100,
            "benefits": places.benefits / 100,
        }
        others = dict.fromkeys(self.families, rules.verdict.others / 100)
        self.body = Automaton(tables.body, others)
        self.title = Automaton(tables.title, others)
        self.ranks = Automaton(tables.ranks)

    def __reduce__(self) -> tuple[type[Pack], tuple[PostingRules, Tables, str]]:
        """A process that is sent a pack compiles it anew from the same rules."""
        return Pack, self._made_of


def open_pack(root: Path = ROOT) -> Pack:
    """The posting rules below *root*, compiled on first use.

    Raises ContentError when they are broken.
    """
    files = load.paths(root)
    name = f"postings-{compiled.stamp(files)}"
    folder = compiled.folder(name, lambda new: _compile(root, new))
    values = compiled.Values(folder / "values.db")
    rules = shape.revive(PostingRules, values.get("rules"))
    tables = Tables(values.get("body"), values.get("title"), values.get("ranks"))
    return Pack(rules, tables, values.get("version"))


def pack_of(rules: PostingRules, version: str = "") -> Pack:
    """The pack of rules that are at hand. Raises ContentError when they are broken."""
    if rules.problems:
        raise ContentError(rules.problems)
    return Pack(rules, tables_of(rules), version)


def _compile(root: Path, target: Path) -> None:
    rules = load.load(root)
    if rules.problems:
        raise ContentError(rules.problems)
    target.mkdir()
    tables = tables_of(rules)
    values = {
        "rules": dataclasses.asdict(_without_phrases(rules)),
        "version": compiled.version(load.paths(root), root),
        "body": tables.body,
        "title": tables.title,
        "ranks": tables.ranks,
    }
    compiled.write_values(target / "values.db", values)


def _without_phrases(rules: PostingRules) -> PostingRules:
    """The rules as verdicts need them: their phrases are in the tables."""
    return dataclasses.replace(
        rules,
        functions=[_bare(rule) for rule in rules.functions],
        families=[_bare(rule) for rule in rules.families],
        structure=Structure(rules.structure.title_labels),
        oddities=dataclasses.replace(rules.oddities, phrases=()),
        levels=dataclasses.replace(rules.levels, ranks=()),
        documents={},
    )


def _bare(rule: FunctionRule) -> FunctionRule:
    duties = tuple(dataclasses.replace(duty, signals=()) for duty in rule.duties)
    return dataclasses.replace(
        rule, titles=NO_PHRASES, duties=duties, blocked_by=NO_PHRASES, lifts=NO_PHRASES
    )
