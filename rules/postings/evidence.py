"""A posting's text -> every signal that fired, where it stands and what it weighs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.postings import employer, named_titles, structure
from rules.postings.automaton import FLAG, KINDS, LIFT, SIGNAL, TITLE, Hit
from rules.postings.level import rank_of
from rules.postings.model import Posting, Signal
from rules.postings.normalized import NormalizedText, language_of, normalize_text
from rules.postings.posting_rules import PostingRules
from rules.postings.words import is_whole_word, whole_words

WHERE = {"mixed": "duties", "duties": "duties", "requirements": "requirements"}
"""Part -> where a reader would say it is; everything else is "other"."""
MAX_REPEATS = 4
"""Later occurrences of the same phrase tell nothing new."""
_PAY = re.compile(
    r"[(\[\u3010][^()\[\]\u3010\u3011]*\d{3}[^()\[\]\u3010\u3011]*[)\]\u3011]|[(\[]\d+k[^()\[\]]*[)\]]"
)
"""Pay or another number in brackets: what else stands there is no part of the title."""
GENERAL, LEADING = "operations_management", ("manager", "director")
"""An "operations specialist" may run anything: the duties tell; an operations manager runs all."""
OPEN = 60
"""Characters up to which a text of Han characters alone may be Chinese or Japanese."""
LIFTS, COUNTED = KINDS[LIFT], KINDS[SIGNAL] | KINDS[FLAG]
LIFTED = 1.25
"""What a function's signals count once a word of its context occurs."""


@dataclass(slots=True)
class Gathered:
    """What was found in one posting, before anything is decided."""

    body: NormalizedText
    title: NormalizedText
    parts: structure.Parts
    language: str
    """What it is written in; empty where a few Han characters leave that open."""
    hits: Sequence[Hit] = ()
    """Every phrase of the description that stands as a word."""
    signals: list[Signal] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    """Function or family -> the weights of its signals added up."""
    duties: set[tuple[str, str]] = field(default_factory=set)
    """(function, duty) that is mentioned at all."""
    flags: list[tuple[str, int, int]] = field(default_factory=list)
    """(flag, start, end) of flagged phrases in the description."""


def gather(posting: Posting, rules: PostingRules, spoken: str = "") -> Gathered:
    """Every signal of *posting*; pure, whatever the text.

    *spoken*: its language, where that is known already.
    """
    body, title = normalize_text(posting.description), normalize_text(posting.title)
    language = posting.language or _language(posting, spoken)
    hits: Sequence[Hit] = rules.body.find(body.text, language)
    if body.cuts or language == "ko":
        hits = whole_words(hits, body)
    names = employer.names(body.text)
    hits = employer.hits_outside(hits, names)
    found = Gathered(body, title, structure.parts(body.text, hits), language, hits)
    scores: defaultdict[str, float] = defaultdict(float)
    _from_body(posting.description, hits, found, rules, scores)
    for signal in named_titles.signals(posting.description, body, hits, rules, names):
        scores[signal.function] += signal.weight
        found.signals.append(signal)
    if posting.title:
        _from_title(posting.title, found, rules, scores)
    for function, score in scores.items():
        found.scores[function] = round(score, 4)
    return found


def _language(posting: Posting, spoken: str) -> str:
    text = f"{posting.title}\n{posting.description}"
    language = spoken or language_of(text)
    return "" if language == "zh" and len(text) < OPEN else language


def _from_title(text: str, found: Gathered, rules: PostingRules, scores: dict[str, float]) -> None:
    """Add what the title tells, less where the description flatly contradicts it."""
    rule, normalized, told = rules.verdict, found.title, dict(scores)
    first = max(told.values(), default=0.0)
    contradictable = first * 100 >= rule.contradicted_from
    signals = []
    asides = [match.span() for match in _PAY.finditer(normalized.text)]
    for hit in rules.title.find(normalized.text, found.language):
        if not is_whole_word(hit, normalized) or any(at <= hit.start < to for at, to in asides):
            continue
        start, end = normalized.span(hit.start, hit.end)
        shared = any(row.kind == TITLE and row.owner not in rules.families for row in hit.rows)
        for kind, owner, duty, weight, _ in hit.rows:
            if kind == TITLE:
                worth = weight * rule.title_name / 100
                if shared and owner in rules.families:  # both may be meant: the duties decide
                    worth *= 100 / rule.others
                if (
                    owner == GENERAL
                    and rank_of(normalized.text, found.language, rules) not in LEADING
                ):
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
    text: str, hits: Sequence[Hit], found: Gathered, rules: PostingRules, scores: dict[str, float]
) -> None:
    """Add every signal of the description; most of the time goes here, so it is one loop."""
    normalized, weights, repeat = found.body, rules.part_weights, rules.verdict.repeat / 100
    lifts = (hit.rows for hit in hits if hit.kinds & LIFTS)
    lifted = {row.owner for rows in lifts for row in rows if row.kind == LIFT}
    starts, names = found.parts
    edges = [*starts[1:], len(normalized.text) + 1]
    times: dict[tuple[str, str], int] = {}
    duties, signals, span = found.duties, found.signals, normalized.span
    part, new = 0, tuple.__new__
    name = names[0]
    base, where = weights[name], WHERE.get(name, "other")
    for rows, at, to, phrase, kinds in hits:
        if not kinds & COUNTED:
            continue
        while edges[part] <= at:
            part += 1
            name = names[part]
            base, where = weights[name], WHERE.get(name, "other")
        start, end, words = -1, -1, ""
        for kind, owner, duty, weight, _ in rows:
            if kind != SIGNAL:
                if kind == FLAG:
                    found.flags.append((owner, *span(at, to)))
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
                words = text[start:end]
            signals.append(new(Signal, (owner, words, start, end, where, round(worth, 3), duty)))
