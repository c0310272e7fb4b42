"""Where a question leads whose own words name no entry: limits and intents name those that help."""

from __future__ import annotations

from collections.abc import Iterable

from rules.book import RuleBook
from rules.load import Lead
from rules.questions import rank
from rules.questions.model import Answer, Band, Candidate, Evidence, Intent, Utterance
from rules.questions.section import choose
from rules.questions.utterance import span, whole_phrases

FOREIGN = 0.5
"""The share of another subject's words from which on nothing of ours is told."""
SURE = 0.8
"""The score of what a rule leads to."""


def lead_answer(limit: str, utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """What tells how to find out what *limit* does not hold, where the message asks for that.

    Not of another trade's figures, nor of things that are named and are no figures.
    """
    kinds = {m.entry.partition(".")[0] for m in utterance.mentions}
    if rank.foreign_share(utterance, book) > FOREIGN or (kinds and "metric" not in kinds):
        return None
    found = whole_phrases([f for f in book.find(utterance.normal.text) if f.phrase.kind == "lead"])
    for lead in _known_candidates(book.limits[limit].leads_to, book):
        words = [f for f in found if f.phrase.value == f"{limit} {lead.entry}"]
        if words:
            places = (span(utterance, f.start, f.end) for f in words)
            asked = tuple(Evidence("lead", *place, lead.entry) for place in places)
            return Answer(
                Band.ANSWER, intent.name, lead.entry, lead.section, SURE, evidence=asked,
                missing=(limit,),
            )  # fmt: skip
    return None


def lead_candidates(limit: str, utterance: Utterance, book: RuleBook) -> tuple[Candidate, ...]:
    """What a refusal of *limit* offers: the entries that help whatever exactly was asked.

    Nothing where the message names nothing at all ("is this normal"), or another trade's things.
    """
    empty = not (utterance.mentions or utterance.words or any(map(str.isdecimal, utterance.raw)))
    if empty or rank.foreign_share(utterance, book) > FOREIGN:
        return ()
    return tuple(_known_candidates([x for x in book.limits[limit].leads_to if x.offered], book))


def by_intent(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """What an intent asks whose answers stand in entries of their own: that of the thing named."""
    rule = book.intents.get(intent.name)
    if rule is None or not rule.told_by or not intent.evidence or not utterance.mentions:
        return None
    known = [id_ for id_ in rule.told_by if id_ in book.base.languages]
    named = {m.entry for m in utterance.mentions}
    about = [id_ for id_ in known if named & {id_, *book.base.entry(id_).related}]
    if not about:
        return None
    entry = about[-1]
    section = choose(book.base.entry(entry), intent, True, 0)
    return Answer(Band.ANSWER, intent.name, entry, section, SURE)


def _known_candidates(leads: Iterable[Lead], book: RuleBook) -> list[Candidate]:
    known = (lead for lead in leads if lead.entry in book.base.languages)
    return [Candidate(lead.entry, SURE, lead.section) for lead in known]
