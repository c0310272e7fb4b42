"""Classification beside a TF-IDF + linear SVM: quality by source, speed, and cost of more files.

uv run --group bench python benchmarks/postings.py POSTINGS.jsonl
(lines {"title","description","function","source"})

Quality: the SVM is trained on all sources but one and judged on that one. The files have no fitted
weights; only the two thresholds of a sure verdict are fitted on the other sources in the same way.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from bot.evaluation import certainty
from bot.evaluation import postings as evaluation
from bot.evaluation.figures import Figures, measure
from bot.postings.batch import classify_row
from bot.postings.model import Row
from bot.postings.writers import json_line
from rules.postings.automaton import SIGNAL
from rules.postings.automaton import Row as Phrase
from rules.postings.classify import classify
from rules.postings.model import Posting
from rules.postings.posting_rules import (
    PostingRules,
    open_posting_rules,
    read_rule_files,
    tables_of,
)

CHARS = 800
ROUNDS = 5
TIMES = (1, 3, 10)


def main() -> None:
    """Print everything."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").split("\n")
    raw = [json.loads(line) for line in lines if line.strip()]
    labelled = evaluation.read(sys.argv[1])
    sources = [_board(row["source"]) for row in raw]
    rules = open_posting_rules()
    for title in (False, True):
        print("title and description" if title else "description only")
        print(Figures.HEADER)
        _quality(labelled, sources, rules, title)
    _speed(labelled, rules)
    _growth(labelled)


def _board(source: str) -> str:
    """Several dumps of one board are one source."""
    return source.partition("_")[0]


def _quality(
    labelled: list[evaluation.Labelled], sources: list[str], rules: PostingRules, title: bool
) -> None:
    judged = [evaluation.Judged(row, classify(_posting(row, title), rules)) for row in labelled]
    pairs = [(row.label.function, row.verdict.function) for row in judged]
    learnt = _svm_by_source(labelled, sources, title)
    truth = [row.function for row in labelled]
    languages = [row.language for row in labelled]
    for language in (*dict.fromkeys(languages), "all"):
        mine = [i for i, spoken in enumerate(languages) if language in (spoken, "all")]
        print(measure([pairs[i] for i in mine], rules.group).line(f"rules {language}"))
        print(measure([(truth[i], learnt[i]) for i in mine], rules.group).line(f"svm {language}"))
    found = (
        certainty.case_of(row.verdict, title, row.is_right, source, rules)
        for row, source in zip(judged, sources, strict=True)
    )
    print(certainty.cross_validate([case for case in found if case], len(judged)) + "\n")


def _posting(row: evaluation.Labelled, title: bool) -> Posting:
    given = row.posting
    return given if title else Posting(given.description, "", given.language)


def _text(row: evaluation.Labelled, title: bool) -> str:
    given = row.posting
    return f"{given.title}\n{given.title}\n{given.description}" if title else given.description


def _model() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2)
    return make_pipeline(grams, LinearSVC())


def _svm_by_source(
    labelled: list[evaluation.Labelled], sources: list[str], title: bool
) -> list[str]:
    found = [""] * len(labelled)
    for held in sorted(set(sources)):
        train = [i for i, source in enumerate(sources) if source != held]
        test = [i for i, source in enumerate(sources) if source == held]
        model = _model()
        model.fit([_text(labelled[i], title) for i in train], [labelled[i].function for i in train])
        for i, function in zip(
            test, model.predict([_text(labelled[i], title) for i in test]), strict=True
        ):
            found[i] = str(function)
    return found


def _long(labelled: list[evaluation.Labelled]) -> list[evaluation.Labelled]:
    """Postings of about CHARS characters: long ones cut, short ones repeated."""
    result = []
    for row in labelled:
        text = row.posting.description
        text = (text + "\n") * (1 + CHARS // max(1, len(text)))
        posting = dataclasses.replace(row.posting, description=text[:CHARS])
        result.append(dataclasses.replace(row, posting=posting))
    return result


def _speed(labelled: list[evaluation.Labelled], rules: PostingRules) -> None:
    rows = _long(labelled)
    files = [Row("-", i, {}, row.posting, i) for i, row in enumerate(rows)]
    model = _model()
    model.fit([_text(row, True) for row in rows], [row.function for row in rows])
    texts = [_text(row, True) for row in rows]
    print(f"postings a second on one core, {CHARS} characters, best of {ROUNDS} rounds")
    print(f"  verdict with all evidence   {_rate(lambda: _all(rows, rules), len(rows)):8.0f}")
    lines = _rate(lambda: [json_line(classify_row(f, rules), rules) for f in files], len(rows))
    print(f"  and its JSON line           {lines:8.0f}")
    learnt = _rate(lambda: model.predict(texts), len(rows))
    print(f"  SVM pipeline, label only           {learnt:8.0f}")


def _all(rows: list[evaluation.Labelled], rules: PostingRules) -> None:
    for row in rows:
        classify(row.posting, rules)


def _rate(work: Any, count: int) -> float:
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = max(best, count / (time.process_time() - start))
    return best


def _growth(labelled: list[evaluation.Labelled]) -> None:
    """The same postings with more and more rules; the added phrases occur in no posting."""
    rows = _long(labelled)
    files = read_rule_files()
    tables = tables_of(files)
    rng, size = random.Random(1), len(tables.body)
    print("cost by number of phrases (characters of the postings, shuffled into new phrases)")
    letters = sorted({char for row in rows for char in row.posting.description if char.isalpha()})
    for times in TIMES:
        body = dict(tables.body)
        while len(body) < times * size:
            phrase = "".join(rng.choices(letters, k=rng.randint(4, 8)))
            body.setdefault(phrase.lower(), [Phrase(SIGNAL, "sales", "prospecting", 1.0)])
        rules = PostingRules(files, dataclasses.replace(tables, body=body), "")
        _all(rows[:50], rules)
        rate = _rate(lambda p=rules: _all(rows, p), len(rows))
        print(f"  {len(body):>8} phrases: {rate:8.0f} a second")


if __name__ == "__main__":
    main()
