"""Whose a task is, by the same signals that classify postings."""

from __future__ import annotations

from dataclasses import replace

from rules import ownership
from rules.book import RuleBook
from rules.postings import task
from rules.questions import rank
from rules.questions.decide import OFFERS, decide
from rules.questions.intent import DEFAULT
from rules.questions.model import Answer, Band, Candidate, Evidence, Intent, Utterance
from rules.questions.relations import related_entries
from rules.questions.utterance import read, span

MAX_TASK = 60
"""A longer message without a question in it is no task in a few words."""
WHEN = "when"
"""The section of a practice that says when it is done, and whose it is."""
WHOLE = frozenset({"concept", "metric", "tool"})
"""Kinds that a task may name in passing: "write a press release" does not ask what that is."""


def by_rule(utterance: Utterance, book: RuleBook) -> Answer | None:
    """The owner that an editor has named for a task of which several roles speak."""
    rule = ownership.named_task(utterance.raw, book.tasks)
    if rule is None or rule.owner not in book.base.languages:
        return None
    section = "summary" if rule.owner.startswith("department.") else "responsibilities"
    return Answer(Band.ANSWER, "owner", rule.owner, section, 1.0)


def by_signals(utterance: Utterance, book: RuleBook) -> Answer | None:
    """The role whose posting signals the task shows, where one is clearly ahead."""
    found = task.owner(utterance.raw, book.pack)
    return _answer(found, book) if found else None


def bare_task(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """For a message that names duties and asks nothing: whose they are.

    Things may be named in it, as long as one of them is part of a longer signal, with its verb.
    """
    if len(utterance.raw) > MAX_TASK:
        return None
    if any(mention.entry.partition(".")[0] not in WHOLE for mention in utterance.mentions):
        return None
    found = task.owner(utterance.raw, book.pack)
    if found is None or not task.is_task(found):
        return None
    named = [span(utterance, m.start, m.end)[1:] for m in utterance.mentions]
    cues = [(cue.start, cue.end) for cue in intent.evidence]
    spans = [(signal.start, signal.end) for signal in found.signals]
    if not all(_is_inside(one, spans) for one in (*named, *cues)):
        return None
    if named and not any(_is_inside(one, [s for s in spans if s != one]) for one in named):
        return None
    return _answer(found, book)


def of_thing(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """Where no role's own words fit: the role of the thing that the message is about, as a guess.

    A practice says itself when it is done and whose it is.

    "They slate us online, who speaks first" is about the crisis checklist, whose items are PR's.
    """
    asked, thing = _strip_who(utterance, intent, book), Intent(DEFAULT)
    found = decide(asked, thing, book, rank.candidates(asked, thing, book))
    if found.band is not Band.ANSWER or not found.entry:
        return None
    if found.entry.startswith("role."):
        return replace(found, intent="owner", section="responsibilities", guess=True)
    if getattr(book.base.entry(found.entry), WHEN, None):
        return replace(found, intent="owner", section=WHEN)
    roles = related_entries(found.entry, "role", book)
    if not roles:
        return None
    about = Candidate(found.entry, found.score, found.section)
    others = (about, *(c for c in found.others if c.entry != roles[0]))
    return replace(
        found, intent="owner", entry=roles[0], section="responsibilities", others=others[:OFFERS],
        about=found.entry, guess=True,
    )  # fmt: skip


def _strip_who(utterance: Utterance, intent: Intent, book: RuleBook) -> Utterance:
    """The message without the words that ask who: they find entries about who does things."""
    raw = utterance.raw
    for cue in intent.evidence:
        raw = raw[: cue.start] + " " * (cue.end - cue.start) + raw[cue.end :]
    return read(raw, book, utterance.language) if any(map(str.isalnum, raw)) else utterance


def _is_inside(one: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start <= one[0] and one[1] <= end for start, end in spans)


def _answer(found: task.Owner, book: RuleBook) -> Answer | None:
    entry = f"role.{found.function}"
    if entry not in book.base.languages:
        return None
    words = tuple(
        Evidence("signal", s.text, s.start, s.end, entry, s.weight) for s in found.signals
    )
    score = round(min(1.0, 0.6 + 0.1 * found.score), 4)
    return Answer(Band.ANSWER, "owner", entry, "responsibilities", score, evidence=words)
