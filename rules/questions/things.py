"""Which of several: the next step, the second one, the two of them, X against what is in focus."""

from __future__ import annotations

from dataclasses import replace

from rules.book import RuleBook
from rules.questions.belonging import of_thing
from rules.questions.ellipsis import is_elliptic, previous_intent, wanted_intent
from rules.questions.model import Answer, Band, Intent, Word
from rules.questions.numbers import line
from rules.questions.relations import usual_section
from rules.questions.signs import Turn, focus_evidence
from rules.questions.standalone import (
    COMPARE,
    neighbour_step,
    side_by_side,
    steps_of_cycle,
    written_comparison,
)
from rules.questions.state import Conversation

MAX_WORDS = 2
MIN_PART = 2
"""Characters of a part of a name."""
IN_VIEW = 0.35
"""The salience of a thing that "the two" may mean."""
ROUND = (COMPARE, "in_common", "cooperate")
SECTIONS = {"in_common": "in_common", "cooperate": "how_they_work_together"}


def ask_back(intent: str) -> Answer:
    """Ask for the thing that is wanted, without an offer: nothing is known to choose from."""
    return Answer(Band.DECLINE, intent, None, "", 0.0, asks_for=intent)


def next_step(turn: Turn) -> Answer | None:
    """The step after or before the one that is named or in focus."""
    if turn.intent.name not in ("next", "previous"):
        return None
    stages = [id_ for id_, _ in turn.before.focus if id_.startswith("stage.")]
    named = [id_ for id_ in turn.named_entries if id_.startswith("stage.")]
    current = next(iter((*named, *stages)), None)
    return neighbour_step(current, turn.intent, turn.book) if current else None


def nth_thing(turn: Turn) -> Answer | None:
    """The nth step of the cycle, or the nth of what was shown."""
    before, text = turn.before, turn.utterance.normal.text
    beside = [word for word in turn.content if not _in_number(word, text, turn.book)]
    if len(beside) > MAX_WORDS or any(not n.startswith("stage.") for n in turn.named_entries):
        return None
    step = turn.book.ordinals.number(text)
    if step is not None and (_on_cycle(before) or not before.items or not before.items_of[0]):
        entry = steps_of_cycle(turn.book).get(step)
        return Answer(Band.ANSWER, "stage", entry, "do", 1.0) if entry else ask_back("stage")
    number = _number(turn, text)
    if number is None or not turn.short:
        return None
    return _nth(number, turn)


def _in_number(word: Word, text: str, book: RuleBook) -> bool:
    """Whether a word is part of the number that is said."""
    found = book.ordinals.nth(text)
    return found is not None and found[1] <= word.start and word.end <= found[2]


def _on_cycle(before: Conversation) -> bool:
    return any(id_.startswith("stage.") and s >= 0.5 for id_, s in before.focus)


def _number(turn: Turn, text: str) -> int | None:
    if turn.has("former"):
        return 1
    if turn.has("latter"):
        return -1 if len(turn.before.compared) != 2 else 2
    found = turn.book.ordinals.nth(text)
    if found is None or _adverb(text[found[1] : found[2]], found[1]):
        return None
    return found[0]


def _adverb(told: str, start: int) -> bool:
    """Whether a bare English ordinal says when: "what do we check first"."""
    return start > 0 and told.isascii() and told.isalpha()


def _nth(number: int, turn: Turn) -> Answer | None:
    """The nth of the things compared, else of the list or of the choices shown last."""
    before = turn.before
    step = steps_of_cycle(turn.book).get(number) if _on_cycle(before) else None
    if step and not before.items:
        return Answer(Band.ANSWER, "stage", step, "do", 1.0)
    if _compares(before) or turn.has("former", "latter"):
        things = before.compared or before.told[-2:]
        return _answer_about(_at_number(things, number), turn)
    if before.items:
        at = number if number > 0 else len(before.items) + 1 + number
        if not 1 <= at <= len(before.items):
            return ask_back(turn.intent.name)
        found = line(at, before, turn.book)
        named = before.items[at - 1][1]
        return _answer_about(named, turn) if named and turn.asks else found
    if before.offers:
        return _answer_about(_at_number(tuple(id_ for id_, _ in before.offers), number), turn)
    return None


def _compares(before: Conversation) -> bool:
    """Whether the last thing told was a comparison, or one side of it."""
    last = before.entry or ""
    return len(before.compared) > 1 and (
        last in before.compared or last.startswith("comparison.") or before.intent in ROUND
    )


def _at_number(things: tuple[str, ...], number: int) -> str:
    at = number - 1 if number > 0 else number
    return things[at] if -len(things) <= at < len(things) else ""


def _answer_about(thing: str, turn: Turn) -> Answer | None:
    """What is asked, or was asked last, of that thing; asked back where there is none."""
    if not thing or thing not in turn.book.base.languages:
        return ask_back(turn.intent.name)
    intent = wanted_intent(turn)
    if not intent.evidence and turn.before.intent not in ROUND:
        intent = previous_intent(turn)
    found = of_thing(thing, intent, turn) if intent.evidence else None
    plain = not intent.evidence and not turn.content
    section = "summary" if plain else usual_section(turn.book.base.entry(thing))
    found = found or Answer(Band.ANSWER, intent.name, thing, section, 1.0)
    return replace(found, about=thing, evidence=(focus_evidence(thing),))


def answer_two(turn: Turn) -> Answer | None:
    """The two things that were compared, or the last two that were told."""
    if turn.named_entries or not _of_two(turn):
        return None
    if turn.has("should_we"):
        return Answer(Band.DECLINE, turn.intent.name, None, "", 0.0)
    before = turn.before
    told = tuple(id_ for id_ in before.told if not id_.startswith("comparison."))[-2:]
    things = before.compared if _compares(before) or len(told) < 2 else told
    if before.intent == "owner":
        done = tuple(id_ for id_, s in before.focus if s >= IN_VIEW and not _is_actor(id_))[:2]
        things = done if len(done) > 1 and set(done) & set(before.told) else things
    if len(things) < 2:
        things = tuple(id_ for id_, s in before.focus if s >= IN_VIEW)[:2]
    if len(things) < 2:
        return ask_back(COMPARE)
    return answer_together(tuple(things), _kind_of_round(turn), turn)


def _is_actor(id_: str) -> bool:
    """Whether it is who does something, and not what is done."""
    return id_.startswith(("role.", "department."))


def _of_two(turn: Turn) -> bool:
    if turn.has("pair") and (turn.short or not turn.content):
        return True
    if turn.intent.name in ROUND and turn.intent.evidence and not turn.has("pronouns"):
        return len(turn.content) <= MAX_WORDS and bool(turn.before.compared)
    return turn.has("which") and _compares(turn.before) and not turn.intent.evidence


def _kind_of_round(turn: Turn) -> Intent:
    if turn.intent.name in ROUND:
        return turn.intent
    name = "cooperate" if turn.has("together") else COMPARE
    return replace(turn.intent, name=name)


def answer_together(things: tuple[str, ...], intent: Intent, turn: Turn) -> Answer:
    """Things side by side, or what they share, or how they work together, where that is written."""
    found = side_by_side(things, turn.book)
    section = SECTIONS.get(intent.name, "")
    if section and found.entry and getattr(turn.book.base.entry(found.entry), section, None):
        found = replace(found, section=section)
    return replace(
        found, intent=intent.name if section else COMPARE, evidence=(focus_evidence(things[0]),)
    )


def list_contents(turn: Turn) -> Answer | None:
    """What is in the list or the comparison that was told."""
    before = turn.before
    if (
        not turn.has("inside")
        or not is_elliptic(turn)
        or (turn.asks and not _asks_of_list(turn))
        or len(turn.named_entries) > 1
        or not before.focus
    ):
        return None
    if turn.named_entries and len(before.compared) > 1:
        whole = written_comparison([*before.compared, *turn.named_entries], turn.book)
        if whole:
            return replace(
                side_by_side((*before.compared, *turn.named_entries), turn.book),
                evidence=(focus_evidence(whole),),
            )
    entry, section = before.items_of
    if not entry:
        return None
    return Answer(
        Band.ANSWER,
        before.intent,
        entry,
        section,
        1.0,
        about=entry,
        evidence=(focus_evidence(entry),),
    )


def against(turn: Turn) -> Answer | None:
    """One thing that is named beside the one in focus."""
    if len(turn.named_entries) > 1 or not _sets_against(turn):
        return None
    named = turn.named_entries[0] if turn.named_entries else _partly_named(turn)
    if not named or named.startswith("comparison."):
        return None
    other = _counterpart(named, turn)
    return answer_together((other, named), turn.intent, turn) if other else None


def _asks_of_list(turn: Turn) -> bool:
    """Whether what is asked of "it, in there" stands in the checklist or the steps just told."""
    entry, section = turn.before.items_of
    return (
        section in ("pause_points", "steps")
        and entry == turn.before.entry
        and not turn.named_entries
    )


def _sets_against(turn: Turn) -> bool:
    """Whether it asks how one thing differs: by the words for it, or as the last question did."""
    if not is_elliptic(turn):
        return False
    compares = turn.intent.name in ROUND and bool(turn.intent.evidence)
    if turn.named_entries and turn.has("together") and turn.intent.name == "define":
        return True
    if turn.intent.name == "how_to" and turn.has("persons") and not turn.content:
        return _has_contrast_word(turn)
    if compares or turn.asks or not turn.has("differs"):
        return compares
    carries = turn.before.intent in ROUND or (
        bool(turn.before.compared) and _has_contrast_word(turn)
    )
    return carries or turn.has("pronouns") or _compares_with(turn)


def _compares_with(turn: Turn) -> bool:
    """Whether it asks for a difference and tells but one side, the other being in focus."""
    return any(cue.value == COMPARE for cue in turn.original.cues)


def _has_contrast_word(turn: Turn) -> bool:
    """Whether a word that sets things against each other stands right beside the name."""
    return any(
        s.group == "differs" and (s.start == m.end or s.end in (m.start, m.start - 1))
        for s in turn.signs
        for m in turn.utterance.mentions
    )


def _partly_named(turn: Turn) -> str:
    """The thing of which the message says a part of the name, of the kind in focus."""
    kind = turn.before.focus[0][0].partition(".")[0] if turn.before.focus else ""
    text = turn.utterance.normal.text
    for word in turn.content:
        part = text[word.start : word.end]
        if len(part) < MIN_PART:
            continue
        names = [n for n in turn.book.longer_names(part) if n.entry.startswith(f"{kind}.")]
        if names:
            return min(names, key=lambda n: (len(n.text), n.text)).entry
    return ""


def _counterpart(named: str, turn: Turn) -> str:
    """The thing in focus that the named one is set against, of its own kind where there is one."""
    kind = named.partition(".")[0]
    slug = named.partition(".")[2]
    rows = [
        (id_.startswith(kind + ".") and salience >= 0.5, salience, id_)
        for id_, salience in turn.before.focus
        if id_.partition(".")[2] != slug and not id_.startswith(("comparison.", "checklist."))
    ]
    told = turn.before.entry
    ranked = [(2 * same + (id_ == told), salience, id_) for same, salience, id_ in rows]
    return max(ranked)[-1] if ranked else ""
