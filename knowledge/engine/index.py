"""Tokens -> ranked hits: BM25 over several token streams at once (tantivy lives here).

A text is indexed whole, and so is each of its lines (sections, alternates). The score of a text is
that of the whole plus a share of its best line: the whole knows more words, the line is to the
point. Weights were chosen on public sets by ``benchmarks/retrieval.py``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.engine.likeness import Likeness, is_spaced
from knowledge.engine.ranking import PLAIN, Ranking
from knowledge.engine.tokens import Streams, join_streams, streams
from knowledge.engine.tokens import damped_count as said_of
from knowledge.engine.words import Words

WEIGHTS = {"word": 0.9, "gram": 1.0, "pair": 0.4, "piece": 0.2, "sound": 0.15}
LINE_SHARE = 0.25
LINES_FETCHED = 100
ROWS_KEPT, WORDS_KEPT = 50_000, 20_000
K1 = 1.2
"""tantivy's BM25 constant; no term can score above idf * (1 + K1)."""


COMPARED, NEAR = 6, 0.7
"""So many first hits are compared as wholes, if they score that share of the best: where one is far
ahead there is nothing to tell apart, and no time to spend."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is indexed under one key: a whole and, optionally, its named lines."""

    key: str
    whole: str
    lines: tuple[tuple[str, str], ...] = ()
    """(name, normalised text) of each line; the whole is normalised too."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that matched: its score, relative to a perfect match, and its best line."""

    key: str
    score: float
    line: str | None
    line_score: float


def build(
    texts: Iterable[Text],
    words: Words,
    folder: Path | None = None,
    ranking: Ranking = PLAIN,
    heard: Callable[[str, Streams], None] = lambda key, tokens: None,
) -> Index:
    """Index *texts*, cut with *words*, in *folder*, or in memory when none is given.

    *heard*: told what each text was cut into.
    """
    # In key order, so that texts which tie come out in it, however many they are.
    texts = sorted(texts, key=lambda text: text.key)
    wholes, lines = (_Writer(folder / level if folder else None) for level in ("wholes", "lines"))
    for text in texts:
        cut = [streams(line, words) for _, line in text.lines]
        for (name, _), tokens in zip(text.lines, cut, strict=True):
            lines.add(text.key, name, tokens)
        is_sum = bool(cut) and text.whole == "\n".join(line for _, line in text.lines)
        whole = join_streams(cut) if is_sum else streams(text.whole, words)
        wholes.add(text.key, "", whole)
        heard(text.key, whole)
    likeness = None
    if ranking.likeness:
        likeness = Likeness({text.key: text.whole for text in texts}, words)
    return Index(words, wholes.finish(), lines.finish(), ranking, likeness)


class _Writer:
    """Writes one level of the index."""

    def __init__(self, path: Path | None) -> None:
        import tantivy

        if path is not None:
            path.mkdir(parents=True)
        self._document = tantivy.Document
        self._index = tantivy.Index(
            _schema(), path=None if path is None else str(path), reuse=False
        )
        self._writer = self._index.writer(heap_size=64_000_000, num_threads=1)

    def add(self, key: str, name: str, tokens: Streams) -> None:
        """Add one text or line."""
        fields = {field: " ".join(getattr(tokens, field)) for field in WEIGHTS}
        self._writer.add_document(self._document(key=key, name=name, **fields))

    def finish(self) -> Any:
        """What was written, ready to be read."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._index.reload()
        return self._index


def open_index(folder: Path, words: Words) -> Index:
    """The index that `build` left in *folder*; *words* are those it was built with."""
    import tantivy

    wholes, lines = (tantivy.Index.open(str(folder / level)) for level in ("wholes", "lines"))
    return Index(words, wholes, lines)


class Index:
    """A built index; reading it is safe from several threads."""

    def __init__(
        self,
        words: Words,
        wholes: Any,
        lines: Any,
        ranking: Ranking = PLAIN,
        likeness: Likeness | None = None,
    ) -> None:
        self._words = words
        self._wholes = _Level(wholes)
        self._lines = _Level(lines)
        self._ranking = ranking
        self._likeness = likeness

    def search(
        self,
        text: str,
        limit: int = 10,
        among: frozenset[str] | None = None,
        by_line: bool = True,
    ) -> list[Hit]:
        """The best *limit* keys for a normalised text, best first; ties in key order.

        *by_line*: whether the best line of each counts, too; without, it takes half the time.
        """
        query = streams(text, self._words)
        power = self._ranking.repeats if is_spaced(text) else 1.0
        # Lines may lift a whole that is not among the first by itself.
        fetched = max(limit * 2, 30) if by_line else limit
        wholes, best = self._wholes.run(query, max(fetched, COMPARED), power, among)
        lines: list[tuple[str, str, float]] = []
        best_line = 0.0
        if by_line:
            lines, best_line = self._lines.run(query, LINES_FETCHED, power, among)
        top: dict[str, tuple[float, str]] = {}
        for key, name, score in lines:
            if key not in top:
                top[key] = (score, name)
        hits = []
        for key, _, whole in wholes:
            line_score, line = top.get(key, (0.0, None))
            total = whole + LINE_SHARE * line_score
            most = best + LINE_SHARE * best_line
            hits.append(Hit(key, total / most, line, line_score / (best_line or 1.0)))
        return self._rerank(text, query, _sort_hits(hits))[:limit]

    def _rerank(self, text: str, query: Streams, hits: list[Hit]) -> list[Hit]:
        """*hits* with the first ones put in order by their likeness to the question, too."""
        if self._likeness is None or not hits or not is_spaced(text):
            return hits
        share, most = self._ranking.likeness, hits[0].score
        first = [hit for hit in hits[:COMPARED] if hit.score >= NEAR * most]
        if len(first) == 1:
            return hits
        alike = self._likeness.shares(text, query, [hit.key for hit in first])
        # The best likeness is worth as much as the best score, so a score stays a share of 1.
        scores = [
            (hit.score + share * most * value) / (1 + share)
            for hit, value in zip(first, alike, strict=True)
        ]
        least = min(scores)
        rest = [replace(hit, score=min(hit.score, least)) for hit in hits[len(first) :]]
        return _sort_hits(map(_with_score, first, scores)) + rest

    def knows(self, word: str) -> bool:
        """Whether any text uses that word (as `tokens.words_of` gives it)."""
        return self._wholes.has("word", word)


def _sort_hits(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.key))


def _with_score(hit: Hit, score: float) -> Hit:
    return replace(hit, score=score)


class _Level:
    """One tantivy index: all wholes, or all lines, so that each has its own word statistics."""

    def __init__(self, index: Any) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self._size = self._searcher.num_docs
        self._rows: dict[tuple[int, int], tuple[str, str]] = {}
        self._clauses: dict[tuple[str, str, float], tuple[Any, float] | None] = {}
        self._filters: dict[frozenset[str], Any] = {}

    def run(
        self, query: Streams, limit: int, power: float, among: frozenset[str] | None = None
    ) -> tuple[list[tuple[str, str, float]], float]:
        """(key, name, score) of the best *limit* documents, and the score of a perfect one.

        *power*: of how often the question says a token; *among*: the keys that may be found.
        """
        from tantivy import Occur, Query

        terms = list(self._terms(query, power))
        if not terms:
            return [], 1.0
        should = Query.boolean_query([(Occur.Should, clause) for clause, _ in terms])
        if among is not None:
            should = Query.boolean_query([(Occur.Must, q) for q in (self._filter(among), should)])
        rows = []
        for score, address in self._searcher.search(should, limit=limit, count=False).hits:
            rows.append((*self._row(address), score))
        return rows, sum(ceiling for _, ceiling in terms)

    def has(self, field: str, token: str) -> bool:
        """Whether the token occurs in that field of any document."""
        return bool(self._searcher.doc_freq(field, token))

    def _row(self, address: Any) -> tuple[str, str]:
        """The key and name of a document; kept, since the same ones are hit again and again."""
        place = (address.segment_ord, address.doc)
        row = self._rows.get(place)
        if row is None:
            document = self._searcher.doc(address)
            row = (document.get_first("key"), document.get_first("name"))
            if len(self._rows) >= ROWS_KEPT:
                self._rows.clear()
            self._rows[place] = row
        return row

    def _filter(self, among: frozenset[str]) -> Any:
        """What finds the documents of these keys and adds nothing to their scores; kept."""
        from tantivy import Query

        if among not in self._filters:
            keys = Query.term_set_query(self._schema, "key", sorted(among))
            self._filters[among] = Query.boost_query(keys, 0.0)
        return self._filters[among]

    def _terms(self, query: Streams, power: float) -> Iterator[tuple[Any, float]]:
        """Each known term of the question with the most it could add to a score."""
        for field, weight in WEIGHTS.items():
            for token, said in Counter(getattr(query, field)).items():
                known = self._clause(field, token, weight * said_of(said) ** power)
                if known:
                    yield known

    def _clause(self, field: str, token: str, boost: float) -> tuple[Any, float] | None:
        """A term of a query and the most it could add, None for a token that does not occur;
        kept, since words come again.
        """
        key = (field, token, boost)
        if key not in self._clauses:
            if len(self._clauses) >= WORDS_KEPT:
                self._clauses.clear()
            self._clauses[key] = self._posting_weights(field, token, boost)
        return self._clauses[key]

    def _posting_weights(self, field: str, token: str, boost: float) -> tuple[Any, float] | None:
        from tantivy import Query

        df = self._searcher.doc_freq(field, token)
        if not df:
            return None
        idf = math.log(1 + (self._size - df + 0.5) / (df + 0.5))
        clause = Query.term_query(self._schema, field, token, "freq")
        return Query.boost_query(clause, boost), boost * idf * (1 + K1)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
