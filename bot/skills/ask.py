"""An answer, suggestion or refusal from the knowledge -> the reply a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot import sections, sources
from bot.model import (
    Block,
    Bullets,
    Choice,
    Footnote,
    Heading,
    Outcome,
    Paragraph,
    Reply,
    Table,
    Turn,
)
from bot.texts import say
from knowledge.base import KnowledgeBase
from knowledge.model import Comparison, Entry, Organization, Role
from rules.questions.model import Answer, Band, Candidate

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
SEE_ALSO = 3


def ask(turn: Turn) -> Outcome:
    """Answer, ask back or decline, as `rules.questions.answer` decided."""
    answer = turn.answer
    if answer.band is Band.ANSWER and answer.entry:
        return _answered(turn, answer, answer.entry)
    if answer.band is Band.SUGGEST:
        return _suggested(turn, answer)
    return _declined(turn, answer)


def more(turn: Turn) -> Outcome:
    """Everything the last entry holds."""
    told = turn.chat.conversation.entry
    if told is None:
        return _declined(turn, replace(turn.answer, band=Band.DECLINE, entry=None))
    base, language = turn.book.base, turn.language
    entry = base.entry(told, base.told_in(told, language))
    reply = Reply(language, tuple(whole(entry, base, language)))
    return Outcome(reply, turn.chat, replace(turn.answer, entry=told, section="summary"))


def whole(entry: Entry, base: KnowledgeBase, language: str) -> list[Block]:
    """Every section of an entry under its heading, and its source."""
    result: list[Block] = [Heading(entry.title)]
    for section, drawn in parts(entry, base, language):
        result += [Heading(say(language, f"section.{section}"), "minor"), *drawn]
    return [*result, sources.line(entry, "summary", base, language)]


def parts(
    entry: Entry, base: KnowledgeBase, language: str
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Every section of an entry that says something, and its blocks."""
    from knowledge import shape
    from knowledge.compiler import UNTOLD

    for field in shape.fields_of(type(entry)):
        if field.key in UNTOLD | {"title", "aliases", "examples", "number"}:
            continue
        drawn = sections.blocks(entry, field.name, base, language)
        if drawn:
            yield field.key, drawn


def _answered(turn: Turn, answer: Answer, id_: str) -> Outcome:
    base, language = turn.book.base, turn.language
    told = base.told_in(id_, language)
    entry = base.entry(id_, told)
    title = say(language, f"section.{answer.section}")
    blocks: list[Block] = [Heading(entry.title, title if answer.section != "summary" else "")]
    if told != language:
        blocks.append(Footnote(_fallback(told, language)))
    blocks += _body(turn, answer, entry)
    if answer.intent == "owner" and isinstance(entry, Role):
        blocks += _owner(turn, entry)
    if entry.not_covered and answer.section in ("summary", "steps", "do"):
        blocks.append(Footnote(say(language, "not_covered.line", text=entry.not_covered)))
    blocks += _sources(turn, answer, entry)
    choices = _see_also(turn, entry, answer)
    prompt = say(language, "more.intro") if choices else ""
    reply = Reply(language, tuple(blocks), choices, prompt, id_)
    return Outcome(reply, turn.chat, answer)


def _sources(turn: Turn, answer: Answer, entry: Entry) -> list[Block]:
    """The source of what was shown; of every entry where several were set side by side."""
    base, language = turn.book.base, turn.language
    if answer.section != "compare":
        return [sources.line(entry, answer.section, base, language)]
    shown = (base.entry(id_, base.told_in(id_, language)) for id_ in answer.compared)
    lines = (sources.line(one, "purpose", base, language).text.split("\n") for one in shown)
    unique = dict.fromkeys(line for group in lines for line in group)
    return [Footnote("\n".join(unique))]


def _fallback(told: str, language: str) -> str:
    return say(language, "language.note", language=say(language, f"language.{told}"))


def _body(turn: Turn, answer: Answer, entry: Entry) -> list[Block]:
    base, language = turn.book.base, turn.language
    if answer.section == "compare":
        return [_composed(turn, answer.compared)]
    if isinstance(entry, Comparison) and answer.section == "rows":
        wanted = _columns(entry, answer.compared)
        table = sections.table(entry, wanted, base, language)
        rest = [Paragraph(entry.verdict)] if len(wanted) == len(entry.of) else []
        return [table, *rest]
    drawn = list(sections.blocks(entry, answer.section, base, language))
    return drawn or [Paragraph(entry.summary)]


def _columns(entry: Comparison, compared: tuple[str, ...]) -> tuple[str, ...]:
    """The things of the written comparison that were asked for (same slug: same thing)."""
    slugs = {id_.partition(".")[2] for id_ in compared}
    asked = tuple(id_ for id_ in entry.of if id_.partition(".")[2] in slugs)
    return asked if len(asked) > 1 else entry.of


def _composed(turn: Turn, ids: tuple[str, ...]) -> Table:
    base, language = turn.book.base, turn.language
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


def _owner(turn: Turn, role: Role) -> list[Block]:
    base, language = turn.book.base, turn.language
    department = base.title(role.belongs_to, language)
    lines: list[Block] = [
        Paragraph(say(language, "owner.line", role=role.title, department=department))
    ]
    if turn.organization:
        id_ = f"organization.{turn.organization.replace('-', '_')}"
        profile = base.entry(id_, base.told_in(id_, language))
        if isinstance(profile, Organization):
            lines += [
                Paragraph(say(language, "owner.unit", organization=profile.title, unit=unit.name))
                for unit in profile.units
                if role.id in unit.owns
            ]
    return lines


def _see_also(turn: Turn, entry: Entry, answer: Answer) -> tuple[Choice, ...]:
    """What people ask next: the entry's other sections, then its related entries."""
    base, language = turn.book.base, turn.language
    choices = []
    for section in (
        "responsibilities",
        "metrics",
        "boundaries",
        "steps",
        "do",
        "rows",
        "checklists",
    ):
        if section != answer.section and getattr(entry, section, None):
            label = f"{entry.title} · {say(language, f'section.{section}')}"
            choices.append(Choice(label, entry.id, section))
    following = getattr(entry, "next", None)
    related = ((following,) if following else ()) + entry.related
    choices = choices[: SEE_ALSO - 1] if related else choices
    choices += [Choice(base.title(id_, language), id_, "summary") for id_ in related]
    return tuple(choices[:SEE_ALSO])


def _choices(turn: Turn, candidates: tuple[Candidate, ...]) -> tuple[Choice, ...]:
    base, language = turn.book.base, turn.language
    result = []
    for candidate in candidates:
        label = base.title(candidate.entry, language)
        if candidate.section not in ("summary", "definition"):
            label += f" · {say(language, f'section.{candidate.section}')}"
        result.append(Choice(label, candidate.entry, candidate.section))
    return tuple(result)


def _suggested(turn: Turn, answer: Answer) -> Outcome:
    choices = _choices(turn, answer.others)
    limit = _limit(turn, answer)
    prompt = say(turn.language, "decline.offer" if limit else "suggest.intro")
    reply = Reply(turn.language, limit, choices, prompt)
    return Outcome(reply, turn.chat, answer)


def _limit(turn: Turn, answer: Answer) -> tuple[Block, ...]:
    """The sentence that names the subject nothing is known about."""
    if not answer.limit:
        return ()
    said = turn.book.limits[answer.limit].label
    label = said.told(turn.language)
    return (Paragraph(say(turn.language, "decline.limit", limit=label)),)


def _declined(turn: Turn, answer: Answer) -> Outcome:
    language, base = turn.language, turn.book.base
    blocks: list[Block] = []
    traps = [e for e in answer.evidence if e.kind == "trap"]
    if answer.limit:
        blocks += _limit(turn, answer)
    elif traps:
        why = turn.book.traps[traps[0].value].why
        reason = why.told(language)
        blocks.append(
            Paragraph(say(language, "decline.trap", words=traps[0].text, why=reason.rstrip(".。")))
        )
        blocks.append(Paragraph(say(language, "decline.unknown")))
    else:
        blocks.append(
            Paragraph(say(language, "decline.weak" if answer.others else "decline.unknown"))
        )
    if answer.near and not answer.limit:
        role = base.title(answer.near, language)
        blocks.append(Paragraph(say(language, "decline.near", role=role)))
    choices = _choices(turn, answer.others)
    prompt = say(language, "decline.offer") if choices else ""
    return Outcome(Reply(language, tuple(blocks), choices, prompt), turn.chat, answer)
