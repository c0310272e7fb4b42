"""Candidates for an utterance, best first: names, retrieval and how much of it they explain."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.engine.likelihood import Likelihood
from knowledge.engine.model import Entry
from knowledge.engine.normal import fold, question_key
from rules.book import RuleBook
from rules.questions.frames import Match
from rules.questions.model import Candidate, Intent, Utterance
from rules.questions.section import USUAL, choose

MENTION_WEIGHT = 1.0
CUE_WEIGHT = 0.3
COMMON = 0.6
"""What a name that is a word of every day or the field counts where more is said: "our brand, how
well is it known" is not about the brand role."""
RELATED = 0.6
"""An entry of the kind that is asked for, related to a thing that is named."""
SAME = 0.9
"""One that is about that very thing: the checklist of a campaign."""
FRAME_BESIDE_NAME = 0.6
"""How much less a situation in everyday words counts where a thing is named."""
SURE_FRAME = 0.3
SITUATIONS = 16
"""Entries that a situation may bring in, the surest first."""
UNLIKELY_BESIDE_NAME, FAR = 0.7, 4.0
"""How much less it counts beside a name that the examples of another entry make a message likelier,
and the natural logarithms beyond which it counts no more."""
HITS, FETCHED = 12, 36


@dataclass(frozen=True, slots=True)
class Backing:
    """What speaks for entries in one message."""

    named: dict[str, float]
    """How much each entry is named."""
    strongest: float
    retrieved: Mapping[str, float]
    matches: dict[str, Match]
    """The situation in everyday words in which each entry helps."""
    likelihood: Likelihood
    """How likely the examples of each entry make the message."""
    unlikely: float
    """How much that counts here: less beside a name, nothing where names are all."""


def candidates(
    utterance: Utterance, intent: Intent, book: RuleBook, kind: str | None = None
) -> list[Candidate]:
    """Entries that could answer, best first; ties in id order.

    An entry of which this question is a near miss is none of them.
    """
    backing = _backing(utterance, intent, book, kind)
    banned = frozenset[str]()
    if book.teaching:
        banned = book.base.not_asked(question_key(utterance.raw))
    ids = backing.retrieved.keys() | backing.named.keys() | backing.matches.keys()
    content = Content(utterance)
    rows = sorted(_score(id_, content, intent, book, backing) for id_ in ids - banned)
    first = rows if book.explaining else rows[:HITS]
    return [_candidate(row, book, backing) for row in first]


def _backing(utterance: Utterance, intent: Intent, book: RuleBook, kind: str | None) -> Backing:
    named = _named_entries(utterance, kind)
    _wanted_of_things(utterance, intent, book, named)
    matches = {} if kind else _situations(utterance, book)
    strongest = max(named.values(), default=0.0)
    unlikely = 1 - UNLIKELY_BESIDE_NAME * strongest
    if strongest and not utterance.words:
        unlikely = 0.0
    text = _text(utterance)
    retrieved = book.base.found(text, FETCHED, kind)
    likelihood = book.base.likelihoods.likelihood_of(text)
    return Backing(named, strongest, retrieved, matches, likelihood, unlikely)


def _named_entries(utterance: Utterance, kind: str | None) -> dict[str, float]:
    """Entries that are named -> how much: less for a shorter name, and for a word of every day."""
    named: dict[str, float] = {}
    organized = any(m.entry.startswith("organization.") for m in utterance.mentions)
    longest = max((m.end - m.start for m in utterance.mentions), default=1)
    for m in utterance.mentions:
        if kind is None or m.entry.startswith(kind + "."):
            value = m.strength * (0.6 + 0.4 * (m.end - m.start) / longest)
            value *= COMMON if m.common and utterance.words else 1.0
            if organized and m.entry.partition(".")[0] in ("role", "department"):
                value *= RELATED
            named[m.entry] = max(value, named.get(m.entry, 0.0))
    return named


class _Scored(NamedTuple):
    """An entry with its score; the best sorts first, ties in id order."""

    behind_all: float
    """The score with its sign turned."""
    entry: str
    section: str
    signs: dict[str, float]


def _score(id_: str, content: Content, intent: Intent, book: RuleBook, backing: Backing) -> _Scored:
    entry, match = book.base.entry(id_), backing.matches.get(id_)
    section = _section(entry, intent, id_ in backing.named, content.utterance, match)
    coverage = content.explained_share(id_, book.base.vocabulary(id_), match.used if match else ())
    signs = _signs(entry, section, coverage, intent, backing)
    told = 0.0
    for sign, weight in book.weights:
        if value := signs[sign]:
            told += weight * value
    return _Scored(-round((book.ranking.base + told) / 1000, 4), id_, section, signs)


def _candidate(row: _Scored, book: RuleBook, backing: Backing) -> Candidate:
    """The entry as it goes on, with where its score comes from."""
    score, id_, section, signs = row
    match, likelihood = backing.matches.get(id_), backing.likelihood
    return Candidate(
        id_, -score, section, signs["name"], round(signs["found"], 4),
        round(signs["explained"], 4), round(match.score, 4) if match else 0.0,
        tuple(sorted(match.used)) if match else (),
        round(likelihood.distance_from_best(id_), 4), likelihood.most, likelihood.not_held,
        signs if book.explaining else {},
    )  # fmt: skip


def _signs(
    entry: Entry, section: str, coverage: float, intent: Intent, backing: Backing
) -> dict[str, float]:
    """What speaks for an entry; each sign has a weight in ``ranking.yaml``."""
    id_, strongest = entry.id, backing.strongest
    kind = id_.partition(".")[0]
    name, found = backing.named.get(id_, 0.0), backing.retrieved.get(id_, 0.0)
    match = backing.matches.get(id_)
    behind = min(FAR, backing.likelihood.distance_from_best(id_)) / FAR
    asked = bool(intent.evidence)
    preferred = asked and kind in intent.kinds
    holds = float(asked and section in intent.sections)
    only = preferred and len(intent.kinds) == 1 and (bool(name) or not strongest)
    return {
        "name": name,
        "found": found,
        "explained": coverage,
        "name_explained": name * coverage,
        "found_explained": found * coverage,
        "found_beside_name": found * strongest,
        "explained_beside_name": coverage * strongest,
        "frame": (1 - FRAME_BESIDE_NAME * strongest) * match.score if match else 0.0,
        "section": holds,
        "name_section": name * holds,
        "special_section": holds * (section != USUAL.get(kind, "summary")),
        "kind": float(preferred and not only),
        "only_kind": float(only),
        "likeliest": backing.unlikely * (not behind),
        "behind": backing.unlikely * behind,
        "far_behind": backing.unlikely * math.sqrt(behind),
    }


def _situations(utterance: Utterance, book: RuleBook) -> dict[str, Match]:
    """Entry -> the situation in everyday words in which it helps."""
    if not utterance.situation:
        return {}
    spans = [(s.start, s.end) for s in utterance.situation]
    left = sum(
        word.weight
        for word in utterance.words
        if not any(start < word.end and word.start < end for start, end in spans)
    )
    asks = frozenset(cue.value for cue in utterance.cues)
    found = book.frames.matches(utterance.situation, asks, left)
    best = sorted(found.values(), key=lambda m: (-m.score, m.frame.entry))[:SITUATIONS]
    return {match.frame.entry: match for match in best}


def _section(
    entry: Entry, intent: Intent, named: bool, utterance: Utterance, match: Match | None
) -> str:
    """The section that is asked for; where nothing is named, the one that the situation needs."""
    if match and match.score >= SURE_FRAME and not named:
        return match.frame.section
    return choose(entry, intent, named, len(utterance.words))


def _wanted_of_things(
    utterance: Utterance, intent: Intent, book: RuleBook, named: dict[str, float]
) -> None:
    """Where one kind alone is asked for, entries of that kind about a named thing count as named.

    Whose a thing is, its checklist and what people wrongly believe of it stand in other entries.
    """
    kind = "role" if intent.name == "owner" else intent.kinds[0] if len(intent.kinds) == 1 else ""
    if not kind or not intent.evidence:
        return
    for m in utterance.mentions:
        for id_, share in _entries_about(m.entry, kind, book).items():
            named[id_] = max(named.get(id_, 0.0), share * m.strength)


def _entries_about(thing: str, kind: str, book: RuleBook) -> dict[str, float]:
    """Entries of *kind* about a thing of another kind -> how much its name counts for them."""
    if thing.startswith(kind + "."):
        return {}
    found = {id_: RELATED for id_ in book.base.entry(thing).related if id_.startswith(kind + ".")}
    slug = thing.partition(".")[2]
    for id_ in book.base.ids(kind):
        if id_.partition(".")[2] == slug:
            found[id_] = SAME
        elif kind != "role" and thing in book.base.entry(id_).related:
            found.setdefault(id_, RELATED)
    return {id_: share for id_, share in found.items() if book.base.entry(id_).status == "active"}


def _text(utterance: Utterance) -> str:
    """What is looked for: the message as it is meant, and other words for what it says."""
    return fold(" ".join((_corrected_text(utterance), *utterance.synonyms)))


def _corrected_text(utterance: Utterance) -> str:
    """The message with the names that are meant where they are spelt in another way."""
    text = utterance.raw
    for mention in sorted(utterance.mentions, key=lambda m: -m.start):
        if mention.name:
            start, end = utterance.normal.original(mention.start, mention.end)
            text = text[:start] + mention.name + text[end:]
    return text


def words(utterance: Utterance) -> dict[str, float]:
    """Each left-over word and its weight; what is said again says no more, however often."""
    return {word.text: word.weight for word in utterance.words}


class Content:
    """The content of one message, weighed once for all entries: its words, names and cues."""

    def __init__(self, utterance: Utterance) -> None:
        self.utterance = utterance
        self._words = list(words(utterance).items())
        self._total = sum(weight for _, weight in self._words)
        self._cues = CUE_WEIGHT * bool(utterance.cues)
        self._named = [m.entry for m in utterance.mentions]

    def explained_share(
        self,
        entry: str | None = None,
        vocabulary: frozenset[str] = frozenset(),
        used: Collection[str] = (),
    ) -> float:
        """The share that names, cues and, of *entry*, the words of its *vocabulary* explain.

        *used*: the things and states of the situation in which the entry helps; their words count.
        """
        counted = self._cues
        for named in self._named:
            counted += MENTION_WEIGHT if entry in (None, named) else 0.5 * MENTION_WEIGHT
        total = counted + self._total
        return (total - self.unexplained_weight(vocabulary, used)) / total if total else 0.0

    def unexplained_weight(self, vocabulary: frozenset[str], used: Collection[str] = ()) -> float:
        """The weight of the words that neither *vocabulary* nor the situation explains."""
        if not used:
            return sum(weight for text, weight in self._words if text not in vocabulary)
        spans = [(s.start, s.end) for s in self.utterance.situation if s.id in used]
        return sum(
            word.weight
            for word in self.utterance.words
            if word.text not in vocabulary
            and not any(start < word.end and word.start < end for start, end in spans)
        )


def foreign_share(utterance: Utterance, book: RuleBook) -> float:
    """The share of the unexplained words that no entry at all uses: another subject's words."""
    left = words(utterance)
    total = sum(left.values())
    strange = sum(weight for text, weight in left.items() if not book.base.index.knows(text))
    return strange / total if total else 0.0
