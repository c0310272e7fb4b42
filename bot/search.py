"""`zhiwen search`: the same normalisation, tokens and index over any documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from knowledge.engine import index
from knowledge.engine.normal import fold
from knowledge.engine.ranking import DOCUMENTS
from knowledge.engine.words import Words

RANKED = 10


@dataclass(slots=True)
class Figures:
    """Counts over queries, and what follows from them."""

    queries: int = 0
    at_1: int = 0
    at_5: int = 0
    reciprocal: float = 0.0
    inside: tuple[float, ...] = ()
    outside: tuple[float, ...] = ()

    def line(self) -> str:
        """The figures as people read them."""
        n = self.queries or 1
        parts = [
            f"queries {self.queries}",
            f"hit@1 {100 * self.at_1 / n:.1f}",
            f"hit@5 {100 * self.at_5 / n:.1f}",
            f"MRR {self.reciprocal / n:.4f}",
        ]
        if self.inside and self.outside:
            parts.append(f"AUROC {100 * _auroc(self.inside, self.outside):.1f}")
        return "  ".join(parts)


def build(path: str) -> index.Index:
    """An index in memory over the documents of a JSONL file. Raises BadInput.

    Chinese is cut by jieba's dictionary alone: the documents may be about anything.
    """
    texts = []
    for number, row in _rows(path):
        if not isinstance(row.get("text"), str) or "doc_id" not in row:
            raise BadInput(f'{path}:{number}: expected "doc_id" and a text "text"')
        alternates = row.get("alternates") or []
        if not isinstance(alternates, list):
            raise BadInput(f"{path}:{number}: alternates must be a list of texts")
        parts = [row.get("title") or "", row["text"], *alternates]
        if not all(isinstance(part, str) for part in parts):
            raise BadInput(f"{path}:{number}: title and alternates must be text")
        folded = tuple(dict.fromkeys(fold(part) for part in parts if part.strip()))
        lines = tuple((str(i), part) for i, part in enumerate(folded)) if len(folded) > 1 else ()
        texts.append(index.Text(str(row["doc_id"]), "\n".join(folded), lines))
    return index.build(texts, Words(), ranking=DOCUMENTS)


def run(docs: str, queries: str, as_json: bool) -> Iterator[str]:
    """Lines to print: one a query with *as_json*, else the figures."""
    found, figures = build(docs), Figures()
    for number, row in _rows(queries):
        if not isinstance(row.get("query"), str):
            raise BadInput(f'{queries}:{number}: expected a text "query"')
        among = row.get("candidates")
        if among is not None and not isinstance(among, list):
            raise BadInput(f"{queries}:{number}: candidates must be a list of doc_ids")
        allowed = frozenset(map(str, among)) if among is not None else None
        hits = found.search(fold(row["query"]), RANKED, allowed)
        if as_json:
            ranked = [{"doc_id": hit.key, "score": round(hit.score, 6)} for hit in hits]
            yield json.dumps({"query": row["query"], "ranked": ranked}, ensure_ascii=False)
        else:
            _count(figures, row.get("doc_id"), hits)
    if not as_json:
        yield figures.line()


def _count(figures: Figures, wanted: Any, hits: list[index.Hit]) -> None:
    top = hits[0].score if hits else 0.0
    if wanted is None:
        figures.outside += (top,)
        return
    figures.inside += (top,)
    figures.queries += 1
    ranks = [i for i, hit in enumerate(hits, 1) if hit.key == str(wanted)]
    if ranks:
        figures.at_1 += ranks[0] == 1
        figures.at_5 += ranks[0] <= 5
        figures.reciprocal += 1 / ranks[0]


def _auroc(inside: tuple[float, ...], outside: tuple[float, ...]) -> float:
    """The chance that a random in-scope top score is above a random out-of-scope one."""
    import bisect

    below = sorted(outside)
    wins = sum(
        (bisect.bisect_left(below, score) + bisect.bisect_right(below, score)) / 2
        for score in inside
    )
    return wins / (len(inside) * len(outside))


def _rows(path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with Path(path).open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _object(line, f"{path}:{number}")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text; save it as UTF-8") from None


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{place}: not JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadInput(f"{place}: expected a JSON object")
    return row
