"""The nouns of learning from use: Spelling, Cluster, Day, Verdict, Report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which a question of a cluster was typed, and how often."""

    question: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Open questions that ask much the same."""

    id: int
    """The smallest id among its questions."""
    newest: int
    """The largest id among them."""
    question: str
    """The one that stands for all: asked most often, in its most frequent spelling."""
    count: int
    declined: int
    """How many of them were declined; the others were only suggested to."""
    spellings: tuple[Spelling, ...]
    """The most frequent first."""
    languages: tuple[str, ...]
    """The most frequent first."""
    near: tuple[str, ...]
    """The entries that came nearest, best first."""
    ids: tuple[int, ...]

    @property
    def unanswered(self) -> bool:
        """Whether most of its questions were declined."""
        return 2 * self.declined >= self.count


@dataclass(frozen=True, slots=True)
class Day:
    """How the questions of one day fared."""

    date: str
    answer: int = 0
    suggest: int = 0
    decline: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.answer + self.suggest + self.decline


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people thought of the answers from one section of an entry."""

    entry: str | None
    section: str
    good: int
    bad: int
    reasons: tuple[str, ...]
    """Given with a thumb down, the newest first."""
    questions: tuple[str, ...]
    """That got a thumb down, the newest first."""


Counted = tuple[tuple[str, int], ...]
"""(value, count), the most frequent first."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is shown about some days."""

    days: tuple[Day, ...]
    """One after the other, none left out."""
    bands: Counted
    languages: Counted
    functions: Counted
    good: int
    bad: int
    verdicts: tuple[Verdict, ...]
    """Those with the most thumbs down first."""
    clusters: tuple[Cluster, ...]
    """The largest first."""

    @property
    def total(self) -> int:
        """Questions in all."""
        return sum(day.total for day in self.days)

    @property
    def unanswered(self) -> tuple[Cluster, ...]:
        """Clusters that were mostly declined."""
        return tuple(cluster for cluster in self.clusters if cluster.unanswered)

    @property
    def weak_clusters(self) -> tuple[Cluster, ...]:
        """Clusters that mostly got suggestions."""
        return tuple(cluster for cluster in self.clusters if not cluster.unanswered)
