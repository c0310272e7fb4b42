"""One section of an entry -> blocks; every shape a section can have is drawn here."""

from __future__ import annotations

from typing import Any

from bot import due_dates
from bot.model import Block, Bullets, Paragraph, Table
from bot.texts import say
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import (
    Boundary,
    Comparison,
    Cooperation,
    Entry,
    Item,
    PausePoint,
    Step,
    Unit,
)


def blocks(entry: Entry, section: str, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """The section, drawn in *language*; an empty one gives nothing."""
    value = getattr(entry, "with_" if section == "with" else section, None)
    if not value and value != 0:
        return ()
    if isinstance(entry, Comparison) and section == "rows":
        return (table(entry, entry.of, base, language),)
    if isinstance(value, str):
        if section == "mode":
            return (Paragraph(say(language, f"mode.{value}")),)
        return (Paragraph(_title_or_text(value, base, language)),)
    if isinstance(value, tuple):
        return _list(value, section, base, language)
    return (Paragraph(str(value)),)


def table(entry: Comparison, wanted: tuple[str, ...], base: KnowledgeBase, language: str) -> Table:
    """The comparison with the columns that were asked for."""
    columns = [i for i, id_ in enumerate(entry.of) if id_ in wanted] or list(range(len(entry.of)))
    heads = tuple(base.title(entry.of[i], language) for i in columns)
    rows = tuple((row.dimension, tuple(row.cells[i] for i in columns)) for row in entry.rows)
    return Table(heads, rows)


def _list(
    value: tuple[Any, ...], section: str, base: KnowledgeBase, language: str
) -> tuple[Block, ...]:
    first = value[0]
    if isinstance(first, PausePoint):
        return tuple(_pause(pause, base, language) for pause in value)
    if isinstance(first, Step):
        items = tuple(say(language, "step.line", what=s.what, why=s.why) for s in value)
        return (Bullets(items, numbered=True),)
    items = tuple(_line(item, base, language) for item in value)
    return (Bullets(items, numbered=section == "do" and len(items) > 2),)


def _line(item: Any, base: KnowledgeBase, language: str) -> str:
    if isinstance(item, Cooperation):
        return _pair(base.title(item.role, language), item.how, language)
    if isinstance(item, Boundary):
        return _pair(base.title(item.with_, language), item.difference, language)
    if isinstance(item, Unit):
        owns = say(language, "list.comma").join(base.title(id_, language) for id_ in item.owns)
        return say(
            language, "unit.line", name=item.name, owns=owns, reports_to=item.reports_to,
            answers_for=item.answers_for,
        )  # fmt: skip
    return _title_or_text(str(item), base, language)


def _pair(left: str, right: str, language: str) -> str:
    return say(language, "pair.line", left=left, right=right)


def _title_or_text(text: str, base: KnowledgeBase, language: str) -> str:
    return base.title(text, language) if text in base.languages else text


def _pause(pause: PausePoint, base: KnowledgeBase, language: str) -> Bullets:
    items = tuple(item(one, base, language) for one in pause.items)
    return Bullets(items, say(language, "pause.caller", name=pause.name, caller=pause.caller))


def item(one: Item, base: KnowledgeBase, language: str) -> str:
    """An item of a checklist with its notes, and below it when it is done."""
    notes = [say(language, "item.killer")] if one.killer else []
    notes += [due_dates.due_text(one.due, language)] if one.due else []
    notes += [base.title(one.owner_role, language)] if one.owner_role else []
    note = f" [{' · '.join(notes)}]" if notes else ""
    return f"☐ {one.text}{note}\n  {say(language, 'item.done', done_when=one.done_when)}"
