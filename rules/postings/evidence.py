"""A posting's text -> every signal that fired, where it stands and what it weighs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from rules.postings import named, structure
from rules.postings.automaton import LIFT, ODD, SIGNAL, TITLE, Hit
from rules.postings.flat import Flat, flatten, language_of
from rules.postings.level import rank_of
from rules.postings.model import Posting, Signal
from rules.postings.pack import Pack
from rules.postings.words import standing, stands

WHERE = {"mixed": "duties", "duties": "duties", "requirements": "requirements"}
"""Part -> where a reader would say it is; everything else is "other"."""
MAX_REPEATS = 4
"""Later occurrences of the same phrase tell nothing new."""
GENERAL, LEADING = "operations_management", ("manager", "director")
"""An "operations specialist" may run anything: the duties tell; an operations manager runs all."""
OPEN = 60
"""Characters up to which a text of Han characters alone may be Chinese or Japanese."""
LIFTED = 1.25
"""What a function's signals count once a word of its context occurs."""


@dataclass(slots=True)
class Gathered:
    """What was found in one posting, before anything is decided."""

    body: Flat
    title: Flat
    parts: structure.Parts
    language: str
    """What it is written in; empty where a few Han characters leave that open."""
    signals: list[Signal] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    """Function or family -> the weights of its signals added up."""
    duties: set[tuple[str, str]] = field(default_factory=set)
    """(function, duty) that is mentioned at all."""
    odd: list[tuple[str, int, int]] = field(default_factory=list)
    """(oddity, start, end) of odd phrases in the description."""


def gather(posting: Posting, pack: Pack) -> Gathered:
    """Every signal of *posting*; pure, whatever the text."""
    body, title = flatten(posting.description), flatten(posting.title)
    language = posting.language or _language(posting)
    hits = pack.body.find(body.text, language)
    if body.cuts or language == "ko":
        hits = standing(hits, body)
    found = Gathered(body, title, structure.parts(body.text, hits), language)
    scores: defaultdict[str, float] = defaultdict(float)
    _from_body(posting.description, hits, found, pack, scores)
    for signal in named.signals(posting.description, body, hits, pack):
        scores[signal.function] += signal.weight
        found.signals.append(signal)
    if posting.title:
        _from_title(posting.title, found, pack, scores)
    for function, score in scores.items():
        found.scores[function] = round(score, 4)
    return found


def _language(posting: Posting) -> str:
    text = f"{posting.title}\n{posting.description}"
    language = language_of(text)
    return "" if language == "zh" and len(text) < OPEN else language


def _from_title(text: str, found: Gathered, pack: Pack, scores: dict[str, float]) -> None:
    """Add what the title tells, less where the description flatly contradicts it."""
    rule, flat, told = pack.verdict, found.title, dict(scores)
    first = max(told.values(), default=0.0)
    contradictable = first * 100 >= rule.contradicted_from
    signals = []
    for hit in pack.title.find(flat.text, found.language):
        if not stands(hit, flat):
            continue
        start, end = flat.span(hit.start, hit.end)
        shared = any(row.kind == TITLE and row.owner not in pack.families for row in hit.rows)
        for kind, owner, duty, weight, _ in hit.rows:
            if kind == TITLE:
                worth = weight * rule.title_name / 100
                if shared and owner in pack.families:  # both may be meant: the duties decide
                    worth *= 100 / rule.others
                if owner == GENERAL and rank_of(flat.text, found.language, pack) not in LEADING:
                    worth *= rule.title_general / 100
            elif kind == SIGNAL and not _is_title(hit, owner):
                worth = weight * rule.title_word / 100
            else:
                continue
            if contradictable and told.get(owner, 0.0) * 100 < first * rule.contradicted_under:
                worth *= rule.contradicted / 100
            scores[owner] += worth
            worth = round(worth, 3)
            signals.append(Signal(owner, text[start:end], start, end, "title", worth, duty))
    found.signals[:0] = signals


def _is_title(hit: Hit, owner: str) -> bool:
    """Whether the same words are also a title of *owner*, and counted as such."""
    return any(row.kind == TITLE and row.owner == owner for row in hit.rows)


def _from_body(
    text: str, hits: list[Hit], found: Gathered, pack: Pack, scores: dict[str, float]
) -> None:
    """Add every signal of the description; most of the time goes here, so it is one loop."""
    flat, weights, repeat = found.body, pack.part_weights, pack.verdict.repeat / 100
    lifted = {row.owner for hit in hits for row in hit.rows if row.kind == LIFT}
    starts, names = found.parts
    edges = [*starts[1:], len(flat.text) + 1]
    times: dict[tuple[str, str], int] = {}
    duties, signals, span = found.duties, found.signals, flat.span
    part = 0
    name = names[0]
    base, where = weights[name], WHERE.get(name, "other")
    for rows, at, to, phrase in hits:
        while edges[part] <= at:
            part += 1
            name = names[part]
            base, where = weights[name], WHERE.get(name, "other")
        start = end = -1
        for kind, owner, duty, weight, _ in rows:
            if kind != SIGNAL:
                if kind == ODD:
                    found.odd.append((owner, *span(at, to)))
                continue
            if not base:
                continue
            duties.add((owner, duty))
            key = (owner, phrase)
            seen = times.get(key, 0)
            if seen >= MAX_REPEATS:
                continue
            times[key] = seen + 1
            worth = weight * base * repeat**seen if seen else weight * base
            if owner in lifted:
                worth *= LIFTED
            scores[owner] += worth
            if end < 0:
                start, end = span(at, to)
            signals.append(Signal(owner, text[start:end], start, end, where, round(worth, 3), duty))
