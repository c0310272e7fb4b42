"""Content without a part of its examples, so that what was left out can be asked of the rest."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import BadInput
from bot.evaluation.questions.model import ANY, Conversation, Key, Wanted
from bot.evaluation.questions.trial import fold
from knowledge.engine import base as knowledge_base
from knowledge.engine import source
from knowledge.engine.load import Loaded
from knowledge.engine.normal import question_key
from knowledge.engine.source import ContentError
from rules import load
from rules.book import RuleBook, open_book

FOLDS = 5
PLAIN = "plain_questions.yaml"
"""How a thing is asked about by its name, in each language."""
MANY = 1_000_003
"""So many folds that next to no two questions are of one: their order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An example: a question, and the section of an entry that answers it."""

    question: str
    language: str
    entry: str
    section: str


Left = Callable[[str, str], bool]
"""Whether a question, in a language, is left out."""


def of_fold(number: int) -> Left:
    """One of FOLDS parts of all examples; always the same ones."""
    return lambda question, _: fold(question, FOLDS) == number


def of_file(name: str) -> Left:
    """The examples that a JSONL file of {"question","lang"} lists, as it lists them.

    Raises BadInput for a file that cannot be read or says something else.
    """
    rows = {(row["lang"], question_key(row["question"])) for row in _read(name)}
    return lambda question, language: (language, question_key(question)) in rows


def of_either(one: Left, other: Left) -> Left:
    """What one or the other leaves out."""
    return lambda question, language: one(question, language) or other(question, language)


def _read(name: str) -> Iterator[dict[str, str]]:
    try:
        lines = Path(name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{name} cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line or "null")
        except ValueError:
            row = None
        if not (isinstance(row, dict) and {"question", "lang"} <= row.keys()):
            raise BadInput(f'{name}, line {number}: {{"question","lang"}} is wanted')
        yield {key: str(row[key]) for key in ("question", "lang")}


def name_questions(book: RuleBook) -> Iterator[Asked]:
    """Plain questions after the names of every entry: what nobody writes as an example.

    One for each title and first alias in each language.
    """
    plain = source.read(load.ROOT / PLAIN, PLAIN).value
    for id_, languages in book.base.languages.items():
        for language in languages:
            entry = book.base.entry(id_, language)
            if entry.status == "active":
                for name in (entry.title, *entry.aliases[:1]):
                    asked = plain[language]
                    yield Asked(
                        asked[fold(name, len(asked))].format(name), language, id_, "summary"
                    )


def conversations(asked: Iterable[Asked], most: int) -> list[Conversation]:
    """At most so many of them as questions with keys, always the same ones.

    Any section of the entry is right: an example names one of those that would do.
    """
    chosen = sorted(asked, key=lambda one: fold(one.question, MANY))[:most]
    return [
        Conversation(
            one.question, one.language, (Key(one.question, Wanted.ANSWER, ((one.entry, ANY),)),)
        )
        for one in chosen
    ]


@contextmanager
def held_out(root: Path, own: Path | None, left: Left) -> Iterator[tuple[RuleBook, list[Asked]]]:
    """The rules over content that lacks the examples of which *left* says so, and those examples.

    Compiled in a folder of its own; nothing of the content or its cache changes. Raises
    ContentError where the content is broken.
    """
    loaded = knowledge_base.read(root, own)
    errors = [problem for problem in loaded.problems if problem.level == "error"]
    if errors:
        raise ContentError(errors)
    asked = list(_take_out(loaded, left))
    with tempfile.TemporaryDirectory() as folder:
        base = knowledge_base.open_base(root, into=Path(folder), own=own, read=loaded)
        yield open_book(base, overlay=own), asked


def _take_out(loaded: Loaded, left: Left) -> Iterator[Asked]:
    """Take those examples out of *loaded*."""
    for id_, told in loaded.texts.items():
        for language, entry in told.items():
            here = [one for one in entry.examples if left(one.ask, language)]
            kept = tuple(one for one in entry.examples if one not in here)
            told[language] = replace(entry, examples=kept)
            if entry.status == "active":
                for one in here:
                    yield Asked(one.ask, language, id_, one.section or "summary")
