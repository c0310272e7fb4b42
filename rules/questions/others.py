"""What else there is of the kind: what the thing told last is related to."""

from __future__ import annotations

from dataclasses import replace

from rules.questions.ellipsis import BARE
from rules.questions.model import Answer, Band, Candidate
from rules.questions.relations import usual_section
from rules.questions.signs import Turn, focus_evidence

OFFERS = 3
WAYS = ("practice.", "concept.", "checklist.")
"""Kinds of entries that tell how something is done."""


def answer_others(turn: Turn) -> Answer | None:
    """What else there is of the kind: what the thing told last is related to, to choose from."""
    entry = turn.before.entry
    if not entry or not turn.has("others") or turn.named_entries or turn.weight > BARE:
        return None
    if turn.asks and turn.intent.name not in ("how_to", "define"):
        return None
    known, told = turn.book.base.languages, turn.before.told
    near = [id_ for id_ in turn.book.base.entry(entry).related if id_ in known and id_ not in told]
    near.sort(key=lambda id_: not id_.startswith(WAYS))
    rows = tuple(
        Candidate(id_, 0.5, usual_section(turn.book.base.entry(id_))) for id_ in near[:OFFERS]
    )
    if not rows:
        return None
    found = Answer(Band.SUGGEST, turn.before.intent, None, "", 0.5, rows)
    return replace(found, evidence=(focus_evidence(entry),))
