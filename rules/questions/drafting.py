"""A posting that is to be written: for the one role that is named, else for which?"""

from __future__ import annotations

from rules.questions.model import Answer, Band, Intent, Utterance

DRAFT = "posting_draft"
WRITING = "copywriting"
"""The limit that does not concern it: we write no copy, but we do draft postings."""


MAX_LEFT = 0.6
"""How much of the message may be about something else than the wish for a posting."""


def posting(utterance: Utterance, intent: Intent) -> Answer | None:
    """The role to draft a posting for, or the question for it; nothing where more is wanted."""
    if intent.name != DRAFT or any(limit.value != WRITING for limit in utterance.limits):
        return None
    strength = {m.entry: m.strength for m in utterance.mentions if m.entry.startswith("role.")}
    if len(strength) == 1:
        (role, score), *_ = strength.items()
        return Answer(Band.ANSWER, intent.name, role, "responsibilities", score)
    if utterance.mentions or _asks_more(utterance):
        return None
    return Answer(Band.SUGGEST, intent.name, None, "", 0.0, asks_for=DRAFT)


def _asks_more(utterance: Utterance) -> bool:
    """Whether a question about postings is asked, such as what to check in one."""
    asked = {cue.value for cue in utterance.cues} - {DRAFT, "how_to"}
    return bool(asked) or sum(word.weight for word in utterance.words) > MAX_LEFT
