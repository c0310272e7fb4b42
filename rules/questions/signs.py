"""The words of a conversation in a message: what opens and closes it, and what leans on others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rules.book import RuleBook
from rules.questions.intent import recognize
from rules.questions.model import Answer, Evidence, Intent, Mention, Utterance, Word
from rules.questions.state import Conversation
from rules.questions.utterance import read

OPENINGS = ("switches", "returns", "corrections", "lead_ins", "ands")
POINTING = ("pronouns", "persons", "not_pronouns")
TELLING = ("around",)
"""Groups whose words also say what a message is about."""
CLOSINGS = ("tails", "and_tails")
SHORT = {"zh": 14, "ja": 20, "ko": 16}
"""Characters of a short message; English ones are counted in words."""
SHORT_WORDS = 9
CLAUSE = re.compile(r"[^,.;:!?\n\uff0c\u3002\uff1b\uff1a\uff01\uff1f\u3001]+")
"""A part of a message between marks."""
NEAR_NAME = 4
"""Characters that may stand between a name and what says that it is not meant."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A word of a conversation and its span in the compact text."""

    group: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A message in its conversation, read."""

    original: Utterance
    """As it was sent."""
    utterance: Utterance
    """Without its opening, and without what it says is not meant."""
    intent: Intent
    openings: frozenset[str]
    groups: frozenset[str]
    """The groups of the signs in it, openings aside."""
    signs: tuple[Sign, ...]
    content: tuple[Word, ...]
    """Words that nothing explains, signs included."""
    refused: tuple[str, ...]
    before: Conversation
    book: RuleBook

    @property
    def named_entries(self) -> tuple[str, ...]:
        """The entries named, in their order."""
        return tuple(dict.fromkeys(m.entry for m in self.utterance.mentions))

    @property
    def asks(self) -> bool:
        """Whether any word shows what is wanted."""
        return bool(self.intent.evidence)

    @property
    def opening_length(self) -> int:
        """How many characters the opening takes."""
        return len(self.original.raw) - len(self.utterance.raw)

    @property
    def weight(self) -> float:
        """How much of it nothing explains."""
        return sum(word.weight for word in self.content)

    @property
    def short(self) -> bool:
        """Whether it is as short as follow-ups are."""
        text, language = self.utterance.normal.text, self.utterance.language
        if language in SHORT:
            return len(text) <= SHORT[language]
        return len(text.split()) <= SHORT_WORDS

    def has(self, *groups: str) -> bool:
        """Whether any sign of these groups is in it."""
        return not self.groups.isdisjoint(groups)


def turn_of(whole: Utterance, before: Conversation, book: RuleBook) -> Turn:
    """*whole* with its opening read and taken off. Pure."""
    told, denied = _without_denied(whole, book) if before.empty else (whole, ())
    openings, at = _find_opening(told, book)
    rest = _rest_from(told, at, book) if at else told
    signs = _signs(rest, book)
    rest, refused = _without_refused(rest, signs)
    refused = (*denied, *refused)
    intent, rest = recognize(rest, book)
    explained = [(s.start, s.end) for s in signs if s.group not in TELLING]
    content = tuple(w for w in rest.words if not _is_covered(w, explained))
    ends = _closings(rest, signs)
    groups = {s.group for s in signs if s.group not in (*OPENINGS, *CLOSINGS)} | ends
    return Turn(
        whole, rest, intent, openings, frozenset(groups), signs, content, refused, before, book
    )


def _without_denied(whole: Utterance, book: RuleBook) -> tuple[Utterance, tuple[str, ...]]:
    """A message without its clauses that only say what is not meant; their places stay.

    "I am not asking about X, I am asking about Y" is a question about Y, and X must find nothing.
    """
    _, refused = _without_refused(whole, _signs(whole, book))
    raw = whole.raw
    for clause in CLAUSE.finditer(raw) if refused else ():
        inside = {
            mention.entry
            for mention in whole.mentions
            if clause.start() <= whole.normal.original(mention.start, mention.end)[0] < clause.end()
        }
        if inside and inside <= set(refused):
            raw = raw[: clause.start()] + " " * len(clause[0]) + raw[clause.end() :]
    if raw == whole.raw or not any(map(str.isalnum, raw)):
        return whole, ()
    return read(raw, book, whole.language), refused


def shift_evidence(answer: Answer, off: int) -> Answer:
    """The answer with its evidence that many characters further on."""
    if not off:
        return answer
    moved = tuple(
        e if e.kind == "chat" else replace(e, start=e.start + off, end=e.end + off)
        for e in answer.evidence
    )
    return replace(answer, evidence=moved)


def focus_evidence(entry: str) -> Evidence:
    """The evidence of an answer that leans on the conversation."""
    return Evidence("chat", "", 0, 0, entry)


def _signs(utterance: Utterance, book: RuleBook) -> tuple[Sign, ...]:
    """Every sign, those inside names aside."""
    found = (f for f in book.find(utterance.normal.text) if f.phrase.kind == "turn")
    rows = {
        Sign(f.phrase.value, f.start, f.end)
        for f in found
        if not any(m.start <= f.start and f.end <= m.end for m in utterance.mentions)
    }
    hidden = [(s.start, s.end) for s in rows if s.group == "not_pronouns"]
    left = (s for s in rows if s.group not in POINTING or not _overlaps(s, hidden))
    return tuple(sorted(left, key=lambda s: (s.start, -s.end, s.group)))


def _overlaps(sign: Sign, spans: list[tuple[int, int]]) -> bool:
    return any(start < sign.end and sign.start < end for start, end in spans)


def _find_opening(utterance: Utterance, book: RuleBook) -> tuple[frozenset[str], int]:
    """The groups of the words that open a message, and where it goes on."""
    text, signs = utterance.normal.text, _signs(utterance, book)
    found: set[str] = set()
    at = 0
    while True:
        at = _skip_marks(text, at)
        if at >= len(text):
            return frozenset(found), 0
        here = [s for s in signs if s.start == at]
        longest = max((s.end for s in here), default=0)
        groups = {s.group for s in here if s.end == longest} & set(OPENINGS)
        name = any(m.start == at and m.end >= longest for m in utterance.mentions)
        name = name or any(w.start <= at < longest < w.end for w in utterance.words)
        if not groups or name or _cue_end(utterance, at) > longest:
            return frozenset(found), at if _skip_marks(text, at) < len(text) else 0
        found |= groups
        if longest >= len(text.rstrip("?!.。？！")):
            return frozenset(found), 0 if at == 0 else at
        at = longest


def _cue_end(utterance: Utterance, at: int) -> int:
    """Where the longest cue ends that begins there."""
    begin = utterance.normal.starts[at]
    ends = [c.end for c in utterance.cues if c.start == begin]
    return sum(1 for start in utterance.normal.starts[:-1] if start < max(ends, default=0))


def _skip_marks(text: str, at: int) -> int:
    while at < len(text) and not text[at].isalnum() and text[at] != "+":
        at += 1
    return at


def _rest_from(utterance: Utterance, at: int, book: RuleBook) -> Utterance:
    """The rest of a message, read anew."""
    begin = utterance.normal.starts[at]
    return read(utterance.raw[begin:], book, utterance.language)


def _closings(utterance: Utterance, signs: tuple[Sign, ...]) -> set[str]:
    """The groups of the word that ends a message."""
    end = len(utterance.normal.text)
    while end and not utterance.normal.text[end - 1].isalnum():
        end -= 1
    return {s.group for s in signs if s.end == end and s.group in CLOSINGS}


def _is_covered(word: Word, spans: list[tuple[int, int]]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def _without_refused(
    utterance: Utterance, signs: tuple[Sign, ...]
) -> tuple[Utterance, tuple[str, ...]]:
    """The message without the names of which it says that they are not meant."""
    asks = any(s.group == "whether" for s in signs)
    refused = [m for m in utterance.mentions if _is_excluded(m, signs, not asks)]
    denied = [m for m in refused if not _is_excluded(m, signs, False)]
    left = [m for m in utterance.mentions if m not in refused]
    if denied and not left:
        refused = [m for m in refused if m not in denied]
    if not refused:
        return utterance, ()
    spans = {(m.start, m.end) for m in refused}
    left = [m for m in utterance.mentions if (m.start, m.end) not in spans]
    return replace(utterance, mentions=tuple(left)), tuple(dict.fromkeys(m.entry for m in refused))


def _is_excluded(mention: Mention, signs: tuple[Sign, ...], denials: bool) -> bool:
    """Whether a word beside the name leaves it out; *denials*: those count that deny, too."""
    before = ("refuse_next", "deny_next") if denials else ("refuse_next",)
    return any(
        (s.group in before and 0 <= mention.start - s.end <= NEAR_NAME)
        or (s.group == "refuse_last" and 0 <= s.start - mention.end <= NEAR_NAME)
        for s in signs
    )
