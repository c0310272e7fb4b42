"""Not that: what is meant instead, by its name, by its words, or by what else was near."""

from __future__ import annotations

from rules.questions import rank
from rules.questions.belonging import of_thing
from rules.questions.ellipsis import lean, previous_intent, wanted_intent
from rules.questions.model import Answer, Band, Candidate, Intent
from rules.questions.relations import holds, usual_section
from rules.questions.signs import Turn
from rules.questions.standalone import COMPARE, decide_intent
from rules.questions.things import ask_back

BY_WORDS = 0.2
"""The score from which on words alone tell what was meant instead."""
OFFERS = 3


def corrected_answer(turn: Turn) -> Answer | None:
    """Not that: what is named instead, else what the words find, else what else was near."""
    only = len(turn.named_entries) == 1 and not turn.content
    if "corrections" not in turn.openings and not (turn.refused and (turn.short or only)):
        return None
    intent = wanted_intent(turn)
    intent = intent if intent.evidence else previous_intent(turn)
    if len(turn.named_entries) > 1:
        return decide_intent(turn.utterance, turn.intent, turn.book)
    if turn.named_entries:
        named = turn.named_entries[0]
        if named == turn.before.entry and turn.content:
            return _by_words(turn, intent)
        if intent.name in (COMPARE, "owner"):
            return decide_intent(turn.utterance, turn.intent, turn.book)
        found = of_thing(named, intent, turn)
        plain = Answer(
            Band.ANSWER, intent.name, named, usual_section(turn.book.base.entry(named)), 1.0
        )
        return found or plain
    if turn.refused or not turn.content:
        return lean(turn, intent) if turn.refused else _other_in_focus(turn)
    return _by_words(turn, intent)


def _other_in_focus(turn: Turn) -> Answer:
    """What else was in focus, after a bare "no"."""
    rest = [row for row in turn.before.focus if row[0] != turn.before.entry][:OFFERS]
    if not rest:
        return ask_back(turn.before.intent or "define")
    offers = tuple(
        Candidate(id_, score, usual_section(turn.book.base.entry(id_))) for id_, score in rest
    )
    return Answer(Band.SUGGEST, turn.before.intent, None, "", rest[0][1], offers)


def _names_intent(turn: Turn, intent: Intent) -> bool:
    """Whether the message itself says what is wanted, and does not merely carry it on."""
    return turn.asks or intent.name in turn.groups


def _by_words(turn: Turn, intent: Intent) -> Answer | None:
    told = None if _names_intent(turn, intent) else turn.before.entry
    found = [c for c in rank.candidates(turn.utterance, turn.intent, turn.book) if c.entry != told]
    if not found or found[0].score < BY_WORDS:
        return None
    best = found[0]
    entry = turn.book.base.entry(best.entry)
    section = (holds(entry, intent) if _names_intent(turn, intent) else "") or usual_section(entry)
    rest = tuple(found[1 : OFFERS + 1])
    return Answer(Band.ANSWER, intent.name, best.entry, section, best.score, rest, guess=True)
