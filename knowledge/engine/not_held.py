"""What people ask that nothing here holds: it tells such questions from those that are held.

``not_held/<language>.yaml`` lists questions under the kind of ask they are, a limit of the rules.
They are counted beside the examples of entries (`likelihood`), and each settles its own question:
it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import question_key
from knowledge.engine.source import Document, Place, Problem

FOLDER = "not_held"
MARK = f"{FOLDER}."
"""What a kind is counted under begins with this, so that no entry is called the same."""


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A question that is to be refused, and the kind of ask it is."""

    ask: str
    kind: str
    place: Place


def paths(root: Path) -> Iterator[tuple[str, Path]]:
    """(language, file) of every list below *root*."""
    for language in LANGUAGES:
        path = root / FOLDER / f"{language}.yaml"
        if path.is_file():
            yield language, path


def build(document: Document) -> tuple[NotHeld, ...]:
    """The questions of a document; what is wrong with its shape is added to its problems."""
    if document.value is None:
        return ()
    if not isinstance(document.value, dict):
        document.problems.append(document.problem((), "expected kinds, each with its questions"))
        return ()
    found: list[NotHeld] = []
    for kind, questions in document.value.items():
        if not isinstance(questions, list):
            message = "expected a list of questions, each with a dash"
            document.problems.append(document.problem((kind,), message))
            continue
        for i, ask in enumerate(questions):
            if isinstance(ask, str) and ask.strip():
                found.append(NotHeld(ask, str(kind), (kind, i)))
            else:
                document.problems.append(document.problem((kind, i), "expected a question"))
    return tuple(found)


def check(
    lists: list[tuple[Document, tuple[NotHeld, ...]]], held: Mapping[str, str]
) -> Iterator[Problem]:
    """A question that stands twice, or that an entry answers (*held*: key of it -> the entry)."""
    seen: set[str] = set()
    for document, questions in lists:
        for one in questions:
            key = question_key(one.ask)
            if key in held:
                message = f"'{one.ask}' is an example of {held[key]}"
                yield document.problem(one.place, message)
            if key in seen:
                yield document.problem(one.place, f"'{one.ask}' stands there already")
            seen.add(key)
