"""A message that leans on what is in focus: which thing has what is asked, and in which section."""

from __future__ import annotations

from dataclasses import replace

from rules.questions import rank
from rules.questions.belonging import ROLES, of_thing
from rules.questions.model import Answer, Band, Candidate, Evidence, Intent
from rules.questions.relations import (
    holds,
    related_entries,
    unexplained_weight,
    usual_section,
)
from rules.questions.section import choose
from rules.questions.signs import Turn, focus_evidence

BARE, BESIDE_PRONOUN, GOOD_VALUE = 0.35, 1.3, 1.5
"""How much unknown content a message may hold and still lean: alone, beside a pronoun, and where
it asks which value is good."""
SALIENT = 0.3
"""What is less in focus is no longer meant."""
MOST_WORDS = 2
NEAR, NEAR_FIGURE, CLEAR = 0.42, 0.52, 0.05
"""The score of an entry near the focus that its own words find, where a figure is asked for, and
its lead."""
OFFERS = 3
MOSTLY_KNOWN = 0.5
"""The share of a message's own words that the thing just told may lack."""
OF_TASKS = frozenset(
    {"how_to", "improve", "why", "why_not", "done", "checklist", "pitfalls", "when", "what_if"}
)
"""What is asked of a task rather than of the role that does it."""
OF_PERSONS = frozenset({"metrics", "watch", "duties", "titles", "deliverables", "boundaries"})
"""What is asked of a person, where a word for one stands: of the role before its task."""
TASK = 0.5
GUESSED = 2.5
"""How much unknown content a best guess may hold."""


def is_elliptic(turn: Turn) -> bool:
    """Whether a message has the form of one that leans on the last reply."""
    few = len(turn.content) <= (1 if turn.named_entries else MOST_WORDS)
    opened = turn.has("pronouns", "what_about") or bool(turn.openings)
    asks = turn.has(*turn.book.wants)
    return (opened and (turn.short or few)) or (turn.short and (few or asks))


def wanted_intent(turn: Turn) -> Intent:
    """What is asked: by the words of intents, else by those that only a conversation explains."""
    wants = sorted(
        (name for name in turn.book.wants if turn.has(name)),
        key=lambda name: -_length(name, turn),
    )
    if turn.intent.name == "posting_draft" and _named_for_posting(turn):
        wants = ["titles"]
    elif not wants or (_is_specific(turn) and not _has_longer_cue(wants[0], turn)):
        return turn.intent
    name = wants[0]
    told = (Evidence("chat", "", 0, 0, name),)
    return Intent(name, turn.book.wants[name], (), told)


def _is_specific(turn: Turn) -> bool:
    """Whether the intent asks for one kind of thing, so that no other word changes it."""
    kinds = (turn.book.needs_thing - {"duties"}) | {"posting_draft"}
    return bool(turn.intent.evidence) and turn.intent.name in kinds


def _named_for_posting(turn: Turn) -> bool:
    """Whether it is asked what to call the role in a posting, and not for the posting."""
    normal = turn.utterance.normal
    spans = [(s.start, s.end) for s in turn.signs if s.group == "titles"]
    places = [normal.original(start, end) for start, end in spans]
    return any(
        not any(cue.start < end and start < cue.end for cue in turn.intent.evidence)
        for start, end in places
    )


def _has_longer_cue(want: str, turn: Turn) -> bool:
    """Whether more of the message says so than says what the intent is."""
    cues = max(cue.end - cue.start for cue in turn.intent.evidence)
    return _length(want, turn) > cues


def _length(want: str, turn: Turn) -> int:
    return max(s.end - s.start for s in turn.signs if s.group == want)


def previous_intent(turn: Turn) -> Intent:
    """The intent of the last question, for another thing."""
    name = turn.before.intent or "define"
    rule = turn.book.intents.get(name)
    told = (Evidence("chat", "", 0, 0, name),)
    sections = rule.sections if rule else turn.book.wants.get(name, ())
    return Intent(name, sections, rule.kinds if rule else (), told)


def lean(turn: Turn, intent: Intent, room: float | None = None) -> Answer | None:
    """The most salient thing in focus that has what is asked; None where none has."""
    if not intent.evidence:
        return None
    if room is None:
        room = BESIDE_PRONOUN if turn.has("pronouns") else BARE
        room = GOOD_VALUE if intent.name == "good_value" else room
    for entry in _in_focus(intent, turn):
        found = of_thing(entry, intent, turn)
        if found and found.entry:
            left = min(
                unexplained_weight(turn.utterance, turn.content, id_, turn.book)
                for id_ in (entry, found.entry)
            )
            if left <= room:
                return _with_focus_evidence(found, entry, turn)
    return None


def _in_focus(intent: Intent, turn: Turn) -> list[str]:
    """What may be meant, best first; how, why and when are asked of a task before a role."""
    rows = [(id_, s) for id_, s in turn.before.focus if s >= SALIENT and id_ not in turn.refused]
    if intent.name in OF_TASKS or (intent.name == "duties" and turn.has("around")):
        rows.sort(key=lambda row: row[0].startswith(ROLES) or row[1] < TASK)
    else:
        told = turn.before.entry
        rows = [r for r in rows if r[0] == told or not r[0].startswith("misconception.")] or rows
    ids = [id_ for id_, _ in rows]
    if turn.has("persons") and intent.name in OF_PERSONS and ids:
        roles = [id_ for id_ in ids if id_.startswith(ROLES)]
        return [*(roles or related_entries(ids[0], "role", turn.book)[:1]), *ids]
    return ids


def answer_near_focus(turn: Turn, intent: Intent) -> Answer | None:
    """By its own words, something in or near the focus."""
    around = _focus_and_related(turn)
    if not turn.content and not turn.named_entries:
        return None
    salience = dict(turn.before.focus)
    found = [
        replace(c, score=round(c.score + 0.1 * salience.get(c.entry, 0.0), 4))
        for c in rank.candidates(turn.utterance, intent, turn.book)
        if c.entry in around
    ]
    found = [c for c in found if _uses(c, turn)]
    found.sort(key=lambda c: (-c.score, c.entry))
    figure = turn.has("how_much")
    if not found or found[0].score < (NEAR_FIGURE if figure else NEAR):
        return None if figure or not turn.before.sure else by_vocabulary(turn, intent)
    if len(found) > 1 and found[0].score - found[1].score < CLEAR:
        return None
    best = found[0]
    section = holds(turn.book.base.entry(best.entry), intent) if intent.evidence else ""
    section = section or choose(turn.book.base.entry(best.entry), turn.intent, False, 2)
    rest = tuple(found[1:OFFERS])
    answer = Answer(Band.ANSWER, intent.name, best.entry, section, best.score, rest, guess=True)
    about = best.entry if best.entry in salience else turn.before.focus[0][0]
    return replace(answer, about=about, evidence=(focus_evidence(about),))


def by_vocabulary(turn: Turn, intent: Intent) -> Answer | None:
    """The thing just told, where it uses most of the message's own words."""
    entry = turn.before.entry
    if not entry or turn.named_entries or not turn.content:
        return None
    if (
        unexplained_weight(turn.utterance, turn.content, entry, turn.book)
        > MOSTLY_KNOWN * turn.weight
    ):
        return None
    told = turn.book.base.entry(entry)
    section = (holds(told, intent) if intent.evidence else "") or usual_section(told)
    answer = Answer(Band.ANSWER, intent.name, entry, section, 0.5, guess=True, about=entry)
    return replace(answer, evidence=(focus_evidence(entry),))


def _uses(candidate: Candidate, turn: Turn) -> bool:
    vocabulary = turn.book.base.vocabulary(candidate.entry)
    return candidate.entry in turn.named_entries or any(w.text in vocabulary for w in turn.content)


def _focus_and_related(turn: Turn) -> frozenset[str]:
    """The things in focus, and what these are related to."""
    found: set[str] = set()
    for entry, salience in turn.before.focus:
        if salience < SALIENT:
            continue
        told = turn.book.base.entry(entry)
        found |= {entry, *told.related}
        for kind in ("checklist", "metric", "role"):
            found |= set(related_entries(entry, kind, turn.book))
    return frozenset(found - set(turn.refused))


def _with_focus_evidence(found: Answer, entry: str, turn: Turn) -> Answer:
    """An answer that says what it leans on; a guess, where words of its own may mean another."""
    own = bool(turn.content) and not turn.has("pronouns")
    new = (
        own
        and unexplained_weight(turn.utterance, turn.content, found.entry or entry, turn.book) > 0
    )
    rule = turn.intent.name == "guideline" and bool(turn.content)
    guess = new or rule or found.guess or not turn.before.sure
    return replace(
        found, about=entry, guess=guess, evidence=(focus_evidence(entry), *found.evidence)
    )
