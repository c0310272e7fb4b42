"""hit@1 of `zhiwen search` beside plain BM25 and character TF-IDF.

    python benchmarks/retrieval.py FOLDER [SET …]

FOLDER holds one folder a set with ``docs.jsonl`` and ``queries.jsonl`` as `zhiwen search` takes
them. The peers are untuned: BM25 with k1 1.2 and b 0.75 on jieba words and on character bigrams,
and the cosine of TF-IDF with sublinear counts on 2 to 4 and 3 to 5 characters (from the group of
benchmarks); the same normalisation, all texts of a document joined.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import search
from knowledge.engine.normal import fold
from knowledge.engine.tokens import grams_of, words_of
from knowledge.engine.words import Words

K1, B = 1.2, 0.75
JIEBA = Words()
Tokenize = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """jieba words of a normalised text; other scripts by runs."""
    return [text[token.start : token.end] for token in words_of(text, JIEBA)]


def grams(text: str) -> list[str]:
    """Single characters and bigrams, Latin words whole."""
    latin = [text[t.start : t.end] for t in words_of(text, JIEBA) if t.script == "latin"]
    return [*grams_of(text), *latin]


class Bm25:
    """The plain textbook ranking over one token stream."""

    def __init__(self, documents: dict[str, str], tokenize: Tokenize) -> None:
        self.tokenize = tokenize
        self.postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
        counts = {key: Counter(tokenize(text)) for key, text in documents.items()}
        mean = sum(c.total() for c in counts.values()) / max(1, len(counts))
        for key, count in counts.items():
            norm = K1 * (1 - B + B * count.total() / mean)
            for token, n in count.items():
                self.postings[token].append((key, n * (K1 + 1) / (n + norm)))
        self.size = len(counts)

    def first(self, query: str, among: set[str] | None) -> str | None:
        """The best document for a normalised query."""
        scores: Counter[str] = Counter()
        for token in self.tokenize(query):
            rows = self.postings.get(token, ())
            idf = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            for key, weight in rows:
                if among is None or key in among:
                    scores[key] += idf * weight
        return min(scores, key=lambda key: (-scores[key], key)) if scores else None


class TfIdf:
    """scikit-learn's cosine of TF-IDF vectors over runs of characters, spaces among them."""

    def __init__(self, documents: dict[str, str], sizes: tuple[int, int]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.keys = sorted(documents)
        self.vectors = TfidfVectorizer(analyzer="char", ngram_range=sizes, sublinear_tf=True)
        self.matrix = self.vectors.fit_transform([documents[key] for key in self.keys]).T.tocsr()

    def first(self, query: str, among: set[str] | None) -> str | None:
        """The best document for a normalised query; of equal ones the first by key."""
        row = (self.vectors.transform([query]) @ self.matrix).toarray()[0]
        scores = zip(row, self.keys, strict=True)
        best = min(((-s, key) for s, key in scores if among is None or key in among), default=None)
        return best[1] if best and best[0] < 0 else None


def measure(folder: Path) -> tuple[dict[str, float], dict[str, dict[str, float]], int]:
    """hit@1 in percent of ours and of each peer on one set; ours by kind of noise too."""
    rows = [json.loads(line) for line in (folder / "docs.jsonl").open(encoding="utf-8")]
    documents = {str(row["doc_id"]): _whole(row) for row in rows}
    peers: dict[str, Bm25 | TfIdf] = {
        "jieba": Bm25(documents, words),
        "bigrams": Bm25(documents, grams),
        "tfidf2-4": TfIdf(documents, (2, 4)),
        "tfidf3-5": TfIdf(documents, (3, 5)),
    }
    ours = search.build(str(folder / "docs.jsonl"))
    hits: Counter[str] = Counter()
    noise: dict[str, Counter[str]] = defaultdict(Counter)
    total = 0
    for line in (folder / "queries.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["doc_id"] is None:
            continue
        total += 1
        query, right = fold(row["query"]), str(row["doc_id"])
        among = set(map(str, row["candidates"])) if row.get("candidates") else None
        found = ours.search(query, 1, frozenset(among) if among else None)
        hit = bool(found) and found[0].key == right
        hits["zhiwen"] += hit
        for name, peer in peers.items():
            hits[name] += peer.first(query, among) == right
        if "noise" in row:
            noise[row["noise"]].update(n=1, hit=hit)
    shares = {name: 100 * hits[name] / max(1, total) for name in ("zhiwen", *peers)}
    kinds = {kind: {"hit@1": 100 * c["hit"] / c["n"], "n": c["n"]} for kind, c in noise.items()}
    return shares, kinds, total


def _whole(row: dict[str, Any]) -> str:
    parts = [row.get("title") or "", row["text"], *(row.get("alternates") or ())]
    return fold("\n".join(dict.fromkeys(parts)))


def main() -> None:
    """Print a line a set."""
    root = Path(sys.argv[1])
    names = sys.argv[2:] or sorted(path.name for path in root.iterdir() if path.is_dir())
    print(
        f"{'set':20}{'queries':>9}{'zhiwen':>9}{'jieba':>9}{'bigrams':>9}{'tfidf2-4':>9}{'tfidf3-5':>9}"
    )
    for name in names:
        shares, kinds, total = measure(root / name)
        print(f"{name:20}{total:>9}" + "".join(f"{share:>9.1f}" for share in shares.values()))
        for kind, figures in sorted(kinds.items()):
            print(f"  {kind:18}{figures['n']:>9.0f}{figures['hit@1']:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
