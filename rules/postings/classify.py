"""classify: Posting -> Verdict, the one place where a function and a decision are chosen."""

from __future__ import annotations

import hashlib

from rules.postings.certainty import class_of, decide, rival
from rules.postings.contests import told_apart
from rules.postings.evidence import Gathered, gather
from rules.postings.flat import language_of
from rules.postings.level import level
from rules.postings.model import (
    OUT_OF_SCOPE,
    Decision,
    Oddity,
    Posting,
    RunnerUp,
    Stamp,
    Verdict,
)
from rules.postings.oddities import oddities
from rules.postings.openings import Opening, may_be_several, openings
from rules.postings.pack import Pack

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


def classify(posting: Posting, pack: Pack) -> Verdict:
    """The verdict on *posting*. Pure; any text will do, an empty one gets a question back."""
    full = posting
    posting = Posting(full.description[:MAX_CHARS], full.title[:MAX_TITLE], full.language)
    language = posting.language or language_of(f"{posting.title}\n{posting.description}")
    found = gather(posting, pack)
    ranked = _ranked(found, pack)
    contest = told_apart(posting, found, ranked, pack)
    if contest:
        ranked = _ranked(found, pack)
    best = ranked[0][0] if ranked else None
    family = best if best in pack.families else None
    function = OUT_OF_SCOPE if best is None or family else best
    shares = _shares(ranked, pack)
    decision, question = decide(ranked, found, pack)
    several = _openings(posting, found, pack)
    if several and decision in (Decision.AUTO, Decision.OUT_OF_SCOPE):
        decision = Decision.REVIEW
    odd = list(oddities(posting, found, function, language, pack))
    if several:
        odd.append(Oddity("several_openings", values=tuple(row.title for row in several)))
    if len(full.description) > MAX_CHARS or len(full.title) > MAX_TITLE:
        odd.append(Oddity("cut", values=(str(MAX_CHARS),)))
    return Verdict(
        language=language,
        function=function,
        family=family,
        decision=decision,
        shares=shares,
        scores={name: round(score, 2) for name, score in ranked[:SCORES]},
        runner_up=_runner_up(ranked, found, pack),
        evidence=tuple(found.signals),
        oddities=tuple(odd),
        level=level(found.title, found.body, language, pack),
        stamp=Stamp(pack.version, input_of(full)),
        question=question,
        told_apart=contest,
    )


def _openings(posting: Posting, found: Gathered, pack: Pack) -> list[Opening]:
    if not may_be_several(posting.description, found.parts[1], pack):
        return []
    return openings(posting.description, pack)


def _ranked(found: Gathered, pack: Pack) -> list[tuple[str, float]]:
    """Functions and families by their evidence, the strongest first.

    Another trade of which merely much is spoken does not go before a function of ours whose core
    duties are told: selling freight is selling.
    """
    ranked = sorted(found.scores.items(), key=lambda row: (-row[1], row[0]))
    ours = next((row for row in ranked if row[0] not in pack.families), None)
    if not ours or ours == ranked[0] or ranked[0][1] >= SPOKEN_OF * ours[1]:
        return ranked
    core = {duty.duty for duty in pack.rules[ours[0]].duties if duty.core}
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


def _shares(ranked: list[tuple[str, float]], pack: Pack) -> dict[str, float]:
    """Percent by function; other trades are one class, as strong as the strongest of them.

    So the first of *ranked* is the first of the shares too.
    """
    classes: dict[str, float] = {}
    for name, score in ranked:
        classes.setdefault(class_of(name, pack), score)
    total = sum(classes.values())
    kept = {name: s for name, s in classes.items() if s * 100 >= MIN_SHARE * total} or classes
    total = sum(kept.values())
    return {name: round(score * 100 / total, 1) for name, score in kept.items()}


def _runner_up(ranked: list[tuple[str, float]], found: Gathered, pack: Pack) -> RunnerUp | None:
    second = rival(ranked, pack) if ranked else None
    if second is None:
        return None
    name, score = second
    duties = sorted(pack.rules[name].duties, key=lambda duty: not duty.core)
    missing = tuple(d.duty for d in duties if (name, d.duty) not in found.duties)
    return RunnerUp(name, round(score, 2), round(ranked[0][1] - score, 2), missing)


def input_of(posting: Posting) -> str:
    """The hash that tells a posting from others."""
    text = f"{posting.title}\n{posting.description}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
