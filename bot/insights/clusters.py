"""Open questions -> clusters, by shared words and near spellings; deterministic.

Each question is compared with the few clusters that share its rarest words and letter pairs, found
through an inverted index, so that time grows with the number of questions and not with its square.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.insights.model import Cluster, Spelling
from bot.store.feedback import Question
from knowledge.engine.normal import compact, question_key
from knowledge.engine.tokens import words_of
from knowledge.engine.words import Words

SHARED = 0.55
"""The part of both questions' words, by weight, that must stand in the other too."""
ALIKE = 85.0
"""Or how alike their letters must be, in hundredths, from so many letters on:"""
ALIKE_FROM = 8
SLIP_FROM = 5
"""A Latin word of that many letters may differ by one slip; a shorter one is another word."""
FEATURES, LISTED, COMPARED = 40, 60, 10
"""Features looked up for a question, clusters looked at for each, clusters compared."""
NEAREST = 4


@dataclass(slots=True)
class _Asked:
    """The same question however it was spelt."""

    key: str
    spellings: Counter[tuple[str, str]] = field(default_factory=Counter)
    ids: list[int] = field(default_factory=list)
    declined: int = 0
    near: Counter[str] = field(default_factory=Counter)
    words: frozenset[str] = frozenset()
    latin: frozenset[str] = frozenset()


def clusters(
    questions: Iterable[Question], stop: frozenset[str], words: Words
) -> tuple[Cluster, ...]:
    """The clusters of *questions*, the largest first. Pure.

    *stop*: words that tell nothing. *words*: cuts Chinese.
    """
    asked = list(_merge_spellings(questions).values())
    for one in asked:
        _read(one, stop, words)
    weights = _weights(asked)
    groups: list[list[_Asked]] = []
    listed: defaultdict[str, list[int]] = defaultdict(list)
    for one in sorted(asked, key=lambda one: (-len(one.ids), one.key)):
        features = _features(one, weights)
        at = _nearest_cluster(one, groups, _candidates(features, listed), weights)
        if at is None:
            at = len(groups)
            groups.append([])
            for feature in features:
                listed[feature].append(at)
        groups[at].append(one)
    found = [_cluster(group) for group in groups]
    return tuple(sorted(found, key=lambda cluster: (-cluster.count, cluster.question)))


def _merge_spellings(questions: Iterable[Question]) -> dict[str, _Asked]:
    """Spellings that differ in nothing but case, width and punctuation, counted together."""
    found: dict[str, _Asked] = {}
    for question in sorted(questions, key=lambda question: question.id):
        key = question_key(question.question)
        one = found.setdefault(key, _Asked(key))
        one.spellings[question.question.strip(), question.language] += 1
        one.ids.append(question.id)
        one.declined += question.band == "decline"
        for rank, entry in enumerate(question.near):
            one.near[entry] += max(1, NEAREST - rank)
    return found


def _read(one: _Asked, stop: frozenset[str], words: Words) -> None:
    """Its content words; a single Han character counts only where there is nothing else."""
    text = compact(min(one.spellings)[0]).text
    tokens = [t for t in words_of(text, words) if not {t.text, text[t.start : t.end]} & stop]
    long = [t for t in tokens if t.script != "han" or t.end - t.start > 1]
    one.words = frozenset(t.text for t in long or tokens)
    one.latin = frozenset(t.text for t in long if t.script == "latin")


def _weights(asked: list[_Asked]) -> dict[str, float]:
    """How much a word or pair of letters tells: the rarer, the more."""
    counts = Counter(f for one in asked for f in (*one.words, *_pairs(one.key)))
    return {feature: math.log(1 + len(asked) / count) for feature, count in counts.items()}


def _pairs(key: str) -> Iterator[str]:
    """Pairs of neighbouring letters, each once, marked so that none is taken for a word."""
    return iter(sorted({f"{key[i : i + 2]}|" for i in range(len(key) - 1)}))


def _features(one: _Asked, weights: dict[str, float]) -> list[str]:
    """Its words, then its rarest pairs of letters."""
    words = sorted(one.words, key=lambda word: (-weights[word], word))
    pairs = sorted(_pairs(one.key), key=lambda pair: (-weights[pair], pair))
    return [*words, *pairs][:FEATURES]


def _candidates(features: list[str], listed: dict[str, list[int]]) -> list[int]:
    """The clusters that share the most features."""
    shared: Counter[int] = Counter()
    for feature in features:
        if feature in listed:
            shared.update(listed[feature][:LISTED])
    return sorted(shared, key=lambda at: (-shared[at], at))[:COMPARED]


def _nearest_cluster(
    one: _Asked, groups: list[list[_Asked]], candidates: list[int], weights: dict[str, float]
) -> int | None:
    """The cluster whose first question is most like this one, if any is like it at all."""
    scored = ((_likeness(one, groups[at][0], weights), -at) for at in candidates)
    score, at = max(scored, default=(0.0, 0))
    return -at if score > 0 else None


def _likeness(one: _Asked, other: _Asked, weights: dict[str, float]) -> float:
    """How alike two questions are, from 0 (not enough) to 1."""
    whole = _weight(one.words, weights) + _weight(other.words, weights)
    shared = 2 * _weight(one.words & other.words, weights) / whole if whole else 0.0
    if shared >= SHARED:
        return shared
    if min(len(one.key), len(other.key)) < ALIKE_FROM or not _slips(one.latin, other.latin):
        return 0.0
    return fuzz.ratio(one.key, other.key, score_cutoff=ALIKE) / 100


def _weight(words: frozenset[str], weights: dict[str, float]) -> float:
    """Summed in one order, so that the last digit does not depend on the process."""
    return math.fsum(sorted(weights[word] for word in words))


def _slips(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each Latin word of one stands in the other too, perhaps misspelt."""
    return all(
        len(word) >= SLIP_FROM
        and any(OSA.distance(word, near, score_cutoff=1) <= 1 for near in there)
        for here, there in ((one - other, other), (other - one, one))
        for word in here
    )


def _cluster(group: list[_Asked]) -> Cluster:
    spellings: Counter[tuple[str, str]] = Counter()
    languages: Counter[str] = Counter()
    near: Counter[str] = Counter()
    for one in group:
        spellings.update(one.spellings)
        near.update(one.near)
    for (_, language), count in spellings.items():
        languages[language] += count
    ordered = _by_frequency(spellings)
    ids = tuple(sorted(id_ for one in group for id_ in one.ids))
    return Cluster(
        id=ids[0],
        newest=ids[-1],
        question=_by_frequency(group[0].spellings)[0][0][0],
        count=len(ids),
        declined=sum(one.declined for one in group),
        spellings=tuple(Spelling(*asked, count) for asked, count in ordered),
        languages=_most_frequent(languages),
        near=_most_frequent(near)[:NEAREST],
        ids=ids,
    )


def _by_frequency(spellings: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """The most frequent first, then the shortest."""
    return sorted(spellings.items(), key=lambda row: (-row[1], len(row[0][0]), row[0]))


def _most_frequent(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda value: (-counted[value], value)))
