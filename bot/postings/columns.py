"""Which column of a table holds what: as named, by its header, or by what it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import BadInput
from bot.postings.headers import LONGEST, ROLES, TEXTS, role_of
from bot.postings.model import Unreadable
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import question_key
from rules.postings.model import Posting

SHOWN = 12
SHORT = 40
"""Characters of a name or a title; a longer cell is a text."""
LONG = 36
"""How wide the cells of a column of texts are on average; half of it for sentences."""
STANDS_OUT = 1.5
"""How many times longer than any other a column must be to be taken for the texts."""
_NO_TEXT = re.compile(r"(?:https?://|www\.)\S+$|[\w.+-]+@[\w.-]+$|[\d\s.,:/+-]+$", re.ASCII)
_SENTENCE = re.compile(r"[\n,;.\u3001\u3002\uff0c\uff1b]")
IsTitle = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Named:
    """Columns that the person named; the others are found."""

    description: str | None = None
    title: str | None = None
    id: str | None = None
    duties: str | None = None
    requirements: str | None = None
    lang: str | None = None
    letters: bool = False
    """Whether a column may be called by its letter or number, where none has that name."""

    @property
    def any_one(self) -> bool:
        """Whether any column was named."""
        return any(getattr(self, role) for role in ROLES)

    @property
    def any_text(self) -> bool:
        """Whether a column of texts was named."""
        return any((self.description, self.duties, self.requirements))


def parse_named(told: str | None, before: Named | None = None) -> Named:
    """``title=A, duties=B`` -> Named, laid over *before*. Raises BadInput."""
    found = before or Named()
    for part in (told or "").split(","):
        role, mark, name = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not mark or role not in ROLES or not name:
            raise BadInput(
                f"--columns {part.strip()!r}: expected ROLE=COLUMN; roles: {', '.join(ROLES)}"
            )
        found = replace(found, letters=True, **{role: name})
    return found


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns that matter."""

    texts: tuple[int, ...]
    """The description, or duties and requirements, in the order in which they are read."""
    title: int | None
    id: int | None
    lang: int | None
    guessed: bool = False
    """Whether the texts were taken for such by what they hold, as no name told."""


def find(header: Sequence[str], named: Named, letters: bool = False) -> Columns | None:
    """The columns of a table with this header; None where it names neither texts nor titles.

    *letters*: whether a named column may be told by its letter or number.

    Raises Unreadable for a named column that is not there.
    """
    at: dict[str, int] = {}
    for i, name in enumerate(header):
        role = role_of(name.strip()) if len(name) <= LONGEST * 2 else None
        if role:
            at.setdefault(role, i)
    if named.any_text:
        at = {role: i for role, i in at.items() if role not in TEXTS}
    for role in ROLES:
        wanted = getattr(named, role)
        if wanted is not None:
            at[role] = _place_of_name(wanted, header, letters)
    texts = tuple(at[role] for role in TEXTS if role in at)
    if not texts and "title" not in at:
        return None
    return Columns(texts, at.get("title"), at.get("id"), at.get("lang"))


def place_of(wanted: str, header: Sequence[str], letters: bool = True) -> int | None:
    """Where a column stands that is called by its header, or by its letter (F) or number (#6)."""
    for i, name in enumerate(header):
        if question_key(name) == question_key(wanted):
            return i
    return _letter(wanted, len(header)) if letters else None


def _place_of_name(wanted: str, header: Sequence[str], letters: bool) -> int:
    place = place_of(wanted, header, letters)
    if place is not None:
        return place
    shown = ", ".join(header[:SHOWN])
    raise Unreadable("classify.file.no_column", column=wanted, columns=shown)


def _letter(wanted: str, width: int) -> int | None:
    """The place of a column called as a spreadsheet does (F), or by its number (#6)."""
    told = wanted.strip().upper()
    at = None
    if told.startswith("#") and told[1:].isdecimal():
        at = int(told[1:]) - 1
    elif 1 <= len(told) <= 2 and told.isascii() and told.isalpha():
        at = 0
        for char in told:
            at = at * 26 + ord(char) - 64
        at -= 1
    return at if at is not None and 0 <= at < width else None


def is_header(cells: Sequence[str], found: Columns, named: Named, alone: bool) -> bool:
    """Whether a row in which *found* was found is a header: several short cells, no data.

    *alone*: whether no row has more than one cell; then one name is enough.
    """
    if named.any_one:
        return True
    told = [cell.strip() for cell in cells if cell.strip()]
    if any(len(cell) > SHORT for cell in told):
        return False
    roles = [role_of(cell) for cell in told]
    if len(told) == 1:
        return alone and roles[0] in ("description", "duties", "title")
    return any(role in ("description", "duties", "title") for role in roles)


def by_content(rows: Sequence[Sequence[str]], known: Columns | None, title: IsTitle) -> Columns:
    """The columns by what they hold, beside those whose header told.

    The texts are the longest column, if it stands out; titles are short and known ones.
    """
    width = max(map(len, rows), default=0)
    taken = {known.title, known.id, known.lang} if known else set()
    lengths = {i: average(rows, i) for i in range(width) if i not in taken}
    texts: tuple[int, ...] = ()
    order = sorted(lengths, key=lambda i: (-lengths[i], i))
    least = LONG / 2 if order and _are_sentences(rows, order[0]) else LONG
    if order and lengths[order[0]] >= least:
        next_ = lengths[order[1]] if len(order) > 1 else 0.0
        if lengths[order[0]] >= STANDS_OUT * next_ or next_ < LONG:
            texts = (order[0],)
    at = known.title if known else None
    if at is None:
        at = _titles(rows, [i for i in range(width) if i not in texts], title)
    return Columns(
        texts, at, known.id if known else None, known.lang if known else None, bool(texts)
    )


def _titles(rows: Sequence[Sequence[str]], places: Sequence[int], title: IsTitle) -> int | None:
    best, most = None, 0
    for i in places:
        told = [cell for cell in (_cell(row, i).strip() for row in rows) if cell]
        if told and max(map(len, told)) <= SHORT * 2:
            count = sum(map(title, told))
            if count > most and count * 2 >= len(told):
                best, most = i, count
    return best


def average(rows: Sequence[Sequence[str]], at: int) -> float:
    """How long the texts of a column are; empty cells do not count, addresses are none."""
    told = [_width(cell) for row in rows if (cell := _cell(row, at).strip())]
    return sum(told) / len(told) if told else 0.0


def _width(cell: str) -> int:
    if _NO_TEXT.match(cell):
        return 0
    return len(cell) + sum(char > "\u2e7f" for char in cell)


def _are_sentences(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether the cells of a column are sentences or lists, and no names."""
    told = [cell for row in rows if (cell := _cell(row, at).strip())]
    return sum(_SENTENCE.search(cell) is not None for cell in told) * 2 >= len(told)


def posting(cells: Sequence[str], header: Sequence[str], columns: Columns) -> Posting:
    """The posting in a row; several text columns are put together under their headers."""
    if len(columns.texts) == 1:
        text = _cell(cells, columns.texts[0])
    else:
        told = ((header[i], _cell(cells, i)) for i in columns.texts)
        text = "\n".join(f"{name}:\n{body}" for name, body in told if body.strip())
    lang = _cell(cells, columns.lang).strip().lower()[:2]
    return Posting(text, _cell(cells, columns.title), lang if lang in LANGUAGES else None)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""
