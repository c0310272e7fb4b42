"""What people decided about postings, laid beside verdicts and read out of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BadInput
from bot.postings.batch import classify_row
from bot.postings.model import Decided, Row
from knowledge.engine import source
from knowledge.engine.normal import question_key
from knowledge.engine.source import ContentError
from rules.postings import learn
from rules.postings.automaton import TITLE
from rules.postings.classify import classify, input_of
from rules.postings.model import OUT_OF_SCOPE, Posting, Verdict
from rules.postings.normalized import normalize_text
from rules.postings.posting_rules import PostingRules

if TYPE_CHECKING:  # a question at the terminal must not wait for the database library
    from bot.store import Store
    from bot.store.corrections import Correction

WORDS = Path(__file__).with_name("decided.yaml")
AHEAD = 200
"""Rows whose decisions are asked for at once."""
DecisionLookup = Callable[[Iterable[str]], "dict[str, Correction]"]


def with_decisions(rows: Iterable[Row], of: DecisionLookup) -> Iterator[Row]:
    """The rows, each with what somebody decided about its posting. Raises StoreUnavailable."""
    rows = iter(rows)
    while some := list(islice(rows, AHEAD)):
        keys = {row.number: input_of(row.posting) for row in some if row.posting}
        held = of(keys.values())
        for row in some:
            found = held.get(keys.get(row.number, "")) if row.posting else None
            yield replace(row, decided=from_correction(found)) if found else row


def from_correction(correction: Correction) -> Decided:
    """A decision as it is shown."""
    return Decided(
        correction.id, correction.decided, correction.was, correction.reason, correction.by,
        correction.at,
    )  # fmt: skip


def keep(
    store: Store,
    posting: Posting,
    function: str,
    reason: str,
    by: str,
    source_: str,
    rules: PostingRules,
    verdict: Verdict | None = None,
) -> int:
    """Keep what *by* decided about a posting; its number. Raises StoreUnavailable, BadInput."""
    chosen = resolve(function, rules)
    verdict = verdict or classify(posting, rules)
    return store.corrections.keep(
        by, verdict.stamp.input, verdict.family or verdict.function, chosen, reason.strip(),
        source=source_, language=verdict.language, signals=learn.fired_phrases(verdict),
        version=verdict.stamp.version,
    )  # fmt: skip


def resolve(told_: str, rules: PostingRules) -> str:
    """The function or family that a person named: by its key, or what people call it.

    Raises BadInput for a name that is none.
    """
    wanted = question_key(told_.replace("_", " "))
    if wanted == question_key(OUT_OF_SCOPE.replace("_", " ")):
        return OUT_OF_SCOPE
    for name, rule in rules.by_name.items():
        spoken = (rule.name.zh, rule.name.en, rule.name.ja, rule.name.ko, name.replace("_", " "))
        if wanted in {question_key(text) for text in spoken if text}:
            return name
    titled = _by_title(told_, rules)
    if titled:
        return titled
    raise BadInput(f"'{told_}': there is no such function; e.g. {', '.join(rules.functions[:5])}")


def _by_title(told_: str, rules: PostingRules) -> str | None:
    """The function whose posted title that is, if it is the title of one alone."""
    text = normalize_text(told_).text.strip()
    owners = {
        row.owner
        for hit in rules.title.find(text)
        if (hit.start, hit.end) == (0, len(text))
        for row in hit.rows
        if row.kind == TITLE
    }
    return owners.pop() if len(owners) == 1 else None


@cache
def _words() -> dict[str, str]:
    document = source.read(WORDS, f"bot/postings/{WORDS.name}")
    if document.problems:
        raise ContentError(document.problems)
    return {
        question_key(name): role for role in ("decided", "reason") for name in document.value[role]
    }


def in_row(row: Row) -> tuple[str, str] | None:
    """What somebody wrote into a row of a table: the function, and why; None for nothing."""
    held: dict[str, str] = {}
    for name, cell in row.cells.items():
        role = _words().get(question_key(name))
        if role and cell.strip():
            held.setdefault(role, cell.strip())
    return (held["decided"], held.get("reason", "")) if "decided" in held else None


def take(
    rows: Iterable[Row], store: Store, by: str, rules: PostingRules
) -> Iterator[tuple[Row, str | int]]:
    """Keep every decision in a table: (row, its number, or what is wrong with it).

    Raises StoreUnavailable.
    """
    for row in rows:
        found = in_row(row)
        if found is None or row.posting is None:
            continue
        function, reason = found
        try:
            verdict = classify_row(row, rules).verdict
            yield row, keep(store, row.posting, function, reason, by, row.file, rules, verdict)
        except BadInput as problem:
            yield row, str(problem)
