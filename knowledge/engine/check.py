"""Problems among entries: links, passages, names claimed twice, missing proof, checklist limits."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Collection, Iterator
from typing import Any

from knowledge.engine import claims, markets, not_held, review, shape
from knowledge.engine.audience import AUDIENCE_ROLES
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.marks import Link
from knowledge.engine.model import Checklist, Comparison, Entry, Faq
from knowledge.engine.normal import compact_text, question_key
from knowledge.engine.source import Document, Place, Problem

MAX_ITEMS, MAX_KILLERS = 9, 3
"""A pause point holds what people keep in mind at once (see docs: checklists)."""


SEE_ALSO = ("related", "checklists", "metrics", "read_with")
"""Lists of links that say the same without one of them: what is hidden is left out of them."""


def check(loaded: Loaded, touched: Collection[str] | None = None) -> list[Problem]:
    """Every problem among the entries of *loaded*; shape problems are not repeated.

    *touched*: the entries that are new or changed since there was none, None for all; others are
    looked at only where they link to one of these.
    """
    problems: list[Problem] = []
    for id_, texts in loaded.texts.items():
        if touched is not None and not _is_touched(id_, texts[PRIMARY], touched):
            continue
        for language, entry in texts.items():
            document = loaded.documents[id_, language]
            problems += _proof(entry, document, language)
            if language == PRIMARY:
                problems += _links(entry, document, loaded)
                problems += _origin(entry, document, loaded)
                problems += _kind(entry, document)
                problems += review.check(entry, document)
    problems += _names(loaded)
    problems += _citation_problems(loaded)
    problems += claims.check(loaded)
    problems += _markets(loaded)
    problems += _not_held(loaded, touched)
    return problems


def _is_touched(id_: str, entry: Entry, touched: Collection[str]) -> bool:
    if id_ in touched:
        return True
    if isinstance(entry, Faq):  # the most there are, and they link in one place alone
        return any(other in touched for other in entry.related)
    return any(other in touched for _, _, other in links(entry))


def _markets(loaded: Loaded) -> Iterator[Problem]:
    active = {id_: told[PRIMARY].status == "active" for id_, told in loaded.texts.items()}
    for document, notes in loaded.markets:
        yield from markets.check(notes, document, active)


def _not_held(loaded: Loaded, touched: Collection[str] | None) -> Iterator[Problem]:
    held = {
        question_key(example.ask): id_
        for id_, texts in loaded.texts.items()
        if touched is None or id_ in touched
        for entry in texts.values()
        for example in entry.examples
    }
    yield from not_held.check(loaded.not_held, held)


def _proof(entry: Entry, document: Document, language: str) -> Iterator[Problem]:
    """An entry must bring questions it wins and near misses in the two written languages.

    Of an organization's own answer one question is enough, in the language it is told in.
    """
    if entry.origin == "organization":
        if language == PRIMARY and not entry.examples:
            yield document.problem(("examples",), "needs at least one example")
    elif language in ("zh", "en"):
        if len(entry.examples) < 2:
            yield document.problem(("examples",), "needs at least two examples")
        if not entry.near_misses:
            yield document.problem(("near_misses",), "needs at least one near miss")
    sections = {field.key for field in shape.fields_of(type(entry))}
    for i, example in enumerate(entry.examples):
        if example.section and example.section not in sections:
            yield document.problem(
                ("examples", i), f"there is no section '{example.section}' in this kind of entry"
            )


def links(entry: Any, place: Place = ()) -> Iterator[tuple[Place, Link, str]]:
    """Every link in *entry*: its place, what kinds it may name, and the id it names."""
    for field in shape.fields_of(type(entry)):
        yield from _links_in(field.hint, getattr(entry, field.name), (*place, field.key))


def _links_in(hint: Any, value: Any, place: Place) -> Iterator[tuple[Place, Link, str]]:
    if value is None:
        return
    plain, marks = shape.unwrap(hint)
    if typing.get_origin(plain) is tuple:
        inner = typing.get_args(plain)[0]
        for i, item in enumerate(value):
            yield from _links_in(inner, item, (*place, i))
    elif dataclasses.is_dataclass(value):
        yield from links(value, place)
    else:
        for mark in marks:
            if isinstance(mark, Link):
                yield place, mark, value


def _links(entry: Entry, document: Document, loaded: Loaded) -> Iterator[Problem]:
    for place, link, id_ in links(entry):
        target = loaded.texts.get(id_)
        if (id_, PRIMARY) not in loaded.documents:
            yield document.problem(place, f"there is no entry '{id_}'")
        elif link.kinds and id_.partition(".")[0] not in link.kinds:
            yield document.problem(place, f"'{id_}' should be a {' or '.join(link.kinds)}")
        elif target and target[PRIMARY].status == "retired":
            yield document.problem(place, f"'{id_}' is retired")
        elif place[0] in SEE_ALSO:
            continue  # left out of the list for those who may not see it
        elif target and (more := _wider_audience(entry, target[PRIMARY])):
            yield document.problem(
                place,
                f"'{id_}' is restricted to {', '.join(target[PRIMARY].restricted_to)}, and this"
                f" entry is shown to {more}: restrict it as well, or take the link away",
            )


def _wider_audience(entry: Entry, target: Entry) -> str:
    """Who may see *entry* and not *target*; nobody may learn of what they may not see."""
    others = [role for role in entry.restricted_to or AUDIENCE_ROLES if not target.admits((role,))]
    return ", ".join(others)


def _origin(entry: Entry, document: Document, loaded: Loaded) -> Iterator[Problem]:
    if entry.origin == "article" and not entry.sources:
        yield document.problem(("origin",), "origin 'article' must cite at least one passage")
    for i, passage in enumerate(entry.sources):
        if passage not in loaded.passages:
            yield document.problem(("sources", i), f"there is no passage '{passage}'")
    keys = {field.key for field in shape.fields_of(type(entry))}
    for i, name in enumerate(entry.general):
        if name not in keys:
            yield document.problem(("general", i), f"there is no field '{name}' in this entry")
    if entry.general and entry.origin != "article":
        yield document.problem(("general",), "only an entry of origin 'article' lists these")


def _kind(entry: Entry, document: Document) -> Iterator[Problem]:
    if isinstance(entry, Comparison):
        if len(entry.of) < 2:
            yield document.problem(("of",), "a comparison needs at least two things")
        for i, row in enumerate(entry.rows):
            if len(row.cells) != len(entry.of):
                yield document.problem(
                    ("rows", i), f"{len(row.cells)} cells for {len(entry.of)} things"
                )
    if isinstance(entry, Checklist):
        for i, pause in enumerate(entry.pause_points):
            place: Place = ("pause_points", i)
            if not 1 <= len(pause.items) <= MAX_ITEMS:
                yield document.problem(place, f"{len(pause.items)} items; 1 to {MAX_ITEMS} work")
            killers = sum(item.killer for item in pause.items)
            if killers > MAX_KILLERS:
                yield document.problem(place, f"{killers} killer items; at most {MAX_KILLERS}")


def _names(loaded: Loaded) -> Iterator[Problem]:
    """A name belongs to one entry; the same name in two would make the answer a coin toss."""
    owners: dict[str, str] = {}
    for id_, texts in loaded.texts.items():
        for language, entry in texts.items():
            if entry.status == "retired":
                continue
            for i, name in enumerate((entry.title, *entry.aliases)):
                key = compact_text(name).replace(" ", "")
                owner = owners.setdefault(key, id_)
                if owner != id_:
                    place: Place = ("aliases", i - 1) if i else ("title",)
                    yield loaded.documents[id_, language].problem(
                        place, f"'{name}' is already a name of {owner}"
                    )


def _citation_problems(loaded: Loaded) -> Iterator[Problem]:
    cited = {passage for texts in loaded.texts.values() for passage in texts[PRIMARY].sources}
    for id_, (document, place) in loaded.passages.items():
        # An organization that replaces an entry of ours may leave a passage of ours uncited.
        if id_ not in cited and not (loaded.own and document is loaded.source_documents[0]):
            yield document.problem(place, f"no entry cites {id_}")
