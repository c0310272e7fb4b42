"""An entry as an answer shows it: one section, things side by side, or everything."""

from __future__ import annotations

from collections.abc import Iterator

from bot import sections, sources
from bot.model import Block, Bullets, Footnote, Heading, Paragraph, Table
from bot.texts import say
from bot.views import checklist
from knowledge.engine.base import Citation, KnowledgeBase
from knowledge.engine.model import Checklist, Comparison, Entry, Role
from rules.questions.lines import arranged
from rules.questions.model import Answer

DIMENSIONS = (
    "purpose",
    "focus",
    "responsibilities",
    "metrics",
    "belongs_to",
    "definition",
    "summary",
)
"""What two entries are set side by side by when nobody has written their comparison."""
CELL_ITEMS = 3
ENOUGH_ROWS = 2


def whole(entry: Entry, base: KnowledgeBase, language: str) -> list[Block]:
    """Every section of an entry under its heading, and its source."""
    result: list[Block] = [Heading(entry.title, entry=entry.id)]
    for section, drawn in parts(entry, base, language):
        result += [Heading(say(language, f"section.{section}"), "minor"), *drawn]
    return [*result, sources.line(entry, "summary", base, language)]


def parts(
    entry: Entry, base: KnowledgeBase, language: str
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Every section of an entry that says something, and its blocks."""
    from knowledge.engine import shape
    from knowledge.engine.compiler import UNTOLD

    for field in shape.fields_of(type(entry)):
        if field.key in UNTOLD | {"title", "aliases", "examples", "number"}:
            continue
        drawn = sections.blocks(entry, field.name, base, language)
        if drawn:
            yield field.key, drawn


def body(entry: Entry, answer: Answer, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """The section that answers."""
    if answer.section == "compare":
        return (_composed(answer.compared, base, language),)
    if isinstance(entry, Comparison) and answer.section == "rows":
        wanted = _columns(entry, answer.compared)
        table = sections.table(entry, wanted, base, language)
        return (table, Paragraph(entry.verdict)) if len(wanted) == len(entry.of) else (table,)
    if isinstance(entry, Checklist) and answer.section == "pause_points":
        return checklist.told(entry, base, language)
    if isinstance(entry, Role) and answer.section == "responsibilities":
        return (Bullets(arranged(entry.responsibilities, answer, base)),)
    drawn = sections.blocks(entry, answer.section, base, language)
    return drawn or (Paragraph(entry.summary),)


def cited(entry: Entry, answer: Answer, base: KnowledgeBase, language: str) -> list[Block]:
    """The source of what was shown; of every entry where several were set side by side."""
    if answer.section != "compare":
        return [sources.line(entry, answer.section, base, language)]
    shown = [base.entry(id_, base.told_in(id_, language)) for id_ in answer.compared]
    cited: list[Citation] = []
    rest: list[str] = []
    for one in shown:
        passages = () if sources.is_general(one, "purpose") else base.citations(one, language)
        cited += passages
        rest += [] if passages else [sources.line(one, "purpose", base, language).text]
    lines = [sources.articles(cited, language)] if cited else []
    return [Footnote("\n".join((*lines, *dict.fromkeys(rest))))]


def titles(entry: Entry, answer: Answer, base: KnowledgeBase, language: str) -> str:
    """What is told, by name: all sides of what is set side by side."""
    if answer.section != "compare":
        return entry.title
    sides = (base.title(id_, language) for id_ in answer.compared)
    return say(language, "list.sides").join(sides)


def _columns(entry: Comparison, compared: tuple[str, ...]) -> tuple[str, ...]:
    """The things of the written comparison that were asked for (same slug: same thing)."""
    slugs = {id_.partition(".")[2] for id_ in compared}
    asked = tuple(id_ for id_ in entry.of if id_.partition(".")[2] in slugs)
    return asked if len(asked) > 1 else entry.of


def _composed(ids: tuple[str, ...], base: KnowledgeBase, language: str) -> Table:
    entries = [base.entry(id_, base.told_in(id_, language)) for id_ in ids]
    rows: list[tuple[str, tuple[str, ...]]] = []
    for dimension in DIMENSIONS:
        cells = tuple(_cell(entry, dimension, base, language) for entry in entries)
        told_enough = dimension == "summary" and len(rows) >= ENOUGH_ROWS
        if all(cells) and not told_enough:
            rows.append((say(language, f"section.{dimension}"), cells))
    return Table(tuple(entry.title for entry in entries), tuple(rows))


def _cell(entry: Entry, dimension: str, base: KnowledgeBase, language: str) -> str:
    parts = []
    for block in sections.blocks(entry, dimension, base, language):
        if isinstance(block, Paragraph):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts.append(say(language, "list.semicolon").join(block.items[:CELL_ITEMS]))
    return " ".join(parts)
