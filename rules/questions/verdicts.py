"""The short answer to a question of yes or no, or of which one, from what the entries hold."""

from __future__ import annotations

from dataclasses import replace

from knowledge.engine.model import Role
from rules.book import RuleBook
from rules.questions import task_owner
from rules.questions.model import Answer, Band, Intent, Mention, Utterance, Verdict
from rules.questions.utterance import read, whole_phrases

SAME, SAME_FIRST, EITHER = "same", "same_first", "either"
ROUND = ("rows", "compare", "summary")
WHOSE = ("owner", "define", "compare", "guideline", "boundaries", "cooperate")
"""Intents beside which "this one or that one" asks whose a task is."""
CLEAR = 0.9
"""The score from which on the owner of a task may be none of those that are named."""


def with_short_answer(
    answer: Answer, utterance: Utterance, intent: Intent, book: RuleBook
) -> Answer:
    """*answer* with its short answer first, where the message asks for one. Pure."""
    if answer.band is not Band.ANSWER or not answer.entry or answer.verdict:
        return answer
    if intent.name == "department":
        return replace(answer, verdict=_membership(answer, utterance, book))
    if len(answer.compared) == 2 and answer.section in ROUND and _asks_same(utterance, book):
        written = answer.entry.startswith("comparison.")
        return replace(answer, verdict=Verdict("written" if written else "unsaid"))
    return answer


def which_owner(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """Which of two a task belongs to: its owner, and whether that is one of them."""
    if intent.name not in WHOSE or not _signs(utterance, book) & {EITHER}:
        return None
    named = [m for m in _all_mentions(utterance, book) if _unit(m.entry, book)]
    ids = tuple(dict.fromkeys(m.entry for m in named))
    rest = _remove_names(utterance, named, book) if len(ids) > 1 else None
    if rest is None:
        return None
    of_thing = task_owner.of_thing(rest, intent, book) if intent.name == "owner" else None
    ways = (
        task_owner.by_rule(rest, book),
        task_owner.by_signals(rest, book),
        task_owner.by_signals(utterance, book),
        of_thing,
    )
    for found in ways:
        fits = [id_ for id_ in ids if found and _is_of(found.entry or "", id_, book)]
        if found and fits:
            others = tuple(id_ for id_ in ids if id_ not in fits)
            told = Verdict("this", "", found.entry or "", others)
            return replace(found, verdict=told, compared=ids)
    clear = next((found for found in ways[:2] if found and found.score >= CLEAR), None)
    if clear is None:
        return None
    neither = Verdict("neither", "", clear.entry or "", ids)
    return replace(clear, verdict=neither, compared=ids)


def part_of_answer(utterance: Utterance, intent: Intent, book: RuleBook) -> Answer | None:
    """Whether one department is part of another: they are two, and what the first one is."""
    if intent.name != "department" or EITHER in _signs(utterance, book):
        return None
    ids = dict.fromkeys(m.entry for m in _all_mentions(utterance, book))
    units = tuple(dict.fromkeys(f"department.{id_.partition('.')[2]}" for id_ in ids))
    if len(ids) < 2 or len(units) != 2 or not set(units) <= set(book.base.ids("department")):
        return None
    if all(id_.startswith("role.") for id_ in ids):
        return None
    told = Verdict("apart", units[0], units[0], units[1:])
    return Answer(Band.ANSWER, intent.name, units[0], "summary", CLEAR, verdict=told)


def _all_mentions(utterance: Utterance, book: RuleBook) -> tuple[Mention, ...]:
    """Every name in the message, those in a cue included: "does it belong to the X department"."""
    return read(utterance.raw, book, utterance.language, exact=True).mentions


def _remove_names(utterance: Utterance, named: list[Mention], book: RuleBook) -> Utterance | None:
    """The message without those names; None where nothing is left."""
    raw = utterance.raw
    for mention in named:
        start, end = utterance.normal.original(mention.start, mention.end)
        raw = raw[:start] + " " * (end - start) + raw[end:]
    return read(raw, book, utterance.language) if any(map(str.isalnum, raw)) else None


def _membership(answer: Answer, utterance: Utterance, book: RuleBook) -> Verdict | None:
    """Whether the role that is asked about belongs to the departments that are named beside."""
    ids = list(dict.fromkeys(m.entry for m in _all_mentions(utterance, book)))
    thing = answer.entry if answer.entry in ids else next(iter(ids), "")
    if answer.entry and answer.entry.startswith("department."):
        thing = next((id_ for id_ in ids if id_.startswith("role.")), thing)
    elif answer.entry and answer.entry.startswith("role."):
        thing = answer.entry
    unit = _unit(thing, book) if thing else ""
    asked = {id_: _unit(id_, book) for id_ in ids if id_ != thing}
    asked = {id_: own for id_, own in asked.items() if own}
    if not unit or not asked:
        return None
    others = tuple(dict.fromkeys(own for own in asked.values() if own != unit))
    if not others:
        return Verdict("yes", thing, unit)
    if unit in asked.values():
        return Verdict("this", thing, unit, others)
    return Verdict("no" if len(others) == 1 else "neither", thing, unit, others)


def _unit(id_: str, book: RuleBook) -> str:
    """The department that an entry is, is named like, or belongs to; "" for none."""
    same = f"department.{id_.partition('.')[2]}"
    if same in book.base.languages:
        return same
    entry = book.base.entry(id_)
    return entry.belongs_to if isinstance(entry, Role) else ""


def _is_of(owner: str, named: str, book: RuleBook) -> bool:
    """Whether the owner is what is named, or of the department that is named."""
    if owner == named:
        return True
    unit = f"department.{named.partition('.')[2]}"
    whole_unit = named.startswith(("department.", "concept.")) and unit in book.base.languages
    return whole_unit and _unit(owner, book) == unit


def _asks_same(utterance: Utterance, book: RuleBook) -> bool:
    return bool(_signs(utterance, book) & {SAME, SAME_FIRST})


def _signs(utterance: Utterance, book: RuleBook) -> set[str]:
    """Which groups of words that ask for a short answer stand in the message."""
    groups = (SAME, SAME_FIRST, EITHER)
    found = (f for f in book.find(utterance.normal.text) if f.phrase.kind == "turn")
    rows = whole_phrases([f for f in found if f.phrase.value in groups])
    return {f.phrase.value for f in rows if f.phrase.value != SAME_FIRST or not f.start}
