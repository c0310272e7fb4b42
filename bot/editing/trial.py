"""What an edit would do: tried on a copy of the overlay, in a process of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot import content_check
from bot.store.edits import FileEdit
from knowledge.engine import base as knowledge_base
from knowledge.engine.load import Loaded, entry_of
from knowledge.engine.normal import question_key
from knowledge.engine.source import ContentError, Problem
from rules import book as rule_book
from rules import examples
from rules.book import RuleBook
from rules.postings import overlay as overlays
from rules.proposal import Asked, concerns
from rules.questions.standalone import settled_by_example

STAGES = ("read", "compile", "examples", "questions")
"""What a trial does, one after the other."""
SUFFIXES = (".yaml", ".yml")
Told = Callable[[str], None]
"""Is told the stage that begins."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A question whose answer would be another: what it gets now and then."""

    question: str
    of: str
    """The entry whose example it is; nothing of one that somebody asked."""
    band: str
    entry: str
    section: str
    new_band: str
    new_entry: str
    new_section: str

    @property
    def is_gained(self) -> bool:
        """Whether it would be answered and is not now."""
        return self.band != "answer" and self.new_band == "answer"


@dataclass(frozen=True, slots=True)
class Found:
    """What a trial found."""

    problems: tuple[Problem, ...] = ()
    """What the check would newly report."""
    standing: int = 0
    """Errors that are there already, which keep the content from being taken."""
    asked: tuple[Shift, ...] = ()
    """The questions that the edit is for, changed or not."""
    shifts: tuple[Shift, ...] = ()
    """All others whose answer would change."""
    examined: int = 0
    """How many examples, near misses and questions were looked at."""
    unseen: int = 0
    """What concerns entries kept from whoever looks; how many, and no more."""

    @property
    def passes_check(self) -> bool:
        """Whether the content would still pass the check."""
        return not (self.problems or self.unseen) and self.examined > 0

    def hide_entries(self, hidden: frozenset[str]) -> Found:
        """What somebody is told from whom those entries are kept."""
        problems = tuple(p for p in self.problems if not concerns(p, hidden))
        asked, shifts = (
            tuple(s for s in told if hidden.isdisjoint((s.of, s.entry, s.new_entry)))
            for told in (self.asked, self.shifts)
        )
        gone = len(self.problems) - len(problems) + len(self.shifts) - len(shifts)
        return replace(
            self, problems=problems, asked=asked, shifts=shifts, unseen=self.unseen + gone
        )


def to_data(found: Found) -> dict[str, Any]:
    """What was found as JSON can hold it."""
    return asdict(found)


def from_data(data: dict[str, Any]) -> Found:
    """What was found again; nothing of a trial that has not ended."""
    problems = tuple(Problem(**one) for one in data.get("problems", ()))
    asked, shifts = (
        tuple(Shift(**one) for one in data.get(key, ())) for key in ("asked", "shifts")
    )
    numbers = {key: data.get(key, 0) for key in ("standing", "examined", "unseen")}
    return Found(problems, asked=asked, shifts=shifts, **numbers)


def try_out(
    root: Path,
    overlay: Path,
    edits: Iterable[FileEdit],
    asked: Iterable[Asked] = (),
    others: Iterable[Asked] = (),
    told: Told = lambda _: None,
) -> Found:
    """What the *edits* of *overlay* would do to the whole content.

    *asked*: the questions that they are for; *others*: more that somebody has asked. It compiles,
    which takes seconds, and learns words: call it in a process of its own.
    """
    with tempfile.TemporaryDirectory(prefix="zhiwen-trial-") as folder:
        copy = _copy(overlay, Path(folder) / "overlay" / overlay.name)
        for edit in edits:
            _write(copy / edit.path, edit.after)
        own = copy / overlays.KNOWLEDGE
        touched = frozenset(filter(None, (entry_of(copy / edit.path, own) for edit in edits)))
        work = _Work(root, overlay, copy, Path(folder), touched)
        try:
            return work.run_stages(tuple(asked), tuple(others), told)
        except ContentError as error:
            return Found(tuple(error.problems))


class _Work:
    """One trial: the content now and then, and where they are."""

    def __init__(
        self, root: Path, overlay: Path, copy: Path, folder: Path, touched: frozenset[str]
    ) -> None:
        self.root, self.overlay, self.copy, self.folder = root, overlay, copy, folder
        self.touched = touched

    def run_stages(self, asked: tuple[Asked, ...], others: tuple[Asked, ...], told: Told) -> Found:
        """The stages one after the other; after an error nothing more is known."""
        told("read")
        read = content_check.read_content(self.root, self.copy)
        new = self._with_file_names(content_check.read_problems(self.root, self.copy, read))
        known = self._known_problems() if new else frozenset()
        fresh = tuple(p for p in new if (p.file, p.message) not in known)
        standing = sum(p.level == "error" for p in new) - sum(p.level == "error" for p in fresh)
        if any(problem.level == "error" for problem in new):
            return Found(fresh, standing)
        told("compile")
        then, now = self._book(self.copy, self.folder), self._book(self.overlay)
        told("examples")
        failing = self._with_file_names(content_check.try_examples(read, then, self.touched))
        if failing:
            before = content_check.try_examples(
                content_check.read_content(self.root, self.overlay), now, self.touched
            )
            known = frozenset((p.file, p.message) for p in before)
            failing = [p for p in failing if (p.file, p.message) not in known]
        told("questions")
        shifts = [*_examples(read, now, then), *_shifts(others, now, then)]
        mine = tuple(_shift(one, now, then) for one in dict.fromkeys(asked))
        kept = {shift.question for shift in mine}
        return Found(
            (*fresh, *sorted(failing)), 0, mine,
            tuple(shift for shift in shifts if shift.question not in kept), _count(read, others),
        )  # fmt: skip

    def _book(self, overlay: Path, into: Path | None = None) -> RuleBook:
        """The rules over the content of *overlay*; no edit changes its rules for postings."""
        own = overlays.knowledge(overlay)
        base = knowledge_base.open_base(self.root, into=into, own=own)
        return rule_book.open_book(base, overlay=self.overlay, into=into)

    def _known_problems(self) -> frozenset[tuple[str, str]]:
        """What the check reports on the content as it is."""
        read = content_check.read_content(self.root, self.overlay)
        present = content_check.read_problems(self.root, self.overlay, read)
        return frozenset((p.file, p.message) for p in present)

    def _with_file_names(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems with the files named as they are in the overlay itself."""
        old, new = self.copy.as_posix(), self.overlay.as_posix()
        return [replace(p, file=p.file.replace(old, new)) for p in problems]


def _copy(overlay: Path, target: Path) -> Path:
    """The YAML files of an overlay, below *target*."""
    target.mkdir(parents=True)
    for path in overlay.rglob("*"):
        if path.suffix in SUFFIXES and path.is_file():
            _place(target / path.relative_to(overlay))
            shutil.copyfile(path, target / path.relative_to(overlay))
    return target


def _place(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        _place(path)
        path.write_bytes(text.encode("utf-8"))


def _examples(read: Loaded, now: RuleBook, then: RuleBook) -> list[Shift]:
    """The examples, all of them, that something else would be answered with."""
    shifts = []
    for id_, texts in read.texts.items():
        for entry in texts.values():
            for example in entry.examples:
                was = settled_by_example(example.ask, now)
                will = settled_by_example(example.ask, then)
                if was != will and was is not None:
                    shifts.append(Shift(example.ask, id_, "answer", *was, *_answer_key(will)))
    return shifts


def _answer_key(settled_: tuple[str, str] | None) -> tuple[str, str, str]:
    return ("answer", *settled_) if settled_ else ("decline", "", "")


def _shifts(asked: Iterable[Asked], now: RuleBook, then: RuleBook) -> list[Shift]:
    """The questions whose answer would be another."""
    shifts = (_shift(one, now, then) for one in _unique(asked))
    return [
        s for s in shifts
        if (s.band, s.entry, s.section) != (s.new_band, s.new_entry, s.new_section)
    ]  # fmt: skip


def _unique(asked: Iterable[Asked]) -> list[Asked]:
    return list({question_key(one[0]): one for one in asked}.values())


def _shift(asked: Asked, now: RuleBook, then: RuleBook) -> Shift:
    return Shift(asked[0], "", *_decision(asked, now), *_decision(asked, then))


def _decision(asked: Asked, book: RuleBook) -> tuple[str, str, str]:
    found = examples.decide(asked[0], asked[1], book)
    return str(found.band), found.entry or "", found.section or ""


def _count(read: Loaded, others: tuple[Asked, ...]) -> int:
    entries = (entry for told in read.texts.values() for entry in told.values())
    return sum(len(e.examples) + len(e.near_misses) for e in entries) + len(others)
