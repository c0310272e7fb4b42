"""The RuleBook: checked rules compiled over a KnowledgeBase into one phrase automaton."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ahocorasick_rs

from knowledge import compiled, sound
from knowledge.base import KnowledgeBase
from knowledge.compiler import Name
from knowledge.normal import compact
from knowledge.source import ContentError
from rules import load
from rules.cues import GAP
from rules.load import Rules, Thresholds

MIN_SOUND = 3
"""A name of two syllables has too many homophones to be recognised by sound."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a literal stands for: kind name, cue, limit, trap, pronoun, stop, subject, synonym."""

    kind: str
    value: str
    part: int = 0
    parts: int = 1
    """A cue with gaps has several parts; they count only together and in order."""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found at a span of a text."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name that is also recognised with a slip of the finger."""

    text: str
    entry: str
    allowed: int
    """Slips: two in a long Latin name, one in others, none in short ones."""
    needed: int
    """Bigrams that are left whatever the slips spoil; one spoils at most three."""

    @classmethod
    def of(cls, name: Name) -> Spelling:
        """The spelling of a name."""
        size = len(name.text)
        if name.text.isascii():
            allowed = 0 if size < 6 else 1 if size < 10 else 2
        else:
            allowed = int(size >= 4)
        return cls(name.text, name.entry, allowed, max(1, size - 1 - 3 * allowed))


class RuleBook:
    """All rules over one knowledge base; frozen, so that a reload is one assignment."""

    def __init__(self, base: KnowledgeBase, rules: Rules, root: Path = load.ROOT) -> None:
        self.base = base
        self.intents = {rule.intent: rule for rule in rules.intents}
        self.limits = {rule.limit: rule for rule in rules.limits}
        self.traps = {rule.trap: rule for rule in rules.traps}
        self.thresholds: Thresholds = rules.thresholds
        rules_version = compiled.version(load.paths(root), root)
        self.version = f"{base.version}-{rules_version}"
        self.teaching = True
        """Whether examples settle their own questions; off to measure how others would fare."""
        self._phrases: defaultdict[str, list[Phrase]] = defaultdict(list)
        self._collect(rules)
        self._literals = list(self._phrases)
        self._automaton = ahocorasick_rs.AhoCorasick(self._literals)

    def _collect(self, rules: Rules) -> None:
        for name in self.base.names:
            self._add(name.text, Phrase("name", name.entry))
        for intent in rules.intents:
            for _, cue in intent.cues.all():
                self._add_cue("cue", intent.intent, cue)
        for limit in rules.limits:
            for _, cue in limit.cues.all():
                self._add_cue("limit", limit.limit, cue)
        for trap in rules.traps:
            for _, phrase in trap.phrases.all():
                self._add_cue("trap", trap.trap, phrase)
        for _, phrase in rules.follow_ups.pronouns.all():
            self._add(compact(phrase).text, Phrase("pronoun", phrase))
        for _, cue in rules.follow_ups.what_about.all():
            self._add_cue("cue", "what_about", cue)
        for word in self.base.lexicon.stop:
            self._add(word, Phrase("stop", word))
        for word in self.base.lexicon.subject:
            self._add(word, Phrase("subject", word))
        for word, ours in self.base.lexicon.synonyms:
            self._add(word, Phrase("synonym", ours))

    def _add(self, text: str, phrase: Phrase) -> None:
        if text and phrase not in self._phrases[text]:
            self._phrases[text].append(phrase)

    def _add_cue(self, kind: str, value: str, cue: str) -> None:
        parts = [compact(part).text for part in cue.split(GAP)]
        for i, part in enumerate(parts):
            self._add(part, Phrase(kind, value, i, len(parts), cue if len(parts) > 1 else ""))

    def find(self, text: str) -> Iterator[Found]:
        """Every phrase of the rules in a compact text, overlapping ones included."""
        for literal, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if _stands_alone(text, start, end):
                for phrase in self._phrases[self._literals[literal]]:
                    yield Found(phrase, start, end)

    @cached_property
    def sounds(self) -> tuple[ahocorasick_rs.AhoCorasick, list[str]]:
        """An automaton over how the Chinese names sound, and the entry of each pattern."""
        patterns: dict[str, str] = {}
        for name in self.base.names:
            if len(name.text) >= MIN_SOUND and all(sound.of_char(char) for char in name.text):
                patterns.setdefault(sound.codes(name.text), name.entry)
        return ahocorasick_rs.AhoCorasick(list(patterns)), list(patterns.values())

    @cached_property
    def initials(self) -> dict[str, str]:
        """Pinyin initials of Chinese titles -> entry, where only one title has them."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name in self.base.names:
            syllables = [sound.of_char(char) or "" for char in name.text]
            if name.is_title and len(syllables) >= MIN_SOUND and all(syllables):
                found["".join(syllable[0] for syllable in syllables)].add(name.entry)
        return {letters: min(ids) for letters, ids in found.items() if len(ids) == 1}

    @cached_property
    def spellings(self) -> tuple[dict[str, list[int]], list[Spelling]]:
        """Bigram -> the names that contain it, for near spellings; and those names."""
        names = [Spelling.of(name) for name in self.base.names]
        names = [name for name in names if name.allowed]
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for i, name in enumerate(names):
            for bigram in {name.text[j : j + 2] for j in range(len(name.text) - 1)}:
                postings[bigram].append(i)
        return dict(postings), names


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin phrases must be whole words (a plural s may follow); others may stand anywhere."""
    if _latin(text[start]) and start and _latin(text[start - 1]):
        return False
    if not _latin(text[end - 1]) or end == len(text) or not _latin(text[end]):
        return True
    return text[end] == "s" and (end + 1 == len(text) or not _latin(text[end + 1]))


def _latin(char: str) -> bool:
    return char < "\u0250" and char.isalnum()


def open_book(base: KnowledgeBase, root: Path = load.ROOT) -> RuleBook:
    """The rules below *root* over *base*. Raises ContentError when they are broken."""
    rules = load.load(root)
    if rules.problems:
        raise ContentError(rules.problems)
    return RuleBook(base, rules, root)
