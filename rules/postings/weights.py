"""``weights.yaml`` of an overlay: phrases that count more or less, learnt from corrections."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from knowledge.engine import shape, source
from knowledge.engine.marks import FieldName, Structure
from knowledge.engine.source import Problem

FILE = "weights.yaml"
LEAST, MOST = 50, 150
"""Hundredths."""


@dataclass(frozen=True, slots=True)
class Weight:
    """By how much the weight of a phrase of a function is multiplied."""

    function: FieldName
    phrase: Annotated[str, Structure(r".+", "a phrase")]
    times: int
    """In hundredths, 50 to 150."""


def read(folder: Path) -> tuple[list[Weight], list[Problem]]:
    """The weights of an overlay folder, none where it has no such file; and what is wrong."""
    path = folder / FILE
    if not path.is_file():
        return [], []
    document = source.read(path, path.as_posix())
    values = document.value if isinstance(document.value, list) else []
    if document.value is not None and not isinstance(document.value, list):
        document.problems.append(document.problem((), "expected a list, each item with a dash"))
    built = [shape.build(Weight, document, value, (i,)) for i, value in enumerate(values)]
    if not document.problems:
        for i, weight in enumerate(built):
            if not LEAST <= weight.times <= MOST:
                message = f"a phrase counts {LEAST} to {MOST} hundredths"
                document.problems.append(document.problem((i, "times"), message))
    return ([] if document.problems else built), document.problems


def text(weights: dict[tuple[str, str], float]) -> str:
    """The file for these weights, the strongest changes first."""
    lines = [
        "# Learnt from corrections by `zhiwen fit`: by how much (in hundredths) a phrase counts",
        "# more or less. Delete the file to undo it all.",
    ]
    order = sorted(weights.items(), key=lambda row: (-abs(row[1] - 1), row[0]))
    for (function, phrase), times in order:
        told = phrase.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'- {{function: {function}, phrase: "{told}", times: {round(times * 100)}}}')
    return "\n".join(lines) + "\n"
