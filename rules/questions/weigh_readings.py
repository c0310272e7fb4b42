"""What a message says by itself, and what it says leaning on the conversation, weighed."""

from __future__ import annotations

from dataclasses import replace

from rules.questions import rank
from rules.questions.belonging import of_thing
from rules.questions.ellipsis import (
    BARE,
    GUESSED,
    answer_near_focus,
    by_vocabulary,
    is_elliptic,
    lean,
    wanted_intent,
)
from rules.questions.model import Answer, Band, Candidate, Intent
from rules.questions.relations import usual_section
from rules.questions.signs import Turn, focus_evidence
from rules.questions.standalone import answer_standalone, decide_intent

BESIDE = 2
"""Other readings that are told beside a guess."""
FIGURE = 1.0
"""How much unknown content a figure may be asked for with, that the thing told may still hold."""
LIKELY = 0.5
"""How sure a guess at a message by itself must be, where something was told before."""


def answer_alone(turn: Turn) -> Answer:
    """The message without its opening, as if nothing had been said."""
    if turn.refused:
        return decide_intent(turn.utterance, turn.intent, turn.book)
    return answer_standalone(turn.utterance, turn.book)


def answer_if_sure(turn: Turn) -> Answer | None:
    """A message that stands by itself, unless it says so little that it can only lean."""
    bare = None
    if not turn.named_entries and is_elliptic(turn) and not _rule_of_thumb(turn):
        bare = lean(turn, wanted_intent(turn), BARE)
    if bare is not None:
        return _weigh(bare, turn)
    if turn.has("pronouns") and not turn.named_entries:
        return None
    found = answer_alone(turn)
    if found.band is not Band.ANSWER:
        return None
    if found.guess:
        return replace(found, guess=False) if _merely_named(found, turn) else None
    if turn.named_entries or not is_elliptic(turn) or _uses_own_words(found, turn):
        return found
    return answer_from_focus(turn) or found


def _merely_named(found: Answer, turn: Turn) -> bool:
    """Whether a message is a name and nothing else: "OKR, then?" can only mean that."""
    only = turn.named_entries == (found.entry,) and not turn.asks
    return only and not turn.content and all(m.strength == 1 for m in turn.utterance.mentions)


def _rule_of_thumb(turn: Turn) -> bool:
    """A figure or a rule that is asked for in words of its own: seldom that of the focus."""
    return turn.intent.name == "guideline" and bool(turn.content)


def _weigh(leant_on: Answer, turn: Turn) -> Answer:
    """A reading that leans, beside what the message says by itself.

    Where its own words find something else, the leaning one is a guess beside the other, for it
    is right more often; where they are sure of it, both are readings to choose from. A guess goes
    with the other readings there are.
    """
    if not leant_on.guess and not turn.content:
        return leant_on
    own = answer_alone(turn)
    if own.limit or own.missing:
        return leant_on
    found = [Candidate(own.entry, own.score, own.section)] if own.entry else []
    others = [c for c in (*found, *own.others) if c.entry != leant_on.entry][:BESIDE]
    if not turn.content or not own.entry or own.entry == leant_on.entry:
        return replace(leant_on, others=tuple(others)) if leant_on.guess else leant_on
    if own.guess or own.band is not Band.ANSWER:
        return replace(leant_on, guess=True, score=own.score, others=tuple(others))
    readings = (others[0], Candidate(leant_on.entry or "", own.score, leant_on.section))
    return replace(
        leant_on, band=Band.SUGGEST, entry=None, section="", score=own.score, guess=False,
        others=(*readings, *others[1:]),
    )  # fmt: skip


def _uses_own_words(found: Answer, turn: Turn) -> bool:
    """Whether what was found for a message that names nothing has any of its words."""
    vocabulary = turn.book.base.vocabulary(found.entry) if found.entry else frozenset()
    return not turn.content or any(word.text in vocabulary for word in turn.content)


def answer_from_focus(turn: Turn) -> Answer | None:
    """What leans on the focus, or is found near it."""
    if not is_elliptic(turn):
        return None
    intent = wanted_intent(turn)
    if turn.has("should_we") and intent.name in ("define", "what_if"):
        return None
    if _own_figure(turn):
        return None
    if turn.named_entries:
        return _of_named(turn, intent) or answer_near_focus(turn, intent)
    found = None if _rule_of_thumb(turn) and turn.has("how_much") else lean(turn, intent)
    found = _weigh(found, turn) if found else answer_near_focus(turn, intent)
    figure = turn.has("how_much") and turn.weight > FIGURE and _rule_of_thumb(turn)
    if found is None and intent.evidence and not figure and not _is_foreign(turn):
        found = lean(turn, intent, GUESSED)
        return found and _weigh(replace(found, guess=True), turn)
    return found or _same_again(turn, intent)


def _own_figure(turn: Turn) -> bool:
    """Whether it asks what to think of a figure that is told: "ours is 40 dollars, too high?"."""
    told = any(char.isdecimal() for char in turn.utterance.raw)
    return told and turn.intent.name == "guideline" and not turn.has("pronouns")


def _is_foreign(turn: Turn) -> bool:
    """Whether its own words are another subject's, and nothing in it points back."""
    opened = bool(turn.openings) or turn.has("pronouns")
    return not opened and rank.foreign_share(turn.utterance, turn.book) > BARE


def _of_named(turn: Turn, intent: Intent) -> Answer | None:
    """What only a conversation asks in so few words, of the one thing that is named."""
    if len(turn.named_entries) != 1 or not intent.evidence or turn.asks or turn.weight > BARE:
        return None
    return of_thing(turn.named_entries[0], intent, turn)


def _same_again(turn: Turn, intent: Intent) -> Answer | None:
    """Nothing new but a figure or a word or two: the same again, as a guess."""
    entry, section = turn.before.entry, turn.before.section
    new = turn.named_entries or turn.weight > BARE or intent.evidence
    figure = any(char.isdecimal() for char in turn.utterance.raw)
    if new or not entry or not turn.before.sure or not (figure or turn.has("pronouns")):
        return None
    answer = Answer(Band.ANSWER, turn.before.intent, entry, section, 1.0, guess=True, about=entry)
    return replace(answer, evidence=(focus_evidence(entry),))


def by_itself(turn: Turn) -> Answer:
    """As if nothing had been said; what is not sure is a list to choose from, with the thing told.

    For a figure, or an opinion on their own case, nothing is offered.
    """
    found = answer_alone(turn)
    if found.limit or (found.band is Band.ANSWER and not found.guess):
        return found
    if turn.has("how_much", "should_we") or _own_figure(turn):
        return replace(found, band=Band.DECLINE, entry=None, section="", others=(), guess=False)
    if found.band is Band.DECLINE:
        return by_vocabulary(turn, wanted_intent(turn)) or found
    if found.guess and found.score >= LIKELY and (turn.named_entries or not is_elliptic(turn)):
        return found
    return _readings(found, turn)


def _readings(found: Answer, turn: Turn) -> Answer:
    """What it may mean by itself, and what was told last, to choose from."""
    told = turn.before.entry if turn.short and not turn.named_entries else None
    first = [Candidate(found.entry, found.score, found.section)] if found.entry else []
    rest = [c for c in (*first, *found.others) if c.entry != told]
    again = (
        [Candidate(told, found.score, usual_section(turn.book.base.entry(told)))] if told else []
    )
    others = (*rest[:1], *again, *rest[1:])[: BESIDE + 1]
    return replace(
        found, band=Band.SUGGEST, entry=None, section="", others=others, guess=False, compared=()
    )
