"""Checklists that people wrote: read, kept as templates, and taken to begin runs like ours."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from bot.errors import NotFound
from bot.records import Person, Template
from bot.rights import may
from bot.runs.model import ActionNotAllowed, roles_of
from bot.runs.plan import MAX_TITLE, needs, short
from bot.runs.queries import template, templates
from bot.texts import say
from knowledge.engine import shape
from knowledge.engine.audience import AUDIENCE_ROLES
from knowledge.engine.model import LANGUAGES, Checklist
from knowledge.engine.source import MAX_BYTES
from rules.book import RuleBook
from rules.checklists.build import MAX_ITEMS, OWN, Made, make_checklist, to_markdown
from rules.checklists.reading import read
from rules.questions.utterance import guess_language

if TYPE_CHECKING:
    from bot.store import Store

LABELS = ("done_when", "owner", "detail", "killer", "title", "order", "ordered")
Source = tuple[Checklist, str, str]
"""A checklist to begin a run of, the language it is told in, the version of its content."""


def id_once(person: Person, once: str) -> str:
    """The id of what a form makes that may be sent twice: the same form, the same id."""
    return hashlib.sha256(f"{person.id}\n{once}".encode()).hexdigest()[:12]


def names(store: Store, book: RuleBook | None = None) -> tuple[str, ...]:
    """What is known as somebody's name: of people, and of the roles and units of the content."""
    found = [person.name for person in store.people.all() if not person.disabled]
    if book is not None:
        base = book.base
        ids = [*base.ids("role"), *base.ids("department")]
        found += [base.title(id_, base.told_in(id_, one)) for id_ in ids for one in LANGUAGES]
    return tuple(dict.fromkeys(found))


def parse_checklist(
    text: str, title: str, id_: str, roles: tuple[str, ...] = (), people: Iterable[str] = ()
) -> Made:
    """The checklist in a text; *people*: what is known as somebody's name.

    Raises ActionNotAllowed for none, and for one that is too large.
    """
    draft = read(text, people) if len(text) <= MAX_BYTES else None
    if draft is None or len(draft.items) > MAX_ITEMS:
        raise ActionNotAllowed("large", (str(MAX_ITEMS),))
    found = make_checklist(draft, id_, short(title, MAX_TITLE), roles)
    if found is None:
        raise ActionNotAllowed("no_list")
    if found.checklist.title:
        return found
    today = datetime.date.today().isoformat()
    name = say(language_of(found.checklist), "lists.untitled", date=today)
    points = tuple(
        dataclasses.replace(point, name=point.name or name)
        for point in found.checklist.pause_points
    )
    return dataclasses.replace(
        found, checklist=dataclasses.replace(found.checklist, title=name, pause_points=points)
    )


def visible_templates(store: Store, person: Person) -> list[Template]:
    """The templates that the person sees: their own, and those that are for one of their roles."""
    return [one for one in store.templates.all() if _is_visible(one, person)]


def get_template(store: Store, person: Person, id_: str) -> Template:
    """A template that the person may see. Raises NotFound."""
    found = store.templates.get(id_.removeprefix(OWN))
    if not _is_visible(found, person):
        raise NotFound(id_)
    return found


def may_change(person: Person, found: Template) -> bool:
    """Whether they may change it: their own, or with the right to lead every run."""
    return found.owner == person.name or may(person, "shared_checklists")


def save(
    store: Store,
    person: Person,
    text: str,
    title: str = "",
    roles: tuple[str, ...] = (),
    once: str = "",
    people: Iterable[str] = (),
) -> str:
    """Keep a new template. Returns its id; the same form once more is the same template.

    *people*: what is known as somebody's name.

    Raises ActionNotAllowed for a text that is no list, or too large.
    """
    needs(person, "checklists")
    id_ = id_once(person, once or text)
    roles = _roles(roles)
    checklist = parse_checklist(text, title, OWN + id_, roles, people or names(store)).checklist
    store.templates.add(
        id_, checklist.title, language_of(checklist), text, dataclasses.asdict(checklist),
        person.name, roles,
    )  # fmt: skip
    return id_


def change(
    store: Store,
    person: Person,
    id_: str,
    seen: int,
    text: str,
    title: str = "",
    roles: tuple[str, ...] = (),
    people: Iterable[str] = (),
) -> None:
    """Keep another text of a template; runs that have begun stay as they are.

    Raises NotFound, Conflict where somebody else has changed it since *seen*, ActionNotAllowed.
    """
    _require_changeable(store, person, id_)
    roles = _roles(roles)
    checklist = parse_checklist(text, title, OWN + id_, roles, people or names(store)).checklist
    store.templates.change(
        id_, seen, person.name, checklist.title, language_of(checklist), text,
        dataclasses.asdict(checklist), roles,
    )  # fmt: skip


def retire(store: Store, person: Person, id_: str, away: bool = True) -> None:
    """Take a template out of the list, or put it back. Raises NotFound, ActionNotAllowed."""
    _require_changeable(store, person, id_)
    store.templates.retire(id_, away)


def source(store: Store, book: RuleBook, person: Person, id_: str, language: str) -> Source:
    """The checklist of that id, ours or somebody's own. Raises NotFound."""
    if not id_.startswith(OWN):
        return template(book, id_, language), book.base.told_in(id_, language), book.version
    return source_of(get_template(store, person, id_))


def source_of(found: Template) -> Source:
    """What a run of a template begins with."""
    checklist = cast(Checklist, shape.revive(Checklist, found.content))
    return checklist, found.language, f"own {found.revision}"


def of_text(
    text: str, title: str, id_: str, people: Iterable[str] = ()
) -> tuple[Source, str | None]:
    """A checklist to begin with that is nowhere kept, and its date T. Raises ActionNotAllowed."""
    found = parse_checklist(text, title, OWN + id_, people=people)
    anchor = found.anchor.isoformat() if found.anchor else None
    return (found.checklist, language_of(found.checklist), "own file"), anchor


def find_by_name(
    store: Store, book: RuleBook, person: Person, name: str, language: str
) -> str | None:
    """The id of the checklist with that very name, title or id; None for none or several."""
    wanted = name.strip().casefold()
    known = {
        title.casefold(): one.id
        for one in templates(book, language)
        for title in (one.title, one.id, one.id.partition(".")[2], *one.aliases)
    }
    own = [
        OWN + one.id
        for one in visible_templates(store, person)
        if wanted in (one.title.casefold(), one.id)
    ]
    return known.get(wanted) or (own[0] if len(own) == 1 else None)


def text_of(entry: Checklist, book: RuleBook, language: str) -> str:
    """A checklist as Markdown to change."""
    base = book.base
    roles = {
        role: base.title(role, base.told_in(role, language))
        for role in roles_of(entry)
        if role in base.languages
    }
    return to_markdown(
        entry, roles, {name: say(language, f"lists.label.{name}") for name in LABELS}
    )


def copy_title(store: Store, book: RuleBook, person: Person, title: str, language: str) -> str:
    """What a copy of a list is called: a name that no other list has."""
    taken = {one.title for one in templates(book, language)}
    taken |= {one.title for one in visible_templates(store, person)}
    first = say(language, "lists.copy.title", title=title[: MAX_TITLE - 20])
    more = (
        say(language, "lists.copy.title.more", title=title[: MAX_TITLE - 20], number=number)
        for number in itertools.count(2)
    )
    return next(name for name in itertools.chain([first], more) if name not in taken)


def language_of(checklist: Checklist) -> str:
    """The language that most of its words are in."""
    return guess_language(
        " ".join(item.text for point in checklist.pause_points for item in point.items)
    )


def _is_visible(found: Template, person: Person) -> bool:
    roles = found.roles
    return not roles or found.owner == person.name or not set(roles).isdisjoint(person.roles)


def _roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in AUDIENCE_ROLES if role in roles)


def _require_changeable(store: Store, person: Person, id_: str) -> None:
    if not may_change(person, get_template(store, person, id_)):
        raise ActionNotAllowed("template")
