"""Which column of a table of questions and answers holds what, and its rows as pairs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bot.errors import BadInput
from bot.exchange.model import Found, Note, Pair
from bot.postings.columns import place_of
from bot.postings.headers import strip_marks
from knowledge.engine import source
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import question_key
from knowledge.engine.source import ContentError

HEADERS = Path(__file__).with_name("headers.yaml")
HEADER_ROWS = 10
"""How far down the header is looked for."""
ROLES = ("question", "answer", "alternates", "id", "title", "language", "entry")
_NUMBERED = re.compile(r"[\s_-]*[0-9]+$")
NAMEABLE = ("question", "answer", "alternates", "id", "title", "language")
Named = Mapping[str, str]
"""Role -> the header, the letter (F) or the number (#6) of the column that holds it."""
NOTHING: Named = MappingProxyType({})
Line = tuple[int, Sequence[str]]
"""A row as the person counts it, and its cells."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that matter."""

    at: dict[str, int]
    alternates: tuple[int, ...]

    def cell(self, role: str, cells: Sequence[str]) -> str:
        """What a row has in the column of that role; nothing where there is none."""
        at = self.at.get(role)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def questions(self, cells: Sequence[str]) -> tuple[str, ...]:
        """Every question of a row, each on a line of its cell; its title where it has none."""
        told = [self.cell("question", cells)]
        told += [cells[i] for i in self.alternates if i < len(cells)]
        lines = tuple(line.strip() for cell in told for line in cell.splitlines() if line.strip())
        title = self.cell("title", cells)
        return lines or ((title,) if title else ())


@cache
def _headers() -> dict[str, str]:
    document = source.read(HEADERS, f"bot/exchange/{HEADERS.name}")
    if document.problems:
        raise ContentError(document.problems)
    return {question_key(name): role for role in ROLES for name in document.value[role]}


def role_of(name: str) -> str | None:
    """What a column of that name holds, as `bot.postings.headers` reads names."""
    for told in (name, strip_marks(name)):
        role = _headers().get(question_key(_NUMBERED.sub("", told.strip())))
        if role:
            return role
    return None


def named_of(told: str | None) -> Named:
    """``question=问题,answer=B`` -> role and column. Raises BadInput."""
    found = {}
    for part in (told or "").split(","):
        role, mark, name = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not mark or role not in NAMEABLE or not name:
            raise BadInput(
                f"--columns {part.strip()!r}: expected ROLE=COLUMN; roles: {', '.join(NAMEABLE)}"
            )
        found[role] = name
    return found


def find(header: Sequence[str], named: Named = NOTHING) -> Columns | None:
    """The columns of a table with this header; None without a question and an answer.

    None, too, where a *named* column is not among them.
    """
    at: dict[str, int] = {}
    alternates = []
    told = {role: place_of(name, header) for role, name in named.items()}
    if None in told.values():
        return None
    for i, name in enumerate(header):
        role = role_of(name)
        if role == "alternates" or (role == "question" and "question" in at):
            alternates.append(i)
        elif role:
            at.setdefault(role, i)
    for role, place in told.items():
        if place is not None:
            at[role] = place
    if "alternates" in told:
        alternates = [at["alternates"]]
    asked = tuple(i for i in alternates if i not in (at.get("question"), at.get("answer")))
    return Columns(at, asked) if {"question", "answer"} <= at.keys() else None


def table(
    file: str,
    lines: Sequence[Line],
    empty: str = "no answer",
    formulas: Collection[tuple[int, int]] = (),
    named: Named = NOTHING,
) -> Found:
    """The pairs below the header. Raises BadInput where no header names question and answer.

    *empty*: what is said of a row without an answer; *formulas*: cells (row, column) that hold a
    formula instead of a text; *named*: which column holds what.
    """
    first, found = header(file, lines[:HEADER_ROWS], named)
    pieces = [one for line in lines[first:] for one in piece(file, line, found, formulas)]
    pairs = [one for one in pieces if isinstance(one, Pair)]
    return group_pairs(pairs, [one for one in pieces if isinstance(one, Note)], empty)


def header(file: str, lines: Sequence[Line], named: Named = NOTHING) -> tuple[int, Columns]:
    """Where the pairs begin below the first *lines*, and which column holds what.

    Raises BadInput where none of them names the columns, and none can be told by *named*.
    """
    for i, (_, names) in enumerate(lines):
        if columns := find(names, named):
            return (i + 1 if _is_header(names, named) else i), columns
    shown = ", ".join(cell for cell in (lines[0][1] if lines else ()) if cell.strip())[:200]
    raise BadInput(
        f"{file}: no columns for question and answer (headers: {shown or 'none'}); name them"
        " 'question' and 'answer' in the first row, or say --columns question=A,answer=B"
    )


def _is_header(cells: Sequence[str], named: Named) -> bool:
    """Whether a row names columns: by a name we know or were told; else it is a pair itself."""
    told = {question_key(name) for name in named.values()}
    return any(role_of(cell) or question_key(cell) in told for cell in cells)


def piece(
    file: str, line: Line, columns: Columns, formulas: Collection[tuple[int, int]] = ()
) -> Iterator[Pair | Note]:
    """What one row holds: a pair, a note of why not, or nothing."""
    number, cells = line
    if not any(cell.strip() for cell in cells):
        return
    place = f"{file}:{number}"
    questions, answer = columns.questions(cells), columns.cell("answer", cells)
    if any((number, columns.at[role]) in formulas for role in ("question", "answer")):
        yield Note(place, "a formula: put in the text it stands for")
    elif not questions:
        yield Note(place, "no question")
    else:
        yield _pair(place, questions, answer, columns, cells)


def _pair(
    place: str, questions: tuple[str, ...], answer: str, columns: Columns, cells: Sequence[str]
) -> Pair:
    ours = columns.cell("entry", cells)
    language = columns.cell("language", cells).lower()[:2]
    return Pair(
        place,
        questions,
        answer,
        ours or columns.cell("id", cells) or None,
        columns.cell("title", cells) or None,
        language if language in LANGUAGES else None,
        bool(ours),
    )


def group_pairs(
    pairs: Iterable[Pair], left: Iterable[Note], empty: str = "no answer", by_answer: bool = False
) -> Found:
    """Pairs with one id put together; those without an answer are left.

    The first answer of an id stays. *by_answer*: pairs without an id belong together where they
    have one answer. In a table of a person they do not: "no" may answer many things.
    """
    together: dict[str, Pair] = {}
    notes = list(left)
    for pair in pairs:
        key = pair.id or (pair.answer if by_answer else pair.place)
        first = together.get(key)
        if not pair.answer and not (pair.id and first):
            notes.append(Note(pair.place, empty))
            continue
        if first is None:
            together[key] = pair
            continue
        if pair.answer and pair.answer != first.answer:
            text = f"another answer under the id of {first.place}; that one stays"
            notes.append(Note(pair.place, text))
        together[key] = replace(first, questions=(*first.questions, *pair.questions))
    return Found(tuple(together.values()), tuple(notes))
