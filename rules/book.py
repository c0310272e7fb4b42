"""The RuleBook: checked rules compiled over a KnowledgeBase into one phrase automaton."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from knowledge.engine import compiled, shape, sound
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.method_cache import OF_A_MESSAGE, method_cache
from knowledge.engine.normal import compact_text, is_latin
from knowledge.engine.source import ContentError, Problem
from rules import load, table
from rules.load import Rules
from rules.phrases import (
    Phrase,
    name_table,
    row_of,
    rule_table,
    sound_table,
    without_phrases,
    word_table,
)
from rules.postings import overlay as overlays
from rules.postings.posting_rules import PostingRules, open_posting_rules
from rules.questions.clauses import Splitter, splitter
from rules.questions.frames import Frames, parse
from rules.questions.ordinals import Reader, reader
from rules.spellings import Spelling
from rules.table import PhraseTable
from rules.weights import Confidence, Ranking

MIN_INITIALS = 3
"""Syllables of a name that is recognised by its initials."""
MUCH = 0.4
"""Share of a line that a name must cover, for the line to stand for what is named."""


class Found(NamedTuple):
    """A phrase found at a span of a text."""

    phrase: Phrase
    start: int
    end: int


class RuleBook:
    """All rules over one knowledge base; frozen, so that a reload is one assignment."""

    def __init__(
        self,
        base: KnowledgeBase,
        rules: Rules,
        phrases: PhraseTable,
        sounds: dict[str, list[str]],
        root: Path = load.ROOT,
        overlay: Path | None = None,
    ) -> None:
        """*sounds*: what `sound_table` gave; *overlay*: the folder with an organization's own
        posting rules and names.
        """
        self._sounds, self._phrases = sounds, phrases
        self._root, self._overlay = root, overlay
        self.base = base
        self.intents = {rule.intent: rule for rule in rules.intents}
        self.talk = frozenset(rule.intent for rule in rules.intents if rule.talk)
        self.replies = frozenset(rule.intent for rule in rules.intents if rule.talk == "reply")
        self.limits = {rule.limit: rule for rule in rules.limits}
        self.false_friends = {rule.false_friend: rule for rule in rules.false_friends}
        self.confidence: Confidence = rules.confidence
        self.ranking: Ranking = rules.ranking
        self.weights = [(one.sign, one.weight) for one in rules.ranking.signs]
        self.tasks = tuple(rules.tasks)
        self.shared_work = tuple(rules.shared_work)
        self._ordinals = rules.ordinals
        self._clauses = rules.clauses
        self.needs_thing = frozenset(rules.follow_ups.needs_thing)
        self.wants = {rule.want: rule.sections for rule in rules.follow_ups.wants}
        self.version = f"{base.version}-{compiled.version(load.paths(root), root)}"
        if overlay:
            self.version += f"-{compiled.version(overlays.paths(overlay), overlay)}"
        self.teaching = True
        """Whether examples settle their own questions; off to measure how others would fare."""
        self.explaining = False
        """Whether candidates tell what speaks for them; on to learn how much it counts."""

    @method_cache(OF_A_MESSAGE)
    def find(self, text: str) -> tuple[Found, ...]:
        """Every phrase of the rules in a compact text, overlapping ones included."""
        found, new = [], tuple.__new__  # hundreds a message: skips what a NamedTuple checks
        for start, end, phrases in self._phrases.find(text):
            if not _begins(text, start):
                continue
            whole = _ends(text, end)
            for phrase in phrases:
                if whole or phrase.open_end:
                    found.append(new(Found, (phrase, start, end)))
        return tuple(found)

    def literals(self, value: str) -> list[str]:
        """Every literal of a phrase that stands for *value*: the names of an entry by its id."""
        return self._phrases.literals(value)

    @method_cache(4_096)
    def named_by(self, line: str) -> str:
        """The entry whose name makes up much of a line, "" for none."""
        text = compact_text(line)
        names = [found for found in self.find(text) if found.phrase.kind == "name"]
        longest = max(
            names, key=lambda found: (found.end - found.start, -found.start), default=None
        )
        if longest is None or (longest.end - longest.start) < MUCH * len(text):
            return ""
        return longest.phrase.value

    @cached_property
    def sounds(self) -> tuple[ahocorasick_rs.AhoCorasick, list[list[str]]]:
        """An automaton over how the Chinese names sound, and the entry and name of each pattern."""
        return ahocorasick_rs.AhoCorasick(list(self._sounds)), list(self._sounds.values())

    @cached_property
    def pack(self) -> PostingRules:
        """The rules about postings, opened when they are first needed."""
        return open_posting_rules(self._root, self._overlay)

    @cached_property
    def clauses(self) -> Splitter:
        """Parts a message with several questions."""
        words = self._clauses
        kinds = (words.connectors, words.joins, words.questions)
        return splitter(*([word for _, word in kind.all()] for kind in kinds))

    @cached_property
    def frames(self) -> Frames:
        """The situations in everyday words in which entries help."""
        return Frames(parse(*row) for row in self.base.help_situations)

    @cached_property
    def ordinals(self) -> Reader:
        """Reads which step is meant."""
        return reader(self._ordinals)

    @cached_property
    def initials(self) -> dict[str, str]:
        """Pinyin initials of Chinese titles -> entry, where only one title has them."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name in self.base.names:
            if name.is_question:
                continue
            syllables = [sound.of_char(char) or "" for char in name.text]
            if name.is_title and len(syllables) >= MIN_INITIALS and all(syllables):
                found["".join(syllable[0] for syllable in syllables)].add(name.entry)
        return {letters: min(ids) for letters, ids in found.items() if len(ids) == 1}

    @cached_property
    def spellings(self) -> tuple[dict[str, list[int]], list[Spelling], list[int]]:
        """Pair of letters -> the names that contain it; those names; how many pairs each needs."""
        names = [Spelling.from_name(name) for name in self.base.names if not name.is_long]
        names = [name for name in names if name.allowed]
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for i, name in enumerate(names):
            for pair in name.pairs:
                postings[pair].append(i)
        return dict(postings), names, [name.needed for name in names]

    def longer_names(self, text: str) -> Iterator[Spelling]:
        """The names that hold *text*, of two letters or more, and something else."""
        postings, names, _ = self.spellings
        fewest = min((postings.get(text[i : i + 2], []) for i in range(len(text) - 1)), key=len)
        return (names[n] for n in fewest if text in names[n].text and text != names[n].text)


def _begins(text: str, start: int) -> bool:
    """Latin phrases must begin where a word does; others may stand anywhere."""
    return not (start and is_latin(text[start]) and is_latin(text[start - 1]))


def _ends(text: str, end: int) -> bool:
    """Latin phrases must end where a word does (a plural s may follow); others anywhere."""
    if not is_latin(text[end - 1]) or end == len(text) or not is_latin(text[end]):
        return True
    return text[end] == "s" and (end + 1 == len(text) or not is_latin(text[end + 1]))


def open_book(
    base: KnowledgeBase,
    root: Path = load.ROOT,
    overlay: Path | None = None,
    into: Path | None = None,
) -> RuleBook:
    """The rules below *root* over *base*, compiled on first use.

    *overlay*: the folder with an organization's own rules and names. *into*: a folder to compile
    in, for content that is only tried. Raises ContentError when any of them are broken.
    """
    own = [overlay / overlays.NAMES] if overlay else []
    name = f"rules-{compiled.stamp([*load.paths(root), *own])}-{base.version}"
    if into is not None:
        folder = into / "rules"
        _compile(base, root, overlay, folder)
    else:
        folder = compiled.folder(name, lambda new: _compile(base, root, overlay, new))
    values = compiled.Values(folder / "values.db")
    rules = shape.revive(Rules, values.get("rules"))
    phrases = table.PhraseTable(folder / "phrases.db")
    return RuleBook(base, rules, phrases, values.get("sounds"), root, overlay)


def _compile(base: KnowledgeBase, root: Path, overlay: Path | None, target: Path) -> None:
    name = f"phrases-{compiled.stamp(load.paths(root))}"
    of_rules = compiled.Hold(compiled.folder(name, lambda new: _compile_rules(root, new)))
    problems: list[Problem] = []
    phrases, last = name_table(base), word_table(base)
    if overlay:
        names, wrong = overlays.own_names(overlay)
        problems += wrong
        for own in names:
            if own.entry in base.hidden:
                continue
            if own.entry not in base.languages:
                message = f"there is no entry '{own.entry}'"
                problems.append(Problem(f"{overlay}/{overlays.NAMES}", 1, "error", message))
            for text in own.names:
                key = compact_text(text)
                for row in (*phrases.get(key, ()), *last.get(key, ())):
                    claimed = Phrase(*row)
                    if claimed.kind == "name" and claimed.value != own.entry:
                        message = f"'{text}' is already a name of {claimed.value}"
                        place = f"{overlay}/{overlays.NAMES}"
                        problems.append(Problem(place, 1, "error", message))
                last.setdefault(key, []).append(row_of(Phrase("name", own.entry)))
    if problems:
        raise ContentError(problems)
    target.mkdir()
    rules = compiled.Values(of_rules.folder / "values.db").get("rules")
    compiled.write_values(target / "values.db", {"rules": rules, "sounds": sound_table(base)})
    table.extend(target / "phrases.db", of_rules.folder / "phrases.db", phrases, last)


def _compile_rules(root: Path, target: Path) -> None:
    """The rules by themselves: they stay as they are whatever the content says."""
    rules = load.load(root)
    if rules.problems:
        raise ContentError(rules.problems)
    target.mkdir()
    values = {"rules": dataclasses.asdict(without_phrases(rules))}
    compiled.write_values(target / "values.db", values)
    table.write(target / "phrases.db", rule_table(rules))
