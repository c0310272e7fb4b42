"""Verdicts beside what two readers said the duties are: accuracy, certainty and the title alarm.

python benchmarks/duty_labels.py POSTINGS.jsonl LABELS.jsonl [--misses] [--svm]

POSTINGS holds ``{"id","title","description","lang"?,"source"}``; LABELS holds ``{"id","primary",
"mismatch":[bool,bool],"several"}``. Nothing is fitted here, except the linear SVM of ``--svm``,
which is trained on the boards' own labels (``function``) of all other sources.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.evaluation.figures import Figures, measure
from rules.postings.classify import classify
from rules.postings.model import OUT_OF_SCOPE, Decision, Posting, Verdict
from rules.postings.posting_rules import PostingRules, open_posting_rules

SURE = (Decision.AUTO, Decision.OUT_OF_SCOPE)
Row = dict[str, Any]


def main() -> None:
    """Print everything."""
    labels = {row["id"]: row for row in _lines(sys.argv[2])}
    postings = _lines(sys.argv[1])
    rows = [row | labels[row["id"]] for row in postings if row["id"] in labels]
    rules = open_posting_rules()
    for title in (False, True):
        print("title and description" if title else "description only")
        verdicts = [classify(_posting(row, title), rules) for row in rows]
        _figures(rows, verdicts, rules)
        if "--svm" in sys.argv:
            _svm(rows, postings, title, rules)
        if title:
            _alarm(rows, verdicts)
        if "--misses" in sys.argv:
            _misses(rows, verdicts)


def _lines(path: str) -> list[Row]:
    text = Path(path).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _posting(row: Row, title: bool) -> Posting:
    return Posting(row["description"], (row.get("title") or "") if title else "", row.get("lang"))


def _figures(rows: list[Row], verdicts: list[Verdict], rules: PostingRules) -> None:
    print(Figures.HEADER)
    held: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    sure: list[bool] = []
    for row, verdict in zip(rows, verdicts, strict=True):
        if row["primary"] is None:
            continue
        pair = (row["primary"], verdict.function)
        for name in ("all", row.get("lang") or "?", "~" + row["source"].partition("_")[0]):
            held[name].append(pair)
        if row["primary"] != OUT_OF_SCOPE:
            held["in scope"].append(pair)
        if verdict.decision in SURE:
            sure.append(pair[0] == pair[1])
    for name in sorted(held):
        print(measure(held[name], rules.group).line(name[:12]))
    print(
        f"  sure: {100 * len(sure) / len(held['all']):.1f} % of postings,"
        f" {100 * sum(sure) / max(1, len(sure)):.1f} % right"
    )


def _alarm(rows: list[Row], verdicts: list[Verdict]) -> None:
    """The alarm for titles that contradict the duties, where both readers agree."""
    hit = miss = false = 0
    for row, verdict in zip(rows, verdicts, strict=True):
        told = any(odd.kind == "title_mismatch" for odd in verdict.flags)
        wanted = row["mismatch"]
        if wanted[0] != wanted[1]:
            continue
        hit += told and wanted[0]
        miss += wanted[0] and not told
        false += told and not wanted[0]
    print(
        f"  alarm: precision {hit}/{hit + false} {hit / max(1, hit + false):.2f},"
        f" recall {hit}/{hit + miss} {hit / max(1, hit + miss):.2f}"
    )


def _misses(rows: list[Row], verdicts: list[Verdict]) -> None:
    for row, verdict in zip(rows, verdicts, strict=True):
        if row["primary"] is not None and row["primary"] != verdict.function:
            scores = " ".join(f"{name}={score:g}" for name, score in verdict.scores.items())
            told = f"[{row.get('title')}] is {row['primary']}, {verdict.decision}"
            print(f"- {row['id']} {told}: {scores}")


def _svm(rows: list[Row], postings: list[Row], title: bool, rules: PostingRules) -> None:
    """A character n-gram SVM, trained on the boards' own labels of all other sources."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    known = [row for row in rows if row["primary"] is not None]
    pairs: list[tuple[str, str]] = []
    for held in sorted({row["source"].partition("_")[0] for row in known}):
        others = [row for row in postings if row["source"].partition("_")[0] != held]
        judged = [row for row in known if row["source"].partition("_")[0] == held]
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
        model = make_pipeline(grams, LinearSVC())
        model.fit([_text(row, title) for row in others], [row["function"] for row in others])
        guesses = model.predict([_text(row, title) for row in judged])
        pairs += zip([row["primary"] for row in judged], guesses, strict=True)
    ours = [pair for pair in pairs if pair[0] != OUT_OF_SCOPE]
    print(measure(pairs, rules.group).line("svm all"))
    print(measure(ours, rules.group).line("svm in scope"))


def _text(row: Row, title: bool) -> str:
    name = row.get("title") or ""
    return f"{name}\n{name}\n{row['description']}" if title else row["description"]


if __name__ == "__main__":
    main()
