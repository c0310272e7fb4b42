"""The rule pack: every phrase of every function and family, compiled once and opened quickly."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.engine import compiled, shape
from knowledge.engine.source import ContentError
from rules.cues import NO_PHRASES, Phrases
from rules.load import ROOT
from rules.postings import load
from rules.postings import overlay as overlays
from rules.postings.automaton import (
    BLOCK,
    CONTEST,
    CUE,
    HEADING,
    LIFT,
    NAMED,
    ODD,
    RANK,
    SIGNAL,
    TITLE,
    Automaton,
    Row,
    Rows,
)
from rules.postings.flat import flatten
from rules.postings.load import PostingRules, phrases
from rules.postings.patterns import Patterns, patterns_of
from rules.postings.shapes import Contest, FunctionRule, Structure

_PAIR = re.compile("[\u3400-\u9fff]{1,2}")
"""A word so short that it often means something else in the other language of Han characters."""
TITLE_WEIGHT = 4.0
"""A job title as it is usually posted."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Phrase -> what it stands for: in any text, in a title besides, and as a rank in a title."""

    body: Rows
    title: Rows
    ranks: Rows
    contests: Rows


def tables_of(rules: PostingRules) -> Tables:
    """Every phrase of *rules*, made comparable."""
    body: Rows = {}
    title: Rows = {}
    ranks: Rows = {}
    contests: Rows = {}
    for rank in rules.levels.ranks:
        _add(ranks, rank.words, Row(RANK, rank.rank, "", 0.0))
    for place in rules.structure.headings:
        _add(body, place.words, Row(HEADING, place.place, "", 0.0))
    for place in rules.structure.cues:
        _add(body, place.words, Row(CUE, place.place, place.at, 0.0))
    for odd in rules.oddities.phrases:
        _add(body, odd.words, Row(ODD, odd.oddity, "", 0.0))
    for named in rules.named:
        _add(body, named.words, Row(NAMED, named.kind, named.stands, 0.0))
    for i, contest in enumerate(rules.contests):
        for side in contest.sides:
            _add(contests, side.words, Row(CONTEST, side.function, str(i), 1.0))
    for rule in rules.all:
        _add(title, rule.titles, Row(TITLE, rule.function, "title", TITLE_WEIGHT))
        _add(body, rule.blocked_by, Row(BLOCK, rule.function, "", 0.0))
        _add(body, rule.lifts, Row(LIFT, rule.function, "", 0.0))
        for duty, signals, language, phrase in phrases(rule):
            _put(
                body, phrase, language, Row(SIGNAL, rule.function, duty.duty, float(signals.weight))
            )
    return Tables(body, title, ranks, contests)


def _add(table: Rows, words: Phrases, row: Row) -> None:
    for language, phrase in words.all():
        _put(table, phrase, language, row)


def _put(table: Rows, phrase: str, language: str, row: Row) -> None:
    """Within a table the first row of an owner stands; a signal goes before a blocker."""
    key = flatten(phrase).text.strip()
    rows = table.setdefault(key, []) if key else []
    own = language if _PAIR.fullmatch(key) and language in ("zh", "ja") else ""
    for i, known in enumerate(rows):
        if _place(known) == _place(row):
            if known.language != own:  # written in both languages
                rows[i] = known._replace(language="")
            return
    rows.append(row._replace(language=own))


def _place(row: Row) -> tuple[str, str, str]:
    return row.kind, row.owner, row.duty if row.kind == CONTEST else ""


def _with_titles(tables: Tables) -> Rows:
    """What may stand in a title: signals and blockers, and the posted titles themselves."""
    table = {
        phrase: rows
        for phrase, rows in tables.body.items()
        if any(row[0] in (SIGNAL, BLOCK, LIFT) for row in rows)
    }
    for phrase, rows in tables.title.items():
        table[phrase] = [*table.get(phrase, ()), *rows]
    return table


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
        self._oddities = rules.oddities
        self._patterns: dict[str, Patterns] = {}
        self.levels = rules.levels
        self.verdict = rules.verdict
        labels = sorted((label for _, label in rules.structure.title_labels.all()), key=len)
        self.title_label = re.compile(
            rf"\s*(?:{'|'.join(map(re.escape, reversed(labels)))})"
            r"\s*(?:[\]\u3011]\s*[:\uff1a]?|[:\uff1a])\s*(?P<title>.+)",
            re.IGNORECASE,
        )
        self.title_lines = re.compile(rf"\n{self.title_label.pattern}", re.IGNORECASE)
        self.version = version
        places = rules.verdict.places
        self.part_weights = {
            "duties": places.duties / 100,
            "mixed": places.duties / 100,
            "requirements": places.requirements / 100,
            "company": places.company / 100,
            "benefits": places.benefits / 100,
            "application": places.application / 100,
        }
        others = dict.fromkeys(self.families, rules.verdict.others / 100)
        times = {(row.function, flatten(row.phrase).text): row.times / 100 for row in rules.weights}
        self.body = Automaton(tables.body, others, times)
        self._others = others
        self.ranks = Automaton(tables.ranks)
        self.contests = Automaton(tables.contests)
        self.told_apart = rules.contests
        """Pairs of neighbours; the words of `contests` name their places in this list."""

    @cached_property
    def title(self) -> Automaton:
        """What may stand in a title; made for the first one, as a task or question has none."""
        return Automaton(_with_titles(self._made_of[1]), self._others)

    def title_weight(self, owner: str) -> float:
        """What a posted title of *owner* weighs before anything is multiplied."""
        return TITLE_WEIGHT * self._others.get(owner, 1.0)

    def patterns(self, language: str) -> Patterns:
        """The regular expressions for postings in *language*."""
        known = self._patterns.get(language)
        if known is None:
            known = patterns_of(language, self.levels, self._oddities)
            self._patterns[language] = known
        return known

    def __reduce__(self) -> tuple[type[Pack], tuple[PostingRules, Tables, str]]:
        """A process that is sent a pack compiles it anew from the same rules."""
        return Pack, self._made_of


def are_neighbours(one: str, other: str, pack: Pack) -> bool:
    """Whether either of the two names the other as a neighbour it is confused with."""
    return any(
        confusion.with_ == right
        for left, right in ((one, other), (other, one))
        for confusion in pack.rules[left].confusions
    )


def open_pack(root: Path = ROOT, overlay: Path | None = None) -> Pack:
    """The posting rules below *root*, with an organization's *overlay*, compiled on first use.

    Raises ContentError when they are broken.
    """
    if overlay and not overlay.is_dir():  # the stamp would be that of no overlay
        raise ContentError([overlays.missing(overlay)])
    files = load.paths(root)
    own = overlays.paths(overlay) if overlay else []
    name = f"postings-{compiled.stamp([*files, *own, *([overlay] if overlay else [])])}"
    folder = compiled.folder(name, lambda new: _compile(root, overlay, new))
    values = compiled.Values(folder / "values.db")
    rules = shape.revive(PostingRules, values.get("rules"))
    tables = Tables(
        values.get("body"), values.get("title"), values.get("ranks"), values.get("contests")
    )
    return Pack(rules, tables, values.get("version"))


def read_rules(root: Path = ROOT, overlay: Path | None = None) -> PostingRules:
    """The rules as written, overlay laid over them; problems are in the result."""
    rules = load.load(root)
    if overlay:
        overlays.lay(overlay, rules)
    return rules


def pack_of(rules: PostingRules, version: str = "") -> Pack:
    """The pack of rules that are at hand. Raises ContentError when they are broken."""
    if rules.problems:
        raise ContentError(rules.problems)
    return Pack(rules, tables_of(rules), version)


def _compile(root: Path, overlay: Path | None, target: Path) -> None:
    rules = read_rules(root, overlay)
    if rules.problems:
        raise ContentError(rules.problems)
    target.mkdir()
    tables = tables_of(rules)
    version = compiled.version(load.paths(root), root)
    if overlay:
        version += "-" + compiled.version(overlays.paths(overlay), overlay)
    values = {
        "rules": dataclasses.asdict(_without_phrases(rules)),
        "version": version,
        "body": tables.body,
        "title": tables.title,
        "ranks": tables.ranks,
        "contests": tables.contests,
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
        named=[],
        contests=[_wordless(contest) for contest in rules.contests],
        documents={},
    )


def _wordless(contest: Contest) -> Contest:
    sides = tuple(dataclasses.replace(side, words=NO_PHRASES) for side in contest.sides)
    return dataclasses.replace(contest, sides=sides)


def _bare(rule: FunctionRule) -> FunctionRule:
    duties = tuple(dataclasses.replace(duty, signals=()) for duty in rule.duties)
    return dataclasses.replace(
        rule, titles=NO_PHRASES, duties=duties, blocked_by=NO_PHRASES, lifts=NO_PHRASES
    )
