"""next_conversation: a conversation, a message and its answer -> the conversation as it is then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.engine.model import Boundary, Comparison, Cooperation, PausePoint, Row, Step
from rules.book import RuleBook
from rules.questions import rank
from rules.questions.intent import recognize
from rules.questions.lines import best_line_index
from rules.questions.model import Answer, Band, Intent, Utterance
from rules.questions.state import EMPTY, Conversation

FADING, LOWEST, MOST = 0.6, 0.15, 8
"""What is left of a salience after a turn; below which it is dropped; how many are kept."""
TOLD, TASK, COMPARED, NAMED, OFFERED, OFFERED_BESIDE = 1.0, 0.9, (0.9, 0.85), 0.6, 0.8, 0.5
RANK_COST = 0.1
TOLD_KEPT, OFFERS_KEPT, WORDS_KEPT, REFUSED_KEPT = 6, 9, 8, 6
ITEMS_KEPT, LINE = 12, 12
"""Lines of a list that are kept, and characters of each: by these alone its number is known."""
PASTED = "classify"
ARRANGED = "responsibilities"
"""The section of a role whose lines stand in the order of what was asked."""
FAINTLY, FAINT, CLEARLY = 0.5, 0.25, 0.07
"""The salience of what a refused opening may have meant; the score and lead it takes."""
TASKS = ("practice.", "checklist.", "concept.", "stage.")
NEAR_TASK = 0.3
"""The score of the thing whose owner was asked for, at least."""

Offers = tuple[tuple[str, str], ...]


def next_conversation(
    before: Conversation, utterance: Utterance, answer: Answer, book: RuleBook, offers: Offers = ()
) -> Conversation:
    """The conversation after *answer*, whose reply shows *offers*. Pure.

    Talk changes nothing; a limit and a decline leave the focus as it is.
    """
    if answer.intent in book.replies and not offers:
        return before
    if answer.intent == PASTED:
        return _after_verdict(answer, offers)
    said = replace(
        before,
        words=_words(utterance, book) or before.words,
        pending=answer.asks_for,
        offers=offers[:OFFERS_KEPT],
        refused=(*before.refused, *answer.refused)[-REFUSED_KEPT:],
    )
    if answer.band is Band.ANSWER and answer.entry:
        return _after_answer(said, utterance, answer, answer.entry, book)
    if answer.limit or answer.band is Band.DECLINE or not answer.others:
        if before.focus:
            return said
        named = {m.entry: NAMED for m in utterance.mentions}
        named = named or _faint_focus(utterance, answer, book)
        return replace(said, focus=_sort_focus(named), sure=bool(utterance.mentions))
    return _after_offer(said, utterance, answer)


def _faint_focus(utterance: Utterance, answer: Answer, book: RuleBook) -> dict[str, float]:
    """What a refused opening may have been about, where one thing is clearly the nearest."""
    if answer.limit or answer.asks_for or not utterance.words:
        return {}
    intent, read = recognize(utterance, book)
    best, *rest = [*rank.candidates(read, intent, book), None]
    second = rest[0].score if rest and rest[0] else 0.0
    if best is None or best.score < FAINT or best.score - second < CLEARLY:
        return {}
    return {best.entry: FAINTLY}


def _after_verdict(answer: Answer, offers: Offers) -> Conversation:
    """After a verdict on a posting, nothing of which is kept but the role."""
    told = (answer.entry,) if answer.entry and answer.band is Band.ANSWER else ()
    return replace(
        EMPTY,
        focus=tuple((id_, TOLD) for id_ in told),
        told=told,
        intent=answer.intent,
        section="summary",
        offers=offers[:OFFERS_KEPT],
    )


def _after_answer(
    said: Conversation, utterance: Utterance, answer: Answer, entry: str, book: RuleBook
) -> Conversation:
    focus = _fade(said)
    _raise(focus, ((m.entry, NAMED) for m in utterance.mentions if m.entry not in answer.refused))
    if answer.about:
        _raise(focus, [(answer.about, TASK)])
    pair = _pair(entry, answer, book)
    _raise(focus, zip(pair, (*COMPARED, *COMPARED[-1:] * 8), strict=False))
    told = [other.entry for other in answer.also if other.band is Band.ANSWER and other.entry]
    _raise(focus, ((id_, TASK) for id_ in told))
    task = _task(utterance, answer, entry, book)
    if task:
        _raise(focus, [(task, TASK)])
    focus[entry] = TOLD
    items = _as_told(entry, utterance, answer, book)
    return replace(
        said,
        focus=_sort_focus(focus),
        told=(*(id_ for id_ in said.told if id_ != entry), entry)[-TOLD_KEPT:],
        compared=pair or said.compared,
        items=items,
        items_of=(entry, answer.section) if items else ("", ""),
        intent=answer.intent,
        section=answer.section,
        sure=not answer.guess,
        refused=tuple(id_ for id_ in said.refused if id_ != entry),
    )


def _as_told(
    entry: str, utterance: Utterance, answer: Answer, book: RuleBook
) -> tuple[tuple[str, str], ...]:
    """The lines of the section in the order in which they were shown."""
    items = items_of(entry, answer.section, book, utterance.language)
    if answer.section != ARRANGED or not entry.startswith("role."):
        return items
    told = book.base.entry(entry, book.base.told_in(entry, utterance.language))
    place = best_line_index(getattr(told, ARRANGED), answer, book.base)
    return items if place >= len(items) else (items[place], *items[:place], *items[place + 1 :])


def _after_offer(said: Conversation, utterance: Utterance, answer: Answer) -> Conversation:
    """What was offered may be meant by the next message, the first most of all."""
    told = said.sure and bool(said.focus)
    focus = dict(said.focus) if told else _fade(said)
    top = OFFERED_BESIDE if told else OFFERED
    best = answer.others[0].score or 1.0
    _raise(
        focus,
        (
            (c.entry, round(top * c.score / best - RANK_COST * rank_, 3))
            for rank_, c in enumerate(answer.others)
        ),
    )
    _raise(focus, ((m.entry, NAMED) for m in utterance.mentions))
    named = tuple(dict.fromkeys(m.entry for m in utterance.mentions))
    return replace(
        said,
        focus=_sort_focus(focus),
        compared=named[: len(COMPARED) * 2] if len(named) > 1 else said.compared,
        intent=answer.intent,
        items=(),
        items_of=("", ""),
        sure=told,
    )


def _fade(said: Conversation) -> dict[str, float]:
    return {id_: round(salience * FADING, 3) for id_, salience in said.focus}


def _raise(focus: dict[str, float], rows: Any) -> None:
    for id_, salience in rows:
        focus[id_] = max(salience, focus.get(id_, 0.0))


def _sort_focus(focus: dict[str, float]) -> tuple[tuple[str, float], ...]:
    rows = sorted(focus.items(), key=lambda row: -row[1])
    return tuple(row for row in rows if row[1] >= LOWEST)[:MOST]


def _pair(entry: str, answer: Answer, book: RuleBook) -> tuple[str, ...]:
    """The things that were set side by side, by a written comparison or otherwise."""
    if len(answer.compared) > 1:
        return answer.compared[: len(COMPARED) * 2]
    whole = book.base.entry(entry)
    return whole.of[: len(COMPARED) * 2] if isinstance(whole, Comparison) else ()


def _task(utterance: Utterance, answer: Answer, entry: str, book: RuleBook) -> str:
    """The thing whose owner was told: what happens next is asked of it and not of the role."""
    if answer.intent != "owner":
        return ""
    named = [m.entry for m in utterance.mentions if not m.entry.startswith(("role.", "depart"))]
    about = answer.about if not answer.about.startswith(("role.", "depart")) else ""
    if named or about:
        return named[0] if named else about
    found = rank.candidates(utterance, Intent("how_to"), book)
    near = (c for c in found if c.entry.startswith(TASKS) and c.score >= NEAR_TASK)
    beside = (c for c in answer.others if c.entry.startswith(TASKS) and answer.guess)
    return next((c.entry for c in (*near, *beside)), "")


def _words(utterance: Utterance, book: RuleBook) -> tuple[str, ...]:
    """What the message is about: the words left over, and those of the names in it."""
    text = utterance.normal.text
    named = [text[m.start : m.end] for m in utterance.mentions]
    return tuple(dict.fromkeys([*(w.text for w in utterance.words), *named]))[:WORDS_KEPT]


def items_of(
    entry: str, section: str, book: RuleBook, language: str
) -> tuple[tuple[str, str], ...]:
    """The lines of a section as a chat keeps them: by their beginning alone."""
    lines = lines_of(entry, section, book, language)
    return tuple((text[:LINE], named) for text, named in lines)


def lines_of(
    entry: str, section: str, book: RuleBook, language: str
) -> tuple[tuple[str, str], ...]:
    """(line, entry it names or "") of each line of a section; nothing for running text."""
    told = book.base.entry(entry, book.base.told_in(entry, language))
    value = getattr(told, "with_" if section == "with" else section, None)
    if not isinstance(value, tuple):
        return ()
    if value and isinstance(value[0], PausePoint):
        value = tuple(item for pause in value for item in pause.items)
    return tuple(_item(line, book, language) for line in value[:ITEMS_KEPT])


def _item(line: Any, book: RuleBook, language: str) -> tuple[str, str]:
    if isinstance(line, Cooperation | Boundary):
        id_ = line.role if isinstance(line, Cooperation) else line.with_
        return book.base.title(id_, language), id_
    text = line.what if isinstance(line, Step) else line.dimension if isinstance(line, Row) else ""
    text = text or getattr(line, "text", None) or getattr(line, "name", None) or str(line)
    if text in book.base.languages:
        return book.base.title(text, language), text
    return text, book.named_by(text)
