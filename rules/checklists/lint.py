"""lint: a checklist that somebody wrote -> what will hinder those who work through it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from knowledge.engine.check import MAX_ITEMS, MAX_KILLERS
from knowledge.engine.normal import compact
from knowledge.engine.source import MAX_BYTES
from rules.checklists.draft import Draft, DraftItem, DraftPoint, Finding, vocabulary
from rules.checklists.progress import offset
from rules.checklists.reading import read as read_draft
from rules.questions.utterance import guess_language

MAX_LISTED = 500
"""Items that are looked at; a list that long has other problems."""
_ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
"""What stands in brackets behind the words of an item: the verb is before it."""
_WORD = re.compile(r"[a-z][a-z'-]*")


def lint(text: str, people: Iterable[str] = ()) -> list[Finding]:
    """Every finding, by line. Never raises for bad content. *people*: names that are known."""
    if len(text) > MAX_BYTES:
        return [Finding(1, "error", "too_large")]
    draft = read_draft(text, people)
    items = [item for point in draft.points for item in point.items if item.text]
    if not items and not draft.findings:
        return [Finding(1, "error", "empty")]
    if len(items) > MAX_LISTED:
        return [Finding(1, "error", "too_large")]
    language = guess_language(" ".join(item.text for item in items))
    found = [*draft.findings, *_doubles(draft)]
    for point in draft.points:
        found += [*_sizes(point), *_order(point)]
        for item in point.items:
            found += _item(item, language)
    return sorted(found, key=lambda finding: (finding.line, finding.level, finding.kind))


def starts_with_verb(text: str, language: str) -> bool:
    """Whether a line tells somebody to do something, as far as its form shows.

    In Japanese and Korean, where the verb comes last, the end of the line is looked at.
    """
    words = vocabulary()
    bare = _ASIDE.sub("", text).strip().strip("\"'“”‘’「」『』《》()（）[]【】*.。!！~ ").casefold()
    endings = getattr(words.verb_endings, language)
    if endings:
        return bare.endswith(endings)
    if language == "zh":
        return not bare.startswith(words.not_openers.zh)
    first = _WORD.match(bare)
    if first is None:
        return False
    word = first[0]
    if word in getattr(words.not_openers, language):
        return False
    ending = getattr(words.not_endings, language)
    return word in getattr(words.verbs, language) or not word.endswith(ending)


def vague_words(text: str, language: str) -> list[str]:
    """The words in *text* that two people would understand differently."""
    plain = text.casefold()
    if language == "en":
        return [w for w in vocabulary().vague.en if re.search(rf"\b{re.escape(w)}\b", plain)]
    return [word for word in getattr(vocabulary().vague, language) if word in plain]


def _sizes(point: DraftPoint) -> Iterator[Finding]:
    count = len(point.items)
    if count > MAX_ITEMS:
        values = {"name": point.name, "count": count, "most": MAX_ITEMS}
        yield Finding(point.items[MAX_ITEMS].line, "error", "many_items", values)
    killers = [item for item in point.items if item.killer]
    if len(killers) > MAX_KILLERS:
        values = {"name": point.name, "count": len(killers), "most": MAX_KILLERS}
        yield Finding(killers[MAX_KILLERS].line, "error", "many_killers", values)


def _item(item: DraftItem, language: str) -> Iterator[Finding]:
    if not item.text:
        yield Finding(item.line, "error", "no_text")
        return
    if not starts_with_verb(item.text, language):
        yield Finding(item.line, "warning", "no_verb", {"item": item.text})
    if not item.done_when:
        yield Finding(item.line, "warning", "no_done_when", {"item": item.text})
    for word in vague_words(f"{item.text}\n{item.done_when}", language):
        yield Finding(item.line, "warning", "vague", {"item": item.text, "word": word})
    if item.due and offset(item.due) is None:
        yield Finding(item.line, "error", "bad_due", {"due": item.due})


def _order(point: DraftPoint) -> Iterator[Finding]:
    """Items due later than the one after them: whoever goes down the list meets them too early."""
    dated = [(item, when) for item in point.items if (when := _offset_of(item)) is not None]
    for (item, when), (after, then) in pairwise(dated):
        if when > then:
            values = {"item": item.text, "due": item.due, "next": after.due}
            yield Finding(item.line, "warning", "due_order", values)


def _offset_of(item: DraftItem) -> datetime.timedelta | None:
    return offset(item.due) if item.due else None


def _doubles(draft: Draft) -> Iterator[Finding]:
    """Items that say what another has said before, give or take a letter."""
    from rapidfuzz import fuzz

    seen: list[tuple[str, int]] = []
    for item in (item for point in draft.points for item in point.items if item.text):
        key = re.sub(r"\W", "", compact(item.text).text)
        for other, line in seen:
            if key == other or fuzz.ratio(key, other) >= 90:
                yield Finding(item.line, "warning", "double", {"item": item.text, "line": line})
                break
        seen.append((key, item.line))
