"""A proposal: the patch for a change and what it would do, tried in a process of its own."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.engine.source import ContentError, Problem
from rules import proposal
from rules.proposal import Asked, Change, Shift, Trial

MAX_QUESTIONS = 50
"""Questions that are asked before and after."""
_one_at_a_time = threading.Lock()


class Occupied(Exception):
    """Another proposal is being tried; each takes all of one core."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an editor looks at before applying the patch."""

    change: Change
    file: str
    diff: str
    trial: Trial


def propose(
    root: Path,
    change: Change,
    questions: Iterable[Asked] = (),
    overlay: Path | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Proposal:
    """Try *change* on a copy of the content below *root*; takes seconds. Raises Unfit, Occupied.

    Its own text is asked before and after, and the first of the *questions*. Nothing is told of
    *hidden* entries, which are kept from whoever asks.
    """
    import multiprocessing

    patch = proposal.prepare(root, change)
    own = (proposal.tidy(change.text), change.language)
    asked = tuple(dict.fromkeys((own, *questions)))[:MAX_QUESTIONS]
    if not _one_at_a_time.acquire(blocking=False):
        raise Occupied
    try:
        # Another process, because words are learnt there that this one must not know.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            trial = pool.submit(proposal.try_out, root, patch, asked, overlay, hidden).result()
    except ContentError as error:
        trial = Trial(tuple(error.problems), (), (), 0).hide_entries(hidden)
    finally:
        _one_at_a_time.release()
    return Proposal(change, patch.file, patch.diff, trial)


def to_data(made: Proposal) -> dict[str, Any]:
    """The proposal as JSON can hold it."""
    return dataclasses.asdict(made)


def from_data(data: dict[str, Any]) -> Proposal:
    """The proposal again."""
    trial = data["trial"]
    return Proposal(
        Change(**data["change"]),
        data["file"],
        data["diff"],
        Trial(
            tuple(Problem(**one) for one in trial["problems"]),
            tuple(Problem(**one) for one in trial["failing"]),
            tuple(Shift(**one) for one in trial["shifts"]),
            trial["examined"],
            trial.get("unseen", 0),
        ),
    )
