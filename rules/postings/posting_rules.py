"""PostingRules: every phrase of every function and family, compiled once and opened quickly."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.engine import compiled, shape
from knowledge.engine.method_cache import method_cache
from knowledge.engine.source import ContentError
from rules.cues import NO_PHRASES, Phrases
from rules.load import ROOT
from rules.postings import load
from rules.postings import overlay as overlays
from rules.postings.automaton import (
    BLOCK,
    CONTEST,
    CUE,
    FLAG,
    HEADING,
    LIFT,
    NAMED,
    RANK,
    SIGNAL,
    TITLE,
    Automaton,
    Row,
    Rows,
)
from rules.postings.load import RuleFiles, phrases
from rules.postings.normalized import beginnings, normalize_text
from rules.postings.packed import pack, unpack
from rules.postings.patterns import NUMERAL, Patterns, any_of, hiring_of, patterns_of
from rules.postings.shapes import Contest, FunctionRule

_PAIR = re.compile("[\u3400-\u9fff]{1,2}")
"""A word so short that it often means something else in the other language of Han characters."""
TITLE_WEIGHT = 4.0
"""A job title as it is usually posted."""


TABLES = "body", "title", "ranks", "contests"
"""The fields of `Tables`, by which they are kept."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Phrase -> what it stands for: in any text, in a title besides, and as a rank in a title."""

    body: Rows
    title: Rows
    ranks: Rows
    contests: Rows


def tables_of(files: RuleFiles) -> Tables:
    """Every phrase of *files*, made comparable."""
    body: Rows = {}
    title: Rows = {}
    ranks: Rows = {}
    contests: Rows = {}
    for rank in files.levels.ranks:
        _add(ranks, rank.words, Row(RANK, rank.rank, "", 0.0))
    for place in files.structure.headings:
        _add(body, place.words, Row(HEADING, place.place, "", 0.0))
    for place in files.structure.cues:
        _add(body, place.words, Row(CUE, place.place, place.at, 0.0))
    for raised in files.flags.phrases:
        _add(body, raised.words, Row(FLAG, raised.flag, "", 0.0))
    for named in files.named:
        _add(body, named.words, Row(NAMED, named.kind, named.stands, 0.0))
    for i, contest in enumerate(files.contests):
        for side in contest.sides:
            _add(contests, side.words, Row(CONTEST, side.function, str(i), 1.0))
    for rule in files.all:
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
    key = normalize_text(phrase).text.strip()
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


class PostingRules:
    """All posting files, compiled; frozen, so that a reload is one assignment."""

    def __init__(self, files: RuleFiles, tables: Tables, version: str) -> None:
        self._made_of = (files, tables, version)
        self.by_name = {rule.function: rule for rule in files.all}
        """Functions and families; what is left of them without their phrases."""
        self.functions = tuple(rule.function for rule in files.functions)
        self.families = frozenset(rule.function for rule in files.families)
        self.group = {name: group.group for group in files.groups for name in group.functions}
        self.groups = {group.group: group for group in files.groups}
        self.crosswalk = {row.function: row.codes for row in files.crosswalk}
        self._flags = files.flags
        self.markets, self.laws = files.flags.markets, files.flags.laws
        self._patterns: dict[str, Patterns] = {}
        self.levels = files.levels
        self.verdict = files.verdict
        self.title_label = re.compile(
            rf"\s*{any_of(files.structure.title_labels)}"
            r"\s*(?:[\]\u3011]\s*[:\uff1a]?|[:\uff1a])\s*(?P<title>.+)",
            re.IGNORECASE,
        )
        self.title_lines = re.compile(
            rf"\n\s*(?:(?:\d{{1,2}}|[{NUMERAL}])[.\uff0e\u3001)]\s*)?{self.title_label.pattern}",
            re.IGNORECASE,
        )
        self.hiring = hiring_of(files.structure)
        self.version = version
        places = files.verdict.places
        self.part_weights = {
            "duties": places.duties / 100,
            "mixed": places.duties / 100,
            "requirements": places.requirements / 100,
            "company": places.company / 100,
            "benefits": places.benefits / 100,
            "application": places.application / 100,
            "denied": 0.0,
        }
        others = dict.fromkeys(self.families, files.verdict.others / 100)
        times = {
            (row.function, normalize_text(row.phrase).text): row.times / 100
            for row in files.weights
        }
        self.body = Automaton(tables.body, others, times)
        self._others = others
        self.ranks = Automaton(tables.ranks)
        self.contests = Automaton(tables.contests)
        self.told_apart = files.contests
        """Pairs of neighbours; the words of `contests` name their places in this list."""

    @cached_property
    def title(self) -> Automaton:
        """What may stand in a title; made for the first one, as a task or question has none."""
        return Automaton(_with_titles(self._made_of[1]), self._others)

    @method_cache(4_096)
    def title_in(self, name: str) -> tuple[int, int]:
        """Characters of the longest job title in a short text, 0 for none, and of all of it, both
        made comparable; the lines above duties come again and again.
        """
        text = normalize_text(name).text
        hits = self.title.find(text)
        titles = [hit for hit in hits if any(row.kind == TITLE for row in hit.rows)]
        return max((hit.end - hit.start for hit in titles), default=0), len(text)

    def may_begin_title(self, text: str, at: int) -> bool:
        """Whether a job title may stand in *text* from *at* on, by its first two characters."""
        begins = beginnings(text, at)
        return begins is None or not self._title_beginnings.isdisjoint(begins)

    @cached_property
    def _title_beginnings(self) -> frozenset[str]:
        return frozenset(title[:2] for title in self._made_of[1].title)

    def title_weight(self, owner: str) -> float:
        """What a posted title of *owner* weighs before anything is multiplied."""
        return TITLE_WEIGHT * self._others.get(owner, 1.0)

    def patterns(self, language: str) -> Patterns:
        """The regular expressions for postings in *language*."""
        known = self._patterns.get(language)
        if known is None:
            known = patterns_of(language, self.levels, self._flags)
            self._patterns[language] = known
        return known

    def __reduce__(self) -> tuple[type[PostingRules], tuple[RuleFiles, Tables, str]]:
        """A process that is sent such rules compiles them anew from the same files."""
        return PostingRules, self._made_of


def are_neighbours(one: str, other: str, rules: PostingRules) -> bool:
    """Whether either of the two names the other as a neighbour it is confused with."""
    return any(
        confusion.with_ == right
        for left, right in ((one, other), (other, one))
        for confusion in rules.by_name[left].confusions
    )


def open_posting_rules(root: Path = ROOT, overlay: Path | None = None) -> PostingRules:
    """The posting rules below *root*, with an organization's *overlay*, compiled on first use.

    Raises ContentError when they are broken.
    """
    if overlay and not overlay.is_dir():  # the stamp would be that of no overlay
        raise ContentError([overlays.missing_folder(overlay)])
    files = load.paths(root)
    own = overlays.paths(overlay) if overlay else []
    name = f"postings-{compiled.stamp([*files, *own, *([overlay] if overlay else [])])}"
    folder = compiled.folder(name, lambda new: _compile(root, overlay, new))
    values = compiled.Values(folder / "values.db")
    files = shape.revive(RuleFiles, values.get("rules"))
    tables = Tables(*(unpack(values.get(name)) for name in TABLES))
    return PostingRules(files, tables, values.get("version"))


def read_rule_files(root: Path = ROOT, overlay: Path | None = None) -> RuleFiles:
    """The rules as written, overlay laid over them; problems are in the result."""
    files = load.load(root)
    if overlay:
        overlays.lay(overlay, files)
    return files


def compile_rules(files: RuleFiles, version: str = "") -> PostingRules:
    """The rules that are at hand, compiled. Raises ContentError when they are broken."""
    if files.problems:
        raise ContentError(files.problems)
    return PostingRules(files, tables_of(files), version)


def _compile(root: Path, overlay: Path | None, target: Path) -> None:
    files = read_rule_files(root, overlay)
    if files.problems:
        raise ContentError(files.problems)
    target.mkdir()
    tables = tables_of(files)
    version = compiled.version(load.paths(root), root)
    if overlay:
        version += "-" + compiled.version(overlays.paths(overlay), overlay)
    values = {
        "rules": dataclasses.asdict(_without_phrases(files)),
        "version": version,
        **{name: pack(getattr(tables, name)) for name in TABLES},
    }
    compiled.write_values(target / "values.db", values)


def _without_phrases(files: RuleFiles) -> RuleFiles:
    """The rules as verdicts need them: their phrases are in the tables."""
    return dataclasses.replace(
        files,
        functions=[_strip_phrases(rule) for rule in files.functions],
        families=[_strip_phrases(rule) for rule in files.families],
        structure=dataclasses.replace(files.structure, headings=(), cues=()),
        flags=dataclasses.replace(files.flags, phrases=()),
        levels=dataclasses.replace(files.levels, ranks=()),
        named=[],
        contests=[_strip_words(contest) for contest in files.contests],
        documents={},
    )


def _strip_words(contest: Contest) -> Contest:
    sides = tuple(dataclasses.replace(side, words=NO_PHRASES) for side in contest.sides)
    return dataclasses.replace(contest, sides=sides)


def _strip_phrases(rule: FunctionRule) -> FunctionRule:
    duties = tuple(dataclasses.replace(duty, signals=()) for duty in rule.duties)
    return dataclasses.replace(
        rule, titles=NO_PHRASES, duties=duties, blocked_by=NO_PHRASES, lifts=NO_PHRASES
    )
