"""An entry as an answer shows it: one section, things side by side, or everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.model import Block, Bullets, Footnote, Heading, Paragraph, Table
from bot.texts import say
from bot.views import checklist, markets, sections, sources
from knowledge.engine.base import Citation, KnowledgeBase
from knowledge.engine.cites import MARKETS
from knowledge.engine.model import Checklist, Comparison, Entry, Role
from rules.questions.lines import asked_line_first
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
MARK = 4
"""Characters that may stand before the text of an item: its box."""


def entry_blocks(entry: Entry, base: KnowledgeBase, language: str, script: str = "") -> list[Block]:
    """Every section of an entry under its heading, and its source; the markets of those who write
    Chinese in that *script* stand before the others."""
    result: list[Block] = [Heading(entry.title, entry=entry.id)]
    told = list(parts(sources.mark_general_practice(entry), base, language, script))
    for section, drawn in told:
        apart = entry.origin == "article" and sources.is_general(entry, section)
        name = say(language, f"section.{section}") + (sources.GENERAL if apart else "")
        result += [Heading(name, "minor"), *drawn]
    return [
        *result,
        sources.entry_footnote(entry, [section for section, _ in told], base, language),
    ]


def parts(
    entry: Entry, base: KnowledgeBase, language: str, script: str = ""
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Every section of an entry that says something, and its blocks; last what single markets
    have of their own."""
    from knowledge.engine import shape
    from knowledge.engine.search_texts import UNTOLD

    for field in shape.fields_of(type(entry)):
        if field.key in UNTOLD | {"title", "aliases", "examples", "number"}:
            continue
        drawn = sections.blocks(entry, field.name, base, language)
        if drawn:
            yield field.key, drawn
    if local := markets.blocks(entry.id, base, language, script):
        yield MARKETS, local


def body(entry: Entry, answer: Answer, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """The section that answers, or the one line of it that is asked for; its lines are marked
    where they are of different standing."""
    entry = sources.mark_general_practice(entry)
    if answer.section == "compare":
        return (_compose(answer.compared, base, language),)
    if answer.line:
        lines = tuple(_line(answer, sections.blocks(entry, answer.section, base, language)))
        if lines:
            return lines
    if isinstance(entry, Comparison) and answer.section == "rows":
        wanted = _columns(entry, answer.compared)
        table = sections.table(entry, wanted, base, language)
        above = answer.verdict is not None and answer.verdict.kind == "written"
        below = not above and len(wanted) == len(entry.of)
        return (table, written_verdict(entry)) if below else (table,)
    if isinstance(entry, Checklist) and answer.section == "pause_points":
        return checklist.checklist_blocks(entry, base, language)
    if isinstance(entry, Role) and answer.section == "responsibilities":
        return (Bullets(asked_line_first(entry.responsibilities, answer, base)),)
    drawn = sections.blocks(entry, answer.section, base, language)
    return drawn or (Paragraph(entry.summary),)


def _line(answer: Answer, drawn: tuple[Block, ...]) -> Iterator[Block]:
    """The line that is asked for, with its number or the heading of its group."""
    for block in drawn:
        if not isinstance(block, Bullets):
            continue
        for number, item in enumerate(block.items, 1):
            if answer.line in item[: len(answer.line) + MARK]:
                alone = replace(block, items=(item,), folds=False)
                yield Paragraph(f"{number}. {item}") if block.numbered else alone
                return


def citation(entry: Entry, answer: Answer, base: KnowledgeBase, language: str) -> list[Block]:
    """The source of what was shown; of every entry where several were set side by side."""
    if answer.section != "compare":
        return [sources.line(entry, answer.section, base, language)]
    shown = [base.entry(id_, base.told_in(id_, language)) for id_ in answer.compared]
    cited: list[Citation] = []
    rest: list[str] = []
    for one in shown:
        rows = [name for name in DIMENSIONS if sections.blocks(one, name, base, language)]
        stated = [name for name in rows if not sources.is_general(one, name)]
        cited += [c for name in stated for c in base.citations(one, language, name)]
        rest += [sources.line(one, name, base, language).text for name in rows[:1] if not stated]
        rest += [sources.legend(one, rows, language)]
    lines = [sources.articles(cited, language)] if cited else []
    return [Footnote("\n".join((*lines, *filter(None, dict.fromkeys(rest)))))]


def written_verdict(entry: Comparison) -> Paragraph:
    """The judgement beside the table, marked where the table is an article's and it is not."""
    return Paragraph(entry.verdict + (sources.GENERAL if sources.adds_verdict(entry) else ""))


def sides(entry: Entry, answer: Answer, base: KnowledgeBase, language: str) -> str:
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


def _compose(ids: tuple[str, ...], base: KnowledgeBase, language: str) -> Table:
    told = (base.entry(id_, base.told_in(id_, language)) for id_ in ids)
    entries = [sources.mark_general_practice(entry) for entry in told]
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
