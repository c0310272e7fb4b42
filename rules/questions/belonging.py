"""What is asked of one thing: of itself, or of what belongs to it."""

from __future__ import annotations

from dataclasses import replace

from rules.book import RuleBook
from rules.questions.model import Answer, Band, Intent
from rules.questions.relations import KIND, holds, nearest_entry, related_entries, usual_section
from rules.questions.section import ALWAYS
from rules.questions.signs import Turn
from rules.questions.standalone import decide_intent
from rules.questions.utterance import read

AGAIN = ("what_if", "how_much")
OF_METRICS = frozenset(
    {"metrics", "watch", "formula", "period", "comes_from", "read_with", "not_for", "measure"}
)
"""What is asked of a number; of a thing without one, of the metric that goes with it."""
OF_ROLES = frozenset({"metrics", "watch"})
"""What is asked of the number by which a role is measured."""
WHY = frozenset({"why", "why_not", "what_if", "improve", "how_to", "define", "consequence"})
"""What is asked of a mistaken belief itself; all else is asked of what it is about."""
ROLES = ("role.", "department.")


def of_thing(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """What *intent* asks, told of one thing or of what belongs to it."""
    book = turn.book
    if intent.name == "owner" and entry.startswith(("role.", "department.")):
        return None
    kind = KIND.get(intent.name)
    if entry.startswith("misconception.") and not kind and intent.name not in WHY:
        found = _of_its_subject(entry, intent, turn)
        if found:
            return found
    if kind:
        ids = tuple(id_ for id_ in related_entries(entry, kind, book) if id_ not in turn.refused)
        if not ids:
            return _owner_by_name(entry, intent, turn)
        id_ = ids[0] if kind == "role" else _nearest_entry(ids[:6], turn)
        section = "responsibilities" if kind == "role" else usual_section(book.base.entry(id_))
        return _sure_answer(intent, id_, section)
    if intent.name in AGAIN:
        told, section = turn.before.items_of if turn.before.items_of[0] else (entry, "")
        return _sure_answer(intent, told, section or usual_section(book.base.entry(told)))
    section = holds(book.base.entry(entry), intent)
    if intent.name == "good_value" and entry.partition(".")[0] in ALWAYS:
        return None
    if intent.name == "pitfalls" and section != "pitfalls":
        found = _pitfalls(entry, intent, book)
        if found:
            return found
    if not section and intent.name in ("how_to", "improve") and entry.startswith(ROLES):
        return _task_of(entry, intent, turn)
    if not section and intent.name in (OF_ROLES if entry.startswith(ROLES) else OF_METRICS):
        return _metric(entry, intent, turn)
    return _sure_answer(intent, entry, section) if section else None


def _task_of(role: str, intent: Intent, turn: Turn) -> Answer | None:
    """How a role does what was asked last: the checklist that uses most of those words."""
    words = set(turn.before.words)
    ids = related_entries(role, "checklist", turn.book)
    ids = tuple(id_ for id_ in ids if words & turn.book.base.vocabulary(id_))
    return (
        _sure_answer(intent, nearest_entry(ids, turn.before.words, turn.book), "pause_points")
        if ids
        else None
    )


def _pitfalls(entry: str, intent: Intent, book: RuleBook) -> Answer | None:
    """Mistakes that are written of what belongs to a thing, where none are of itself."""
    known = book.base.languages
    ids = (id_ for id_ in book.base.entry(entry).related if id_ in known)
    id_ = next((i for i in ids if getattr(book.base.entry(i), "pitfalls", None)), None)
    return _sure_answer(intent, id_, "pitfalls") if id_ else None


def _metric(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """A thing without numbers of its own is measured by the metric it is related to."""
    ids = related_entries(entry, "metric", turn.book)
    if not ids or entry.startswith("metric."):
        return None
    id_ = _nearest_entry(ids[:6], turn)
    section = holds(turn.book.base.entry(id_), intent) or "summary"
    return replace(_sure_answer(intent, id_, section), guess=section != "summary")


def _owner_by_name(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """Whose a thing is of which no entry says it: as if that were asked of its name."""
    if intent.name != "owner":
        return None
    language = turn.utterance.language
    named = read(turn.book.base.entry(entry, language).title, turn.book, language)
    rule = turn.book.intents.get(intent.name)
    asked = Intent(intent.name, rule.sections, rule.kinds) if rule else intent
    found = decide_intent(named, asked, turn.book)
    sure = found.band is Band.ANSWER and not found.guess
    if not sure or not (found.entry or "").startswith("role.") or found.entry in turn.refused:
        return None
    return replace(_sure_answer(intent, found.entry or "", "responsibilities"), guess=True)


def _of_its_subject(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """What is asked of the thing that a mistaken belief is about."""
    known = turn.book.base.languages
    for id_ in turn.book.base.entry(entry).related:
        if id_ in known and not id_.startswith(("misconception.", "comparison.")):
            section = holds(turn.book.base.entry(id_), intent)
            if section:
                return _sure_answer(intent, id_, section)
    return None


def _nearest_entry(ids: tuple[str, ...], turn: Turn) -> str:
    """Which of several: by the words of this message, else by those of the last question."""
    own = tuple(word.text for word in turn.content)
    used = any(set(own) & turn.book.base.vocabulary(id_) for id_ in ids)
    return nearest_entry(ids, own if used else turn.before.words, turn.book)


def _sure_answer(intent: Intent, entry: str, section: str) -> Answer:
    return Answer(Band.ANSWER, intent.name, entry, section, 1.0)
