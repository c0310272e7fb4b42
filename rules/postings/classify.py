"""classify: Posting -> Verdict, the one place where a function and a decision are chosen."""

from __future__ import annotations

import hashlib

from rules.postings.certainty import best_rival, class_of, decide
from rules.postings.contests import told_apart
from rules.postings.evidence import Gathered, gather
from rules.postings.flags import flags
from rules.postings.level import level
from rules.postings.model import (
    OUT_OF_SCOPE,
    Decision,
    Flag,
    Posting,
    RunnerUp,
    Stamp,
    Verdict,
)
from rules.postings.normalized import language_of
from rules.postings.offers import numbered_jobs, offered_titles
from rules.postings.openings import may_be_several, openings
from rules.postings.posting_rules import PostingRules

MAX_CHARS = 50_000
"""What of a description is read; the rest is left out, and the verdict says so."""
MAX_TITLE = 500
MIN_SHARE = 5.0
"""Percent under which a function is no part of what a posting asks for."""
SPOKEN_OF = 1.3
"""How many times the evidence of ours another trade must have to go before told core duties."""
CORE, CLEAR = 4.0, 2.9
"""What core duties must weigh together to be told, and a signal to count among them."""
SCORES = 8


def classify(posting: Posting, rules: PostingRules) -> Verdict:
    """The verdict on *posting*. Pure; any text will do, an empty one gets a question back."""
    full = posting
    posting = Posting(full.description[:MAX_CHARS], full.title[:MAX_TITLE], full.language)
    language = posting.language or language_of(f"{posting.title}\n{posting.description}")
    found = gather(posting, rules, language)
    ranked = _rank(found, rules)
    contest = told_apart(posting, found, ranked, rules)
    if contest:
        ranked = _rank(found, rules)
    best = ranked[0][0] if ranked else None
    family = best if best in rules.families else None
    function = OUT_OF_SCOPE if best is None or family else best
    shares = _shares(ranked, rules)
    decision, question = decide(ranked, found, rules)
    several = _openings(posting, found, rules)
    if several and decision in (Decision.AUTO, Decision.OUT_OF_SCOPE):
        decision = Decision.REVIEW
    raised = list(flags(posting, found, function, language, rules))
    if several:
        raised.append(Flag("several_openings", values=tuple(several)))
    if len(full.description) > MAX_CHARS or len(full.title) > MAX_TITLE:
        raised.append(Flag("cut", values=(str(MAX_CHARS),)))
    return Verdict(
        language=language,
        function=function,
        family=family,
        decision=decision,
        shares=shares,
        scores={name: round(score, 2) for name, score in ranked[:SCORES]},
        runner_up=_runner_up(ranked, found, rules),
        evidence=tuple(found.signals),
        flags=tuple(raised),
        level=level(found.title, found.body, language, rules),
        stamp=Stamp(rules.version, input_of(full)),
        question=question,
        told_apart=contest,
    )


def _openings(posting: Posting, found: Gathered, rules: PostingRules) -> list[str]:
    """The titles of several openings in one text; none where it holds one at most."""
    text = posting.description
    whole = f"{posting.title}\n{text}"
    if not may_be_several(whole, found.parts[1], rules):
        return numbered_jobs(whole, rules)
    titles = [row.title for row in openings(text, rules, (found.body, found.hits))]
    if titles:
        return titles
    titles = offered_titles(whole, rules)
    return titles if len(titles) > 1 else []


def _rank(found: Gathered, rules: PostingRules) -> list[tuple[str, float]]:
    """Functions and families by their evidence, the strongest first.

    Another trade of which merely much is spoken does not go before a function of ours whose core
    duties are told: selling freight is selling.
    """
    ranked = sorted(found.scores.items(), key=lambda row: (-row[1], row[0]))
    ours = next((row for row in ranked if row[0] not in rules.families), None)
    if not ours or ours == ranked[0] or ranked[0][1] >= SPOKEN_OF * ours[1]:
        return ranked
    core = {duty.duty for duty in rules.by_name[ours[0]].duties if duty.core}
    told = sum(
        signal.weight
        for signal in found.signals
        if signal.function == ours[0]
        and signal.signal in core
        and signal.where == "duties"
        and signal.weight >= CLEAR
    )
    if told < CORE:
        return ranked
    found.scores[ours[0]] = round(ranked[0][1] + 0.01, 4)
    return sorted(found.scores.items(), key=lambda row: (-row[1], row[0]))


def _shares(ranked: list[tuple[str, float]], rules: PostingRules) -> dict[str, float]:
    """Percent by function; other trades are one class, as strong as the strongest of them.

    So the first of *ranked* is the first of the shares too.
    """
    classes: dict[str, float] = {}
    for name, score in ranked:
        classes.setdefault(class_of(name, rules), score)
    total = sum(classes.values())
    kept = {name: s for name, s in classes.items() if s * 100 >= MIN_SHARE * total} or classes
    total = sum(kept.values())
    return {name: round(score * 100 / total, 1) for name, score in kept.items()}


def _runner_up(
    ranked: list[tuple[str, float]], found: Gathered, rules: PostingRules
) -> RunnerUp | None:
    second = best_rival(ranked, rules) if ranked else None
    if second is None:
        return None
    name, score = second
    duties = sorted(rules.by_name[name].duties, key=lambda duty: not duty.core)
    missing = tuple(d.duty for d in duties if (name, d.duty) not in found.duties)
    return RunnerUp(name, round(score, 2), round(ranked[0][1] - score, 2), missing)


def input_of(posting: Posting) -> str:
    """The hash that tells a posting from others."""
    text = f"{posting.title}\n{posting.description}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
