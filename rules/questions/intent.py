"""recognize: Utterance -> Intent, by the words that show what is wanted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from rules.book import RuleBook
from rules.questions.model import Evidence, Intent, Mention, Utterance
from rules.questions.utterance import span

DEFAULT = "define"
MAX_LEFT = 0.6
"""How much unexplained content a message may hold and still be mere conversation."""


def recognize(utterance: Utterance, book: RuleBook) -> tuple[Intent, Utterance]:
    """The intent, and the utterance without the names that were really part of a cue."""
    mentions, cues = _untangle(utterance)
    by_intent: defaultdict[str, list[Evidence]] = defaultdict(list)
    for cue in cues:
        by_intent[cue.value].append(cue)
    if "compare" in by_intent and DEFAULT in by_intent:
        whole = by_intent["compare"]
        left = [cue for cue in by_intent[DEFAULT] if not any(_is_within(cue, one) for one in whole)]
        by_intent[DEFAULT] = left
        if not left:
            del by_intent[DEFAULT]
    if mentions:
        _drop_leads(by_intent, cues, book)
    named = {mention.entry for mention in mentions}
    available = len(named)
    ranked = []
    for name, evidence in by_intent.items():
        rule = book.intents.get(name)
        wants = rule.entries if rule else 1
        if name in book.talk and not _mere_talk(name, utterance, mentions):
            continue
        if name == "what_about":
            continue
        if name == "compare" and available < 2 and not mentions:
            continue
        covered = {i for cue in evidence for i in range(cue.start, cue.end)}
        longest = max(cue.end - cue.start for cue in evidence)
        enough = available >= wants
        ranked.append((enough, len(covered), longest, wants, name))
    utterance = replace(utterance, mentions=mentions, cues=cues)
    if not ranked:
        return Intent(DEFAULT, _sections(book, DEFAULT)), utterance
    name = max(ranked)[-1]
    if "compare" in by_intent and len(named) >= 2:
        name = "compare"
    rule = book.intents.get(name)
    kinds = rule.kinds if rule else ()
    if rule and rule.scene:
        limits = tuple(limit for limit in utterance.limits if limit.value not in rule.scene)
        utterance = replace(utterance, limits=limits)
    return Intent(name, _sections(book, name), kinds, tuple(by_intent[name])), utterance


def _is_within(cue: Evidence, other: Evidence) -> bool:
    """Whether *cue* is part of a longer one: in "how is X different from" nothing is defined."""
    inside = other.start <= cue.start and cue.end <= other.end
    return inside and cue.end - cue.start < other.end - other.start


def _drop_leads(
    by_intent: defaultdict[str, list[Evidence]], cues: tuple[Evidence, ...], book: RuleBook
) -> None:
    """Take away what only seems to ask for a definition, before what is really asked for."""
    asked = by_intent.pop(DEFAULT, [])
    leads = [cue for cue in asked if _leads_in(cue, cues, book)]
    left = [cue for cue in asked if cue not in leads and not any(_is_within(cue, o) for o in leads)]
    if left:
        by_intent[DEFAULT] = left


def _leads_in(cue: Evidence, cues: tuple[Evidence, ...], book: RuleBook) -> bool:
    """Whether *cue* only leads to another right behind it: "what are the" to "metrics of X"."""
    return any(
        0 <= other.start - cue.end <= 1 and other.value != DEFAULT and other.value not in book.talk
        for other in cues
    )


def _sections(book: RuleBook, name: str) -> tuple[str, ...]:
    rule = book.intents.get(name)
    return rule.sections if rule else ()


def _untangle(utterance: Utterance) -> tuple[tuple[Mention, ...], tuple[Evidence, ...]]:
    """Decide where a name and a cue claim the same words.

    A name inside a cue is no name if another is left ("content operations KPIs" asks about content
    operations); a cue inside a name is no cue ("event marketing" does not ask for an event).
    """
    places = {m: span(utterance, m.start, m.end)[1:] for m in utterance.mentions}
    inside_cue = {
        m
        for m, (start, end) in places.items()
        if any(cue.start <= start and end <= cue.end for cue in utterance.cues)
    }
    others = [m for m in utterance.mentions if m not in inside_cue]
    mentions = tuple(others) if others else utterance.mentions
    cues = tuple(
        cue
        for cue in utterance.cues
        if not any(places[m][0] <= cue.start and cue.end <= places[m][1] for m in mentions)
    )
    return mentions, cues


def _mere_talk(name: str, utterance: Utterance, mentions: tuple[Mention, ...]) -> bool:
    if name in ("next", "previous", "more"):
        return sum(word.weight for word in utterance.words) <= MAX_LEFT
    return not mentions and sum(word.weight for word in utterance.words) <= MAX_LEFT
