"""What a use of the index may choose for itself, and what is chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """How hits are weighed; what a use of the index may choose for itself."""

    repeats: float = 1.0
    """Power of how often a question says a word: below 1, "the … the … the" says less.

    Like likeness, for questions in scripts with spaces alone."""
    likeness: float = 0.0
    """What the likeness as wholes adds to the first hits, beside BM25's 1."""


PLAIN = Ranking()
"""The assistant's: its own weights were fitted to these scores."""
DOCUMENTS = Ranking(repeats=0.5, likeness=0.7)
"""That of `zhiwen search`: chosen on public sets, long questions and short commands among them."""
