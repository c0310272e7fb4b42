"""How sure the first candidate is, as one number for all languages, and what is done with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from rules.book import RuleBook
from rules.questions import leads, rank
from rules.questions.model import (
    Answer,
    Band,
    Candidate,
    Evidence,
    Intent,
    Utterance,
)
from rules.questions.utterance import span
from rules.weights import Confidence, Sign

OFFERS = 3
BESIDE_GUESS = 2
LATIN, LONG = 3, 40
"""Latin letters that say as much as one other character, and such characters in a long message."""
LIKELY = 16.0
"""A logarithm of likelihood beyond which a message is as familiar as can be."""
RATHER = 0.5
"""What the name of a thing must count at least to be plainly meant."""
BESIDE_LIMIT = 0.65
"""How sure a guess must be beside words for what is not held."""
FOREIGN = 0.3
"""The share of another subject's words from which on no role is near."""
STRANGE = 0.6
"""The share of another subject's words from which on nothing that is not named is told."""
OWNERS = 0.1
"""How sure choices must be where it is asked who does something: that is what this is for."""
LIKE = 2.0
"""The natural logarithm of likelihood behind which a choice must have more to do with a message."""
NEAR = 0.3
"""The score from which on a role that is not sure enough is told as the nearest one."""
TASKS = frozenset({"practice", "checklist", "misconception", "stage"})
"""Kinds that a role or term which is merely named crowds out."""


def signs(
    utterance: Utterance, intent: Intent, book: RuleBook, candidates: list[Candidate]
) -> dict[str, float]:
    """What speaks for and against the first candidate; each sign has a weight in
    ``confidence.yaml``."""
    best = candidates[0]
    second = candidates[1].score if len(candidates) > 1 else 0.0
    named = max((m.strength for m in utterance.mentions), default=0.0)
    return {
        "score": best.score,
        "lead": best.score - second,
        "retrieval": best.retrieval,
        "frame": best.frame,
        "named": named,
        "it_is_named": best.name,
        "asked": float(bool(intent.evidence)),
        "task": float(best.entry.partition(".")[0] in TASKS),
        "foreign": rank.foreign_share(utterance, book),
        "situation": min(3.0, len(utterance.situation)) / 3,
        "not_held": float(any(not book.limits[e.value].aside for e in utterance.limits)),
        "aside": float(any(book.limits[e.value].aside for e in utterance.limits)),
        "coverage": best.coverage,
        "holds": float(bool(intent.evidence) and best.section in intent.sections),
        "plain": _is_plain(utterance, intent, best),
        "named_unasked": best.name * (not intent.evidence),
        "strange": _strange_weight(utterance, best, book),
        "digits": float(any(c.isdigit() for c in utterance.raw)),
        "length": _length(utterance),
        "bare": float(not utterance.words and not utterance.mentions),
        "words": min(1.0, sum(rank.words(utterance).values()) / 4),
        "behind": min(rank.FAR, best.behind) / rank.FAR,
        "next_behind": min(rank.FAR, candidates[1].behind) / rank.FAR if candidates[1:] else 1.0,
        "likely": min(1.0, best.likely / LIKELY),
        "unheld": max(-1.0, min(1.0, (best.unheld - best.likely) / rank.FAR)),
    }


def _length(utterance: Utterance) -> float:
    """How long the message is, at most 1; Latin letters say less each than other characters."""
    text = utterance.normal.text
    latin = sum(char.isascii() for char in text)
    return min(1.0, (latin / LATIN + len(text) - latin) / LONG)


def _is_plain(utterance: Utterance, intent: Intent, best: Candidate) -> float:
    """Whether a thing is named, something is asked that it holds, and next to nothing is left.

    A bare name asks what it is.
    """
    left = sum(word.weight for word in utterance.words)
    if utterance.limits or best.name <= RATHER:
        return 0.0
    if not intent.evidence:
        return float(not left and len(utterance.mentions) == 1)
    return max(0.0, 1 - left) if best.section in intent.sections else 0.0


def _strange_weight(utterance: Utterance, best: Candidate, book: RuleBook) -> float:
    """The weight of left-over words that the entry does not use, at most 1."""
    left = rank.Content(utterance).unexplained_weight(book.base.vocabulary(best.entry), best.used)
    return min(1.0, left / 4)


def confidence(weights: Confidence, found: dict[str, float]) -> float:
    """From 0 to 1: how likely the first candidate is what was asked for (logistic regression)."""
    return _likelihood(weights.base, weights.signs, found)


def helpfulness(weights: Confidence, found: Mapping[str, float], sure: float) -> float:
    """From 0 to 1: how likely one of the first candidates is of help, told as a choice.

    *sure*: the confidence in the first one, which decides where nothing was learned of lists.
    """
    if not weights.list_signs:
        return sure
    return _likelihood(weights.list_base, weights.list_signs, found)


def _likelihood(base: int, signs: tuple[Sign, ...], found: Mapping[str, float]) -> float:
    total = base + sum(w.weight * found[w.sign] for w in signs)
    return round(1 / (1 + math.exp(-total / 100)), 4)


def decide(
    utterance: Utterance, intent: Intent, book: RuleBook, candidates: list[Candidate]
) -> Answer:
    """An answer, a best guess, a short list or a plain refusal, by how sure the first one is."""
    if not candidates:
        return Answer(Band.DECLINE, intent.name, None, "", 0.0)
    limits = book.confidence
    found = signs(utterance, intent, book, candidates)
    sure = confidence(limits, found)
    told = tuple((name, round(value, 4)) for name, value in found.items())
    return replace(_band_answer(utterance, intent, book, candidates, sure, found), signs=told)


def _band_answer(
    utterance: Utterance,
    intent: Intent,
    book: RuleBook,
    candidates: list[Candidate],
    sure: float,
    found: dict[str, float],
) -> Answer:
    limits = book.confidence
    best, *rest = candidates
    if utterance.limits and sure < _least_beside(utterance, book):
        return refusal(utterance, intent, book)
    ours = bool(best.name) or found["foreign"] <= STRANGE
    if sure * 100 >= limits.guess and ours:
        guess = sure * 100 < limits.answer and _is_plain(utterance, intent, best) < 1
        others = _alternatives(best, rest[:BESIDE_GUESS], book) if guess else tuple(rest[:OFFERS])
        words = matched_evidence(utterance, best, book)
        return Answer(
            Band.ANSWER, intent.name, best.entry, best.section, sure, others,
            evidence=words, guess=guess, missing=_missing_kinds(utterance, best, book),
        )  # fmt: skip
    if (ours and helpfulness(limits, found, sure) * 100 >= limits.offer) or (
        intent.name == "owner" and sure >= OWNERS and found["foreign"] <= FOREIGN
    ):
        offers = (best, *_alternatives(best, rest[: OFFERS - 1], book))
        return Answer(Band.SUGGEST, intent.name, None, "", sure, offers)
    known = next((c for c in candidates if c.name >= RATHER), None)
    near = best.entry if _is_near(best, found) else None
    return Answer(
        Band.DECLINE, intent.name, None, "", sure, _ways_in(known) if known else (), near=near
    )


def _ways_in(known: Candidate) -> tuple[Candidate, ...]:
    """What a refusal offers of a thing that is named: what it is, and what was likely meant."""
    what = replace(known, section="summary")
    return (what,) if known.section == "summary" else (what, known)


def _least_beside(utterance: Utterance, book: RuleBook) -> float:
    """How sure a guess must be beside words for what is not held: surer than without them, unless
    what is asked so is held as often as not.
    """
    limits = book.confidence
    often = all(book.limits[evidence.value].often_held for evidence in utterance.limits)
    return limits.guess / 100 if often else min(BESIDE_LIMIT, limits.answer / 100)


def _alternatives(best: Candidate, rest: list[Candidate], book: RuleBook) -> tuple[Candidate, ...]:
    """What may be meant instead: what is named, helps in the situation, has to do with the best
    one, or whose examples are nearly as likely.

    Of the others one in twenty was what was asked (measured on 1,263 questions keyed by others).
    """
    related = {best.entry, *book.base.entry(best.entry).related}
    return tuple(c for c in rest if c.name or c.frame or c.behind <= LIKE or c.entry in related)


def _is_near(best: Candidate, found: dict[str, float]) -> bool:
    """Whether a refusal may name a role: one that is not what was asked about, and whose own
    examples make the message likelier than any other entry's.
    """
    likely = not best.behind and found["foreign"] <= FOREIGN
    return best.entry.startswith("role.") and best.score >= NEAR and likely and not best.name


def refusal(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer:
    """A kind of ask that nothing here holds: said by name, with what tells how to find out.

    Of several kinds the first in ``limits.yaml``, those that merely set the scene last.
    """
    order = list(book.limits)
    kinds = {evidence.value for evidence in utterance.limits}
    limit = min(kinds, key=lambda kind: (book.limits[kind].aside, order.index(kind)))
    return of_kind(limit, utterance, intent, book)


def of_kind(limit: str, utterance: Utterance, intent: Intent, book: RuleBook) -> Answer:
    """What an ask of that kind gets: where just that is asked, how to find out; else a refusal."""
    told = leads.lead_answer(limit, utterance, intent, book)
    if told:
        return told
    offered = leads.lead_candidates(limit, utterance, book)
    return Answer(Band.DECLINE, intent.name, None, "", 0.0, offered, limit=limit, missing=(limit,))


def _missing_kinds(utterance: Utterance, best: Candidate, book: RuleBook) -> tuple[str, ...]:
    """What is asked and not held, beside an answer; a checklist is the ready-made text itself."""
    kinds = asked_in_vain(utterance, book)
    if best.entry.startswith("checklist."):
        return tuple(kind for kind in kinds if kind != "copywriting")
    return kinds


def asked_in_vain(utterance: Utterance, book: RuleBook) -> tuple[str, ...]:
    """The kinds of ask in a message that are not held, those that merely set the scene aside."""
    kinds = (e.value for e in utterance.limits if not book.limits[e.value].aside)
    return tuple(dict.fromkeys(kinds))


def matched_evidence(utterance: Utterance, best: Candidate, book: RuleBook) -> tuple[Evidence, ...]:
    """The left-over words that the chosen entry itself uses, and the situation it helps in."""
    vocabulary = book.base.vocabulary(best.entry)
    words = (
        Evidence("word", *span(utterance, word.start, word.end), best.entry, round(word.weight, 2))
        for word in utterance.words
        if word.text in vocabulary
    )
    return (*words, *_situation(utterance, best))


def _situation(utterance: Utterance, best: Candidate) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            s.id.partition(".")[0],
            *span(utterance, s.start, s.end),
            s.id.partition(".")[2],
            best.frame,
        )
        for s in utterance.situation
        if s.id in best.used
    )
