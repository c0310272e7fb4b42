"""A message that leans on what is in focus: which thing has what is asked, and in which section."""

from __future__ import annotations

from dataclasses import replace

from rules.book import RuleBook
from rules.questions import rank
from rules.questions.fresh import decided
from rules.questions.model import Answer, Band, Candidate, Evidence, Intent
from rules.questions.relations import (
    KIND,
    holds,
    nearest,
    related,
    unknown,
    usual,
)
from rules.questions.section import ALWAYS, choose
from rules.questions.signs import Turn, leant
from rules.questions.utterance import read

BARE, BESIDE_PRONOUN, GOOD_VALUE = 0.35, 1.3, 1.5
"""How much unknown content a message may hold and still lean: alone, beside a pronoun, and where
it asks which value is good."""
SALIENT = 0.3
"""What is less in focus is no longer meant."""
MOST_WORDS = 2
NEAR, NEAR_FIGURE, CLEAR = 0.42, 0.52, 0.05
"""The score of an entry near the focus that its own words find, where a figure is asked for, and
its lead."""
AGAIN = ("what_if", "how_much")
OFFERS = 3
MOSTLY_KNOWN = 0.5
"""The share of a message's own words that the thing just told may lack."""
OF_TASKS = frozenset(
    {"how_to", "improve", "why", "why_not", "done", "checklist", "pitfalls", "when", "what_if"}
)
"""What is asked of a task rather than of the role that does it."""
OF_PERSONS = frozenset({"metrics", "watch", "duties", "titles", "deliverables", "boundaries"})
"""What is asked of a person, where a word for one stands: of the role before its task."""
OF_METRICS = frozenset(
    {"metrics", "watch", "formula", "period", "comes_from", "read_with", "not_for", "measure"}
)
"""What is asked of a number; of a thing without one, of the metric that goes with it."""
OF_ROLES = frozenset({"metrics", "watch"})
"""What is asked of the number by which a role is measured."""
WHY = frozenset({"why", "why_not", "what_if", "improve", "how_to", "define", "consequence"})
"""What is asked of a mistaken belief itself; all else is asked of what it is about."""
ROLES = ("role.", "department.")
TASK = 0.5
GUESSED = 2.5
"""How much unknown content a best guess may hold."""


def leans(turn: Turn) -> bool:
    """Whether a message has the form of one that leans on the last reply."""
    few = len(turn.content) <= (1 if turn.named else MOST_WORDS)
    opened = turn.has("pronouns", "what_about") or bool(turn.openings)
    asks = turn.has(*turn.book.wants)
    return (opened and (turn.short or few)) or (turn.short and (few or asks))


def wanted(turn: Turn) -> Intent:
    """What is asked: by the words of intents, else by those that only a conversation explains."""
    wants = sorted(
        (name for name in turn.book.wants if turn.has(name)),
        key=lambda name: -_length(name, turn),
    )
    if turn.intent.name == "posting_draft" and _named_for_posting(turn):
        wants = ["titles"]
    elif not wants or (_specific(turn) and not _longer(wants[0], turn)):
        return turn.intent
    name = wants[0]
    told = (Evidence("chat", "", 0, 0, name),)
    return Intent(name, turn.book.wants[name], (), told)


def _specific(turn: Turn) -> bool:
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


def _longer(want: str, turn: Turn) -> bool:
    """Whether more of the message says so than says what the intent is."""
    cues = max(cue.end - cue.start for cue in turn.intent.evidence)
    return _length(want, turn) > cues


def _length(want: str, turn: Turn) -> int:
    return max(s.end - s.start for s in turn.signs if s.group == want)


def carried(turn: Turn) -> Intent:
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
                unknown(turn.utterance, turn.content, id_, turn.book)
                for id_ in (entry, found.entry)
            )
            if left <= room:
                return _leant(found, entry, turn)
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
        return [*(roles or related(ids[0], "role", turn.book)[:1]), *ids]
    return ids


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
        ids = tuple(id_ for id_ in related(entry, kind, book) if id_ not in turn.refused)
        if not ids:
            return _owner_by_name(entry, intent, turn)
        id_ = ids[0] if kind == "role" else _nearest(ids[:6], turn)
        section = "responsibilities" if kind == "role" else usual(book.base.entry(id_))
        return _sure(intent, id_, section)
    if intent.name in AGAIN:
        told, section = turn.before.items_of if turn.before.items_of[0] else (entry, "")
        return _sure(intent, told, section or usual(book.base.entry(told)))
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
    return _sure(intent, entry, section) if section else None


def _task_of(role: str, intent: Intent, turn: Turn) -> Answer | None:
    """How a role does what was asked last: the checklist that uses most of those words."""
    words = set(turn.before.words)
    ids = related(role, "checklist", turn.book)
    ids = tuple(id_ for id_ in ids if words & turn.book.base.vocabulary(id_))
    return (
        _sure(intent, nearest(ids, turn.before.words, turn.book), "pause_points") if ids else None
    )


def _pitfalls(entry: str, intent: Intent, book: RuleBook) -> Answer | None:
    """Mistakes that are written of what belongs to a thing, where none are of itself."""
    known = book.base.languages
    ids = (id_ for id_ in book.base.entry(entry).related if id_ in known)
    id_ = next((i for i in ids if getattr(book.base.entry(i), "pitfalls", None)), None)
    return _sure(intent, id_, "pitfalls") if id_ else None


def _metric(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """A thing without numbers of its own is measured by the metric it is related to."""
    ids = related(entry, "metric", turn.book)
    if not ids or entry.startswith("metric."):
        return None
    id_ = _nearest(ids[:6], turn)
    section = holds(turn.book.base.entry(id_), intent) or "summary"
    return replace(_sure(intent, id_, section), guess=section != "summary")


def _owner_by_name(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """Whose a thing is of which no entry says it: as if that were asked of its name."""
    if intent.name != "owner":
        return None
    language = turn.utterance.language
    named = read(turn.book.base.entry(entry, language).title, turn.book, language)
    rule = turn.book.intents.get(intent.name)
    asked = Intent(intent.name, rule.sections, rule.kinds) if rule else intent
    found = decided(named, asked, turn.book)
    sure = found.band is Band.ANSWER and not found.guess
    if not sure or not (found.entry or "").startswith("role.") or found.entry in turn.refused:
        return None
    return replace(_sure(intent, found.entry or "", "responsibilities"), guess=True)


def _of_its_subject(entry: str, intent: Intent, turn: Turn) -> Answer | None:
    """What is asked of the thing that a mistaken belief is about."""
    known = turn.book.base.languages
    for id_ in turn.book.base.entry(entry).related:
        if id_ in known and not id_.startswith(("misconception.", "comparison.")):
            section = holds(turn.book.base.entry(id_), intent)
            if section:
                return _sure(intent, id_, section)
    return None


def _nearest(ids: tuple[str, ...], turn: Turn) -> str:
    """Which of several: by the words of this message, else by those of the last question."""
    own = tuple(word.text for word in turn.content)
    used = any(set(own) & turn.book.base.vocabulary(id_) for id_ in ids)
    return nearest(ids, own if used else turn.before.words, turn.book)


def near(turn: Turn, intent: Intent) -> Answer | None:
    """By its own words, something in or near the focus."""
    around = _around(turn)
    if not turn.content and not turn.named:
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
    return replace(answer, about=about, evidence=(leant(about),))


def by_vocabulary(turn: Turn, intent: Intent) -> Answer | None:
    """The thing just told, where it uses most of the message's own words."""
    entry = turn.before.entry
    if not entry or turn.named or not turn.content:
        return None
    if unknown(turn.utterance, turn.content, entry, turn.book) > MOSTLY_KNOWN * turn.weight:
        return None
    told = turn.book.base.entry(entry)
    section = (holds(told, intent) if intent.evidence else "") or usual(told)
    answer = Answer(Band.ANSWER, intent.name, entry, section, 0.5, guess=True, about=entry)
    return replace(answer, evidence=(leant(entry),))


def _uses(candidate: Candidate, turn: Turn) -> bool:
    vocabulary = turn.book.base.vocabulary(candidate.entry)
    return candidate.entry in turn.named or any(w.text in vocabulary for w in turn.content)


def _around(turn: Turn) -> frozenset[str]:
    """The things in focus, and what these are related to."""
    found: set[str] = set()
    for entry, salience in turn.before.focus:
        if salience < SALIENT:
            continue
        told = turn.book.base.entry(entry)
        found |= {entry, *told.related}
        for kind in ("checklist", "metric", "role"):
            found |= set(related(entry, kind, turn.book))
    return frozenset(found - set(turn.refused))


def _leant(found: Answer, entry: str, turn: Turn) -> Answer:
    """An answer that says what it leans on; a guess, where words of its own may mean another."""
    own = bool(turn.content) and not turn.has("pronouns")
    new = own and unknown(turn.utterance, turn.content, found.entry or entry, turn.book) > 0
    rule = turn.intent.name == "guideline" and bool(turn.content)
    guess = new or rule or found.guess or not turn.before.sure
    return replace(found, about=entry, guess=guess, evidence=(leant(entry), *found.evidence))


def _sure(intent: Intent, entry: str, section: str) -> Answer:
    return Answer(Band.ANSWER, intent.name, entry, section, 1.0)
