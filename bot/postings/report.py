"""Results -> one HTML page: what the batch came to, then each posting with its words marked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from bot.postings.answer import decision_text, effective_answer
from bot.postings.model import Result
from bot.postings.output import (
    answer_name,
    decided_line,
    duty_name,
    flag_lines,
    job_title,
    missing_names,
    name_of,
    said_text,
    years_text,
)
from bot.postings.summary import Summary
from bot.templates import environment
from bot.texts import say
from rules.postings.model import Signal, Verdict
from rules.postings.posting_rules import PostingRules

MAX_SHOWN = 2_000
"""Postings told one by one; more would be no page any more. The summary counts all."""
MAX_TEXT = 6_000
CHUNK = 1 << 20


def html_file(
    results: Iterable[Result], path: Path, rules: PostingRules, language: str, summary: Summary
) -> None:
    """Write the page; the postings wait in a temporary file, as the summary stands above them."""
    card = environment("postings").get_template("posting.html")
    told = partial(say, language)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as body:
        for result in summary.watch(results, rules):
            if summary.total <= MAX_SHOWN:
                body.write(card.render(say=told, **_card(result, rules, language)))
        body.seek(0)
        left_out = max(0, summary.total - MAX_SHOWN)
        with path.open("w", encoding="utf-8") as out:
            _write(out, body, summary, rules, language, left_out)


def _write(
    out: IO[str], body: IO[str], summary: Summary, rules: PostingRules, language: str, left_out: int
) -> None:
    page = environment("postings").get_template("report.html")
    lines = list(summary.lines(rules, language))
    most = max((value or 0 for _, value in lines[2:]), default=1) or 1
    mark = "\0cards\0"
    whole = page.render(
        say=partial(say, language),
        language=language,
        lines=lines,
        most=most,
        left_out=left_out,
        version=rules.version,
        cards=mark,
    )
    before, _, after = whole.partition(mark)
    out.write(before)
    while chunk := body.read(CHUNK):
        out.write(chunk)
    out.write(after)


def _card(result: Result, rules: PostingRules, language: str) -> dict[str, Any]:
    row, verdict = result.row, result.verdict
    runner = verdict.runner_up if verdict else None
    posting = row.posting
    place = f"{row.file}:{row.number}"
    if verdict is None or posting is None:
        problem = row.problem.message(language) if row.problem else ""
        return {"place": place, "problem": problem, "verdict": None}
    held, decided = effective_answer(verdict, row.decided, rules), row.decided
    return {
        "place": place,
        "problem": "",
        "job": job_title(posting),
        "decision": decision_text(held.decision, language),
        "decided": decided_line(decided, rules, language) if decided else "",
        "said": said_text(verdict, rules, language) if decided else "",
        "title": list(mark_evidence(posting.title, verdict, "title", rules, language)),
        "text": list(mark_evidence(posting.description[:MAX_TEXT], verdict, "", rules, language)),
        "verdict": verdict,
        "name": answer_name(held, rules, language),
        "family": "" if held.tie else name_of(held.family, rules, language),
        "shares": [(name_of(f, rules, language), s) for f, s in verdict.shares.items()],
        "runner": runner and name_of(runner.function, rules, language),
        "missing": runner and missing_names(runner, rules, language),
        "oddities": flag_lines(verdict, rules, language, held),
        "years": years_text(verdict.level),
    }


def mark_evidence(
    text: str, verdict: Verdict, where: str, rules: PostingRules, language: str
) -> Iterator[tuple[str, str, str]]:
    """(words, class, explanation) of the pieces of a text; class is empty for plain words.

    ``own`` marks words for the verdict's function or family, ``other`` words for another one.
    """
    at = 0
    spans: dict[tuple[int, int], list[Signal]] = {}
    for signal in verdict.evidence:
        if (signal.where == "title") == (where == "title"):
            spans.setdefault((signal.start, signal.end), []).append(signal)
    for (start, end), signals in sorted(spans.items()):
        if start < at or end > len(text):
            continue
        if start > at:
            yield text[at:start], "", ""
        own = any(s.function in (verdict.function, verdict.family) for s in signals)
        why = "; ".join(
            f"{name_of(s.function, rules, language)} · "
            f"{duty_name(s.function, s.signal, rules, language)} · {s.weight:g}"
            for s in signals
        )
        yield text[start:end], "own" if own else "other", why
        at = end
    if at < len(text):
        yield text[at:], "", ""
