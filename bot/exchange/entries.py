"""Pairs of a file -> entries of the organization: what is new, changed, the same, or left out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.exchange import slug as slugs
from bot.exchange.markdown_text import one_line, tidy, to_plain
from bot.exchange.model import MAX_ANSWER, MAX_QUESTION, MAX_TITLE, Found, Note, Pair
from knowledge.engine.asking import Example
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.load import PRIMARY
from knowledge.engine.model import Entry, Faq
from knowledge.engine.normal import compact, question_key
from rules.questions.utterance import guess_language

State = Literal["new", "changed", "same", "differs"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One entry as the file wants it."""

    place: str
    state: State
    language: str
    """The language of the text; other than Chinese, it is written as that translation too."""
    entry: Entry
    """What is written as the Chinese text."""
    told: Entry
    """What is written in *language*."""


@dataclass(slots=True)
class Plan:
    """What becomes of a file; `left` says what does not go in, and why."""

    taken: list[Taken] = field(default_factory=list)
    skipped: list[Note] = field(default_factory=list)


def plan(found: Found, base: KnowledgeBase, language: str | None, replace: bool) -> Plan:
    """What to write for the pairs of a file, over the content that is there.

    *language*: that of the texts; None to tell it by their script. *replace*: entries of before
    that say something else are changed. One pass, and nothing is written here.
    """
    told = Plan()
    for one in iter_entries((*found.skipped, *found.pairs), base, language, replace):
        if isinstance(one, Note):
            told.skipped.append(one)
        else:
            told.taken.append(one)
    return told


def iter_entries(
    pieces: Iterable[Pair | Note], base: KnowledgeBase, language: str | None, replace: bool
) -> Iterator[Taken | Note]:
    """The same as the pieces come; only what was asked and named stays in memory."""
    work = _Work(base, language, replace)
    for one in pieces:
        if isinstance(one, Note):
            yield one
            continue
        work.take(one)
        yield from work.plan.skipped
        yield from work.plan.taken
        work.plan = Plan()


def short_title(question: str) -> str:
    """The question without its mark, cut where it is long."""
    bare = question.rstrip("?？。.!！~～ ") or question
    return bare if len(bare) <= MAX_TITLE else f"{bare[: MAX_TITLE - 1].rstrip()}…"


def _name(text: str) -> str:
    return compact(text).text.replace(" ", "")


class _Work:
    """The pass over the pairs, with what has been given away so far."""

    def __init__(self, base: KnowledgeBase, language: str | None, replace: bool) -> None:
        self.base, self.language, self.replace = base, language, replace
        self.plan = Plan()
        self.names = {name.text.replace(" ", ""): name.entry for name in base.names}
        self.asked: dict[str, str] = {}
        """Question of this run -> where it stands."""
        self.ids: dict[str, str] = {}
        """Id of this run -> where it stands."""

    def take(self, pair: Pair) -> None:
        """Take one pair into the plan, or say why not."""
        answer = to_plain(pair.answer) if len(pair.answer) <= 4 * MAX_ANSWER else pair.answer
        if not answer:
            self._leave(pair, "no answer")
        elif len(answer) > MAX_ANSWER:
            self._leave(pair, f"the answer is longer than {MAX_ANSWER:,} characters")
        else:
            self._add_answer(pair, answer)

    def _leave(self, pair: Pair, why: str) -> None:
        self.plan.skipped.append(Note(pair.place, why))

    def _add_answer(self, pair: Pair, answer: str) -> None:
        all_ = tuple(dict.fromkeys(q for q in map(one_line, pair.questions) if question_key(q)))
        id_ = self._id(pair, all_, answer)
        refused: list[str] = []
        questions = tuple(self._usable_examples(all_, id_, refused))
        if not questions:
            more = f", and {len(refused) - 1} more like it" if refused[1:] else ""
            self._leave(pair, f"{refused[0]}{more}" if refused else "no question")
            return
        self.plan.skipped += (Note(pair.place, why) for why in refused)
        language = pair.language or self.language or guess_language(questions[0])
        made = self._entry(pair, id_, questions, answer, language)
        if owner := self._taken_by(made.told.title, id_):
            self._leave(pair, f"'{made.told.title}' is a name of {owner} already")
            return
        self.names[_name(made.told.title)] = id_
        self.asked |= {question_key(question): pair.place for question in questions}
        self.ids[id_] = pair.place
        self.plan.taken.append(made)

    def _usable_examples(
        self, questions: Iterable[str], id_: str, refused: list[str]
    ) -> Iterator[str]:
        """The questions that may be examples of the entry; why the others may not is *refused*."""
        seen: set[str] = set()
        for question in questions:
            key = question_key(question)
            owner = self.base.entry_of_example(key)
            shown = question if len(question) <= 40 else f"{question[:39]}…"
            if key in seen:
                continue
            seen.add(key)
            if len(question) > MAX_QUESTION:
                refused.append(f"'{shown}' is longer than {MAX_QUESTION} characters")
            elif owner and owner[0] != id_:
                refused.append(f"'{shown}' is an example of {owner[0]} already")
            elif key in self.asked:
                refused.append(f"'{shown}' stands in {self.asked[key]} already")
            elif other := self._taken_by(question, id_):
                refused.append(f"'{shown}' is a name of {other} already")
            else:
                yield question

    def _taken_by(self, text: str, id_: str) -> str | None:
        owner = self.names.get(_name(text))
        return owner if owner != id_ else None

    def _id(self, pair: Pair, questions: tuple[str, ...], answer: str) -> str:
        """The entry that the pair is or becomes; the same on every import of the same file."""
        wanted = slugs.slug(pair.id or (questions[0] if questions else ""))
        id_ = f"faq.{pair.id if pair.has_own_slug and _is_slug(pair.id) else wanted}"
        if self._is_it(id_, pair, questions, answer):
            return id_
        return f"{id_}_{slugs.digest(questions[0] if questions else answer)}"

    def _is_it(self, id_: str, pair: Pair, questions: tuple[str, ...], answer: str) -> bool:
        """Whether the id is free, or its entry is this very one, perhaps in an older edition."""
        if id_ in self.ids:
            return False
        if id_ not in self.base.languages or pair.has_own_slug:
            return True
        wanted = {question_key(question) for question in questions}
        for language in self.base.languages[id_]:
            entry = self.base.entry(id_, language)
            known = {question_key(example.ask) for example in entry.examples}
            if known & wanted or tidy(entry.summary) == answer:
                return True
        return False

    def _entry(
        self, pair: Pair, id_: str, questions: tuple[str, ...], answer: str, language: str
    ) -> Taken:
        title = one_line(pair.title or "")
        if id_ not in self.base.languages:
            new: Entry = Faq(
                id=id_,
                title=title or short_title(questions[0]),
                origin="organization",
                summary=answer,
                examples=tuple(Example(question) for question in questions),
            )
            return Taken(pair.place, "new", language, new, new)
        entry = self.base.entry(id_)
        told = self.base.entry(id_, self._language_told(id_, language))
        before = {example.ask: example for example in told.examples}
        change: dict[str, Any] = {
            "title": title or told.title,
            "summary": answer,
            "examples": tuple(before.get(q, Example(q)) for q in questions),
        }
        if told.title == change["title"] and _is_same_entry(told, answer, questions):
            return Taken(pair.place, "same", language, entry, told)
        alike = _content(entry) == _content(told)
        new = dataclasses.replace(entry, **change) if alike else entry
        state: State = "changed" if self.replace else "differs"
        return Taken(pair.place, state, language, new, dataclasses.replace(told, **change))

    def _language_told(self, id_: str, language: str) -> str:
        return language if language in self.base.languages[id_] else PRIMARY


def _is_slug(text: str | None) -> bool:
    return bool(text and re.fullmatch(r"[a-z0-9_]{1,70}", text))


def _content(entry: Entry) -> tuple[str, str]:
    return entry.title, entry.summary


def _is_same_entry(entry: Entry, answer: str, questions: tuple[str, ...]) -> bool:
    asked = tuple(one_line(example.ask) for example in entry.examples)
    return tidy(entry.summary) == answer and asked == questions
