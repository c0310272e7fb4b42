"""JSONL files and folders of them -> Conversations; a line that cannot be read is named.

A line is one of three, in any mixture:

    {"question", "lang", "expects": [entry, …]}
    {"question", "lang", "verdict_wanted", "accept": [[entry, section], …], …}
    {"lang", "turns": [{"say", "verdict_wanted", "accept", …}, …]}

Lines of the second and third kind may have "id", "kind", "best", "useful", "missing", "note".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.evaluation.questions.model import ANY, COMPARE, Conversation, Key, Pair, Wanted
from knowledge.engine.model import LANGUAGES

ENTRIES = "entries.txt"
"""Beside a file of keys: the entries there were when they were made, one a line."""


class _Broken(Exception):
    """What is wrong with a line and what to do about it."""


def read(names: Iterable[str]) -> list[Conversation]:
    """Every conversation of these files; of a folder, of all its .jsonl files. Raises BadInput."""
    names = list(names)
    found = [c for name in names for path in _files(Path(name)) for c in _conversations(path)]
    if not found:
        raise BadInput(f"{', '.join(names)}: there is no question in it; write one JSON line each")
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise BadInput(f"{path}: there is no .jsonl file in this folder; name a file of questions")
    return files


def _conversations(path: Path) -> Iterator[Conversation]:
    known = path.parent / ENTRIES
    entries = frozenset(_text(known).split()) if known.is_file() else None
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            try:
                yield _conversation(_row(line), f"{path.name}:{number}", entries)
            except _Broken as error:
                raise BadInput(f"{path}:{number}: {error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text; save it as UTF-8") from None


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Broken(f"not JSON ({error}); write one object a line") from None
    if not isinstance(row, dict):
        raise _Broken("not an object; write {…} with a question or turns in it")
    return row


def _conversation(row: dict[str, Any], place: str, entries: frozenset[str] | None) -> Conversation:
    language = row.get("lang")
    if language not in LANGUAGES:
        raise _Broken(f'"lang" is {_excerpt(language)}; write one of {", ".join(LANGUAGES)}')
    kind = _string(row, "kind")
    if "turns" not in row:
        turns: tuple[Key, ...] = (_key(row, "question", kind),)
    else:
        said = row["turns"]
        if not isinstance(said, list) or not said or not all(isinstance(t, dict) for t in said):
            raise _Broken('"turns" must be a list of objects, each with "say"; write one at least')
        turns = tuple(_turn(turn, number, kind) for number, turn in enumerate(said, 1))
    return Conversation(_string(row, "id") or place, language, turns, entries)


def _turn(row: dict[str, Any], number: int, kind: str) -> Key:
    try:
        return _key(row, "say", kind)
    except _Broken as error:
        raise _Broken(f"turn {number}: {error}") from None


def _key(row: dict[str, Any], said: str, kind: str) -> Key:
    say = _string(row, said)
    if not say.strip():
        raise _Broken(f'no "{said}"; write what is asked, as a text')
    if "expects" in row:
        return _of_expects(say, _ids(row, "expects"), _string(row, "kind") or kind)
    if row.get("verdict_wanted") not in list(Wanted):
        raise _Broken(
            'neither "expects" nor a "verdict_wanted"; write "expects": [entry, …] (empty: to be'
            f' declined), or "verdict_wanted": one of {", ".join(Wanted)}'
        )
    wanted = Wanted(row["verdict_wanted"])
    accept = tuple(_pair(value) for value in _list(row, "accept"))
    if not accept and wanted is not Wanted.DECLINE:
        raise _Broken(f'"accept" is empty, but "{wanted}" is wanted; name what would be right')
    best = _pair(row["best"]) if row.get("best") else accept[0] if accept else None
    return Key(
        say, wanted, accept, best, frozenset(_ids(row, "useful")), _string(row, "missing"),
        _string(row, "kind") or kind, _string(row, "note"),
    )  # fmt: skip


def _of_expects(say: str, ids: list[str], kind: str) -> Key:
    """Any section of these entries, also where they stand in a comparison; none: to be declined."""
    wanted = Wanted.ANSWER if ids else Wanted.DECLINE
    accept = (*((id_, ANY) for id_ in ids), *((COMPARE, id_) for id_ in ids))
    return Key(say, wanted, accept, accept[0] if ids else None, frozenset(ids), "", kind)


def _pair(value: Any) -> Pair:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value):
        return value[0], value[1]
    raise _Broken(
        f'{_excerpt(value)} is no pair; write [entry, section], [entry, "*"] or ["compare", "a|b"]'
    )


def _ids(row: dict[str, Any], name: str) -> list[str]:
    for value in _list(row, name):
        if not isinstance(value, str):
            raise _Broken(f'"{name}" holds {_excerpt(value)}; write ids such as "role.brand"')
    return _list(row, name)


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise _Broken(f'"{name}" is {_excerpt(value)}; write a list')
    return value


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Broken(f'"{name}" is {_excerpt(value)}; write a text')
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _Broken(f'"{name}" holds half a character (\\ud800 to \\udfff); write it whole')
    return value


def _excerpt(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
