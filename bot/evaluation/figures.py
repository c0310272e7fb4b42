"""Accuracy, macro-F1, coarse accuracy, and precision and recall of what is out of scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rules.postings.model import OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1; None where nothing was there to count."""

    count: int
    accuracy: float
    macro_f1: float
    """Mean F1 over every class that was expected, ``out_of_scope`` among them."""
    coarse: float
    out_precision: float | None
    out_recall: float | None

    HEADER: ClassVar[str] = (
        f"{'':10}{'n':>6}{'accuracy':>10}{'macro-F1':>10}{'coarse':>9}{'out P':>8}{'out R':>8}"
    )

    def line(self, name: str) -> str:
        """One row under HEADER."""
        return (
            f"{name:10}{self.count:>6}{100 * self.accuracy:>9.1f}%{self.macro_f1:>10.3f}"
            f"{100 * self.coarse:>8.1f}%{_percent(self.out_precision):>8}"
            f"{_percent(self.out_recall):>8}"
        )


def measure(pairs: Iterable[tuple[str, str]], groups: Mapping[str, str]) -> Figures:
    """The figures of (expected, got) pairs; *groups* maps a function to its department."""
    pairs = list(pairs)
    expected, got = Counter(e for e, _ in pairs), Counter(g for _, g in pairs)
    right = Counter(e for e, g in pairs if e == g)
    scores = [2 * right[name] / (count + got[name]) for name, count in expected.items()]
    return Figures(
        count=len(pairs),
        accuracy=_ratio(sum(right.values()), len(pairs)) or 0.0,
        macro_f1=sum(scores) / len(scores) if scores else 0.0,
        coarse=_ratio(
            sum(department_of(e, groups) == department_of(g, groups) for e, g in pairs), len(pairs)
        )
        or 0.0,
        out_precision=_ratio(right[OUT_OF_SCOPE], got[OUT_OF_SCOPE]),
        out_recall=_ratio(right[OUT_OF_SCOPE], expected[OUT_OF_SCOPE]),
    )


def department_of(function: str, groups: Mapping[str, str]) -> str:
    """The department of a function; what is out of scope stands for itself."""
    return groups.get(function, function)


def share(part: int, whole: int) -> str:
    """A percentage as people read it."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}%"
