r"""The TSV of QnA Maker and of Azure's question answering: a row a question, one QnaId an answer.

Line breaks and tabs inside a cell are written ``\n`` and ``\t``; answers are Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.errors import BadInput
from bot.exchange import sheets
from bot.exchange.columns import Line, group_pairs
from bot.exchange.markdown_text import escape
from bot.exchange.model import Found, Note, Pair
from bot.postings.encoding import display_name
from knowledge.engine.model import LANGUAGES

HEADER = (
    "Question", "Answer", "Source", "Metadata", "SuggestedQuestions", "IsContextOnly", "Prompts",
    "QnaId", "SourceDisplayName",
)  # fmt: skip
KNOWN_BY = frozenset({"metadata", "suggestedquestions", "iscontextonly", "prompts", "qnaid"})
"""A table that has one of these besides question and answer is one of theirs."""
SOURCE = "Editorial"
ENTRY, TITLE, LANGUAGE = "zhiwen_id", "zhiwen_title", "zhiwen_language"
"""Our own metadata, so that what we wrote comes back as what it was."""
_ENCODED = re.compile(r"\\(\\|r\\n|n|r|t|\")")
_NUMBERED = re.compile(r"qna_([0-9]{1,9})")


def is_one(text: str) -> bool:
    """Whether *text* begins with a header of theirs."""
    names = {_name(cell) for cell in text.split("\n", 1)[0].split("\t")}
    return {"question", "answer"} <= names and bool(names & KNOWN_BY)


def _name(cell: str) -> str:
    return cell.strip().strip('"').replace(" ", "").lower()


def read(path: Path, text: str) -> Found:
    """The pairs of such a file. Raises BadInput."""
    lines = _lines(path, text)
    at = {_name(cell): i for i, cell in reversed(list(enumerate(lines[0][1])))}
    pairs: list[Pair] = []
    left: list[Note] = []
    for number, cells in lines[1:]:
        place = f"{display_name(path)}:{number}"
        row = {name: cells[i] for name, i in at.items() if i < len(cells)}
        if not any(cell.strip() for cell in cells):
            continue
        if row.get("iscontextonly", "").strip().lower() == "true":
            left.append(Note(place, "only follows up another answer (IsContextOnly)"))
            continue
        if not (question := _question(row.get("question", ""))):
            left.append(Note(place, "no question"))
            continue
        pairs.append(_pair(place, question, row))
    return group_pairs(pairs, left, by_answer=True)


def _lines(path: Path, text: str) -> list[Line]:
    """The rows: as the services write them, a line each, or as a spreadsheet program saved them."""
    plainly = [line.removesuffix("\r").split("\t") for line in text.split("\n")]
    told = [cells for cells in plainly if cells != [""]]
    if all(len(cells) == len(told[0]) for cells in told):
        numbered = [(number, cells) for number, cells in enumerate(plainly, 1) if cells != [""]]
        return [(number, [_unquote(cell) for cell in cells]) for number, cells in numbered]
    found = sheets.rows(path, text, "\t")
    width = len(found[0][1])
    odd = next((number for number, cells in found if len(cells) > width), None)
    if odd:
        raise BadInput(
            f"{display_name(path)}:{odd}: more cells than the header has; a tab inside a text?"
        )
    return found


def _is_quoted(cell: str) -> bool:
    r"""Whether a spreadsheet program put *cell* in quotes, which then are doubled inside."""
    return (
        len(cell) > 1 and cell[0] == cell[-1] == '"' and not cell[1:-1].replace('""', "").count('"')
    )


def _unquote(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _is_quoted(cell) else cell


def _decode(cell: str, backslash: str, quote: str) -> str:
    told = {"\\": backslash, "t": "\t", '"': quote}
    return _ENCODED.sub(lambda found: told.get(found[1], "\n"), cell)


def _question(cell: str) -> str:
    return _decode(cell, "\\", '"').strip()


def _pair(place: str, question: str, row: dict[str, str]) -> Pair:
    about = dict(_metadata(row.get("metadata", "")))
    number = row.get("qnaid", "").strip()
    id_ = about.get(ENTRY) or (f"qna_{number}" if number else None)
    language = about.get(LANGUAGE)
    return Pair(
        place,
        (question,),
        # What else a backslash stands before is for Markdown to undo.
        _decode(row.get("answer", ""), r"\\", r"\"").strip(),
        id_,
        about.get(TITLE),
        language if language in LANGUAGES else None,
        ENTRY in about,
    )


def _metadata(cell: str) -> Iterator[tuple[str, str]]:
    """Names and values, from JSON or from ``name:value|name:value``."""
    cell = cell.strip()
    if not cell.startswith(("[", "{")):
        yield from (
            (k.strip(), v.strip()) for k, _, v in (p.partition(":") for p in cell.split("|"))
        )
        return
    try:
        told = json.loads(cell)
    except (ValueError, RecursionError):
        return
    if isinstance(told, dict):
        yield from ((str(key), str(value)) for key, value in told.items())
    else:
        yield from (
            (str(item.get("name")), str(item.get("value")))
            for item in told
            if isinstance(item, dict)
        )


def write(pairs: Sequence[Pair]) -> bytes:
    """The file, a row a question."""
    numbers = {
        int(found[1]) for pair in pairs if pair.id and (found := _NUMBERED.fullmatch(pair.id))
    }
    last = max(numbers, default=0)
    lines = ["\t".join(HEADER)]
    for pair in pairs:
        own = _NUMBERED.fullmatch(pair.id or "")
        last += not own
        number = str(int(own[1])) if own else str(last)
        lines += ("\t".join(row) for row in _rows(pair, number))
    return ("\n".join(lines) + "\n").encode("utf-8")


def _rows(pair: Pair, number: str) -> Iterator[tuple[str, ...]]:
    about = _metadata_json(pair, number)
    for question in pair.questions:
        yield (
            _cell(question.replace("\\", "\\\\")), _encode(pair.answer), SOURCE, about, "[]",
            "False", "[]", number, SOURCE,
        )  # fmt: skip


def _encode(answer: str) -> str:
    r"""The answer as a cell, in which ``\n`` means a line break."""
    told = escape(answer)
    if told == answer:
        told = answer.replace("\\", "\\\\")
    return _cell(told.replace("\n", "\\n").replace("\t", "\\t"))


def _cell(text: str) -> str:
    """*text*, not to be taken for what a spreadsheet program put in quotes."""
    return f"\\{text}" if _is_quoted(text) else text


def _metadata_json(pair: Pair, number: str) -> str:
    told: Iterable[tuple[str, str | None]] = (
        (ENTRY, None if pair.id == f"qna_{number}" else pair.id),
        (TITLE, pair.title),
        (LANGUAGE, pair.language),
    )
    return json.dumps(
        [{"name": name, "value": value} for name, value in told if value], ensure_ascii=False
    )
