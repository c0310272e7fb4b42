"""A posting and its verdict -> what the page about it shows, and what is downloaded of it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from bot.model import Bullets
from bot.postings import batch, evidence, writers
from bot.postings.answer import DECIDED, effective_answer, of_name
from bot.postings.json_form import as_json
from bot.postings.model import Decided, Result, Row
from bot.postings.output import answer_name, flag_lines, job_title, name_of
from bot.postings.report import mark_evidence
from bot.postings.summary import Summary
from bot.skills import classify
from rules.postings.model import OUT_OF_SCOPE, Posting, Verdict
from rules.postings.posting_rules import PostingRules

MAX_CHARS = 100_000
"""What is taken of a text; `rules.postings` reads half of it, and says so."""
MAX_TITLE = 300
BARS = 8


def tidy(posting: Posting) -> Posting:
    """The posting as a form brings it back: one kind of line end, no null characters, bounded."""
    return Posting(
        _clean_text(posting.description)[:MAX_CHARS],
        " ".join(_clean_text(posting.title).split())[:MAX_TITLE],
        posting.language,
    )


def _clean_text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def chosen_function(decided: str, verdict: Verdict) -> str:
    """The function the person decided for; nothing where that was no choice."""
    return decided if decided in verdict.question else ""


def view(
    posting: Posting,
    verdict: Verdict,
    pack: PostingRules,
    language: str,
    decided: str,
    held: Decided | None = None,
) -> dict[str, Any]:
    """Everything the page shows; *decided* just now by a press, *held* for good."""
    options = [] if decided or held else list(classify.choices(verdict, pack, language))
    answer = of_name(decided, DECIDED, pack) if decided else effective_answer(verdict, held, pack)
    function = answer.function
    codes = [] if answer.tie else list(classify.codes(function, pack, language))
    return {
        "posting": posting,
        "verdict": verdict,
        "decided": decided,
        "answer": answer,
        "job": job_title(posting),
        "name": answer_name(answer, pack, language),
        "family": "" if answer.tie else name_of(answer.family, pack, language),
        "role": "" if function == OUT_OF_SCOPE else f"role.{function}",
        "result": list(classify.result(verdict, pack, language, held)),
        "shares": [(name_of(f, pack, language), s) for f, s in verdict.shares.items()][:BARS],
        "options": [(choice.entry.partition(".")[2], choice.label) for choice in options],
        "why_not": list(classify.why_not(verdict, pack, language)),
        "by_function": list(evidence.by_function(verdict, pack, language)),
        "contradicts": list(evidence.contradicts(verdict, pack, language)),
        "missing": list(evidence.missing_duties(verdict, pack, language)),
        "oddities": flag_lines(verdict, pack, language, answer),
        "level": list(classify.level_lines(verdict.level, language)),
        "codes": [item for block in codes if isinstance(block, Bullets) for item in block.items],
        "words": list(classify.words(verdict, pack, language, classify.WORDS)),
        "title": list(mark_evidence(posting.title, verdict, "title", pack, language)),
        "text": list(mark_evidence(posting.description, verdict, "", pack, language)),
    }


def download(
    posting: Posting,
    form: str,
    pack: PostingRules,
    language: str,
    decided: str,
    held: Decided | None = None,
) -> bytes:
    """The verdict on *posting* as ``json``, or as ``csv`` with the posting's own words.

    What a person decided stands beside the verdict in JSON.
    """
    cells = {"title": posting.title, "description": posting.description}
    result = batch.classify_row(Row("posting", 1, cells, posting, decided=held), pack)
    if form == "csv":
        return _csv(result, pack, language)
    told = as_json(result, pack) | ({"decided": decided} if decided else {})
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(result: Result, pack: PostingRules, language: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posting.csv"
        writers.csv_file([result], path, pack, language, Summary())
        return path.read_bytes()
