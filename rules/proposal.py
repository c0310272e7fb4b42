"""A change to the content that an editor may make: its patch, and what it would do to the rest.

Nothing here writes into the content: `prepare` gives the text, `try_out` works on a copy.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.engine import base as knowledge_base
from knowledge.engine import insert, lexicon, load, shape
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import KINDS, LANGUAGES, Entry
from knowledge.engine.normal import compact, question_key
from knowledge.engine.source import Problem
from rules import book as rule_book
from rules import examples
from rules.book import RuleBook
from rules.postings import overlay as overlays

Kind = Literal["alias", "example", "near_miss"]
FIELDS: dict[str, str] = {"alias": "aliases", "example": "examples", "near_miss": "near_misses"}
"""What is proposed -> the list of the entry that it is added to."""
MAX_TEXT = 200
Asked = tuple[str, str]
"""A question and its language."""


class Unfit(Exception):
    """The change cannot be made; the reason is one of REASONS."""

    REASONS = (
        "no_entry", "no_kind", "no_translation", "no_section", "empty", "too_long", "there",
        "layout",
    )  # fmt: skip

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Change:
    """One line to add to an entry."""

    entry: str
    kind: str
    text: str
    language: str
    section: str = ""
    """The section that answers an example; none for the whole entry."""

    @property
    def item(self) -> insert.Item:
        """What the list of the entry is given."""
        text = tidy(self.text)
        if self.kind == "example" and self.section:
            return {"ask": text, "section": self.section}
        return text


@dataclass(frozen=True, slots=True)
class Patch:
    """A content file before and after a change."""

    file: str
    """Below the folder that holds the content: ``knowledge/roles/brand.yaml``."""
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as ``git apply`` and ``patch -p1`` take it."""
        rows = difflib.unified_diff(
            _lines(self.before), _lines(self.after), f"a/{self.file}", f"b/{self.file}"
        )
        return "".join(
            row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows
        )


@dataclass(frozen=True, slots=True)
class Shift:
    """What a question gets before and after: its band, and the entry if it is answered."""

    question: str
    band: str
    entry: str
    new_band: str
    new_entry: str

    @property
    def is_gained(self) -> bool:
        """Whether it would be answered and is not now."""
        return self.band != "answer" and self.new_band == "answer"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would do to the whole content."""

    problems: tuple[Problem, ...]
    """What the check would newly report; after an error nothing else is known."""
    failing: tuple[Problem, ...]
    """Examples and near misses that would fail and do not fail now."""
    shifts: tuple[Shift, ...]
    """The questions that the change is for."""
    examined: int
    """How many examples and near misses were put through."""
    unseen: int = 0
    """Problems and failures that concern entries kept from whoever asks; how many, and no more."""

    @property
    def passes_check(self) -> bool:
        """Whether the content would still pass the check."""
        return not (self.problems or self.failing or self.unseen)

    def hide_entries(self, hidden: frozenset[str]) -> Trial:
        """What somebody is told from whom those entries are kept."""
        seen = [
            tuple(problem for problem in found if not concerns(problem, hidden))
            for found in (self.problems, self.failing)
        ]
        gone = len(self.problems) + len(self.failing) - sum(map(len, seen))
        shifts = tuple(s for s in self.shifts if hidden.isdisjoint((s.entry, s.new_entry)))
        return Trial(seen[0], seen[1], shifts, self.examined, self.unseen + gone)


def concerns(problem: Problem, hidden: frozenset[str]) -> bool:
    """Whether a problem lies in the file of one of those entries, or names one."""
    for id_ in hidden:
        kind, _, slug = id_.partition(".")
        if problem.file.endswith(f"/{KINDS[kind][1]}/{slug}.yaml"):
            return True
        if re.search(rf"(?<![\w.]){re.escape(id_)}(?!\w)", problem.message):
            return True
    return False


def prepare(root: Path, change: Change) -> Patch:
    """The patch for *change* to the content below *root*. Raises Unfit."""
    kind, _, slug = change.entry.partition(".")
    if change.kind not in FIELDS or change.language not in LANGUAGES:
        raise Unfit("no_kind")
    text = tidy(change.text)
    if not question_key(text):
        raise Unfit("empty")
    if len(text) > MAX_TEXT:
        raise Unfit("too_long")
    if kind not in KINDS or not slug.replace("_", "").isalnum():
        raise Unfit("no_entry")
    cls, folder = KINDS[kind]
    if change.section and change.section not in sections_of(change.entry):
        raise Unfit("no_section")
    own = root / folder / f"{slug}.yaml"
    if not own.is_file():
        raise Unfit("no_entry")
    path = own
    if change.language != PRIMARY:
        path = root / "translations" / change.language / folder / f"{slug}.yaml"
        if not path.is_file():
            raise Unfit("no_translation")
    key, order = FIELDS[change.kind], [field.key for field in shape.fields_of(cls)]
    try:
        before = path.read_bytes().decode("utf-8")
        after = insert.add_item(before, key, change.item, order, flow=change.kind == "alias")
    except (insert.CannotInsert, UnicodeDecodeError):
        raise Unfit("layout") from None
    if _is_there(change.kind, text, before, after, key):
        raise Unfit("there")
    return Patch(path.relative_to(root.parent).as_posix(), before, after)


def sections_of(entry: str) -> tuple[str, ...]:
    """The fields of an entry that may answer a question, in their order."""
    cls, _ = KINDS[entry.partition(".")[0]]
    keys = (field.key for field in shape.fields_of(cls))
    common = {field.key for field in shape.fields_of(Entry)} - {"summary", "not_covered"}
    return tuple(key for key in keys if key not in common)


def tidy(text: str) -> str:
    """*text* on one line, without what cannot be printed."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _lines(text: str) -> list[str]:
    """The lines as `patch` counts them: only a line feed ends one."""
    return [line + "\n" for line in text.split("\n")[:-1]] + list(
        filter(None, text.split("\n")[-1:])
    )


def _is_there(kind: str, text: str, before: str, after: str, key: str) -> bool:
    """Whether the list has it already, in another spelling perhaps."""
    from knowledge.engine import source

    same = question_key if kind != "alias" else lambda told: compact(told).text
    value = source.parse(before.encode("utf-8"), "").value
    told = [item["ask"] if isinstance(item, dict) else item for item in value.get(key) or []]
    if kind == "alias":
        told.append(value.get("title", ""))
    return same(text) in {same(item) for item in told}


def try_out(
    root: Path,
    patch: Patch,
    questions: Iterable[Asked] = (),
    overlay: Path | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Trial:
    """What *patch* would do, tried on a copy of the content below *root*.

    The whole is checked, and told as somebody may hear it from whom *hidden* entries are kept:
    their questions are answered without these.

    Call it in a process of its own where others wait for this one: it compiles, which takes
    seconds.
    """
    questions = tuple(dict.fromkeys(questions))
    with tempfile.TemporaryDirectory(prefix="zhiwen-trial-") as folder:
        copy = _copy(root, Path(folder) / "content" / root.name)
        (copy.parent / patch.file).write_bytes(patch.after.encode("utf-8"))
        own = overlays.knowledge(overlay)
        then = knowledge_base.problems(copy, own)
        present = knowledge_base.problems(root, own) if then else []
        known = {(p.file, p.message) for p in present}
        new = tuple(p for p in then if p.level == "error" or (p.file, p.message) not in known)
        if any(problem.level == "error" for problem in new):
            return Trial(new, (), (), 0).hide_entries(hidden)
        old = rule_book.open_book(knowledge_base.open_base(root, own=own), overlay=overlay)
        base = knowledge_base.open_base(copy, into=Path(folder), own=own)
        book = rule_book.open_book(base, overlay=overlay, into=Path(folder))
        loaded = load.load(copy, own)
        failing = _new_failures(examples.check(loaded, book), old, root, own)
        if hidden:
            base = knowledge_base.open_base(root, own=own, hidden=hidden)
            old = rule_book.open_book(base, overlay=overlay)
            into = Path(tempfile.mkdtemp(dir=folder))
            base = knowledge_base.open_base(copy, into=into, own=own, hidden=hidden)
            book = rule_book.open_book(base, overlay=overlay, into=into)
        shifts = tuple(
            Shift(asked[0], *_decision(asked, old), *_decision(asked, book)) for asked in questions
        )
    return Trial(new, failing, shifts, _count(loaded, hidden)).hide_entries(hidden)


def _decision(asked: Asked, book: RuleBook) -> tuple[str, str]:
    found = examples.decide(asked[0], asked[1], book)
    return str(found.band), found.entry or ""


def _copy(root: Path, target: Path) -> Path:
    """The files that content is made of, below *target*."""
    for path in (*load.files(root), *lexicon.paths(root)):
        if path.is_file():
            new = target / path.relative_to(root)
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, new)
    return target


def _new_failures(
    failing: list[Problem], old: RuleBook, root: Path, own: Path | None
) -> tuple[Problem, ...]:
    """Those that do not fail on the present content, which *old* is the book over."""
    if not failing:
        return ()
    loaded = load.load(root, own)
    files = {problem.file for problem in failing}
    texts = {
        id_: {lang: e for lang, e in told.items() if loaded.documents[id_, lang].file in files}
        for id_, told in loaded.texts.items()
    }
    only = Loaded(texts=texts, documents=loaded.documents)
    known = {(problem.file, problem.message) for problem in examples.check(only, old)}
    return tuple(p for p in sorted(failing) if (p.file, p.message) not in known)


def _count(loaded: Loaded, hidden: frozenset[str]) -> int:
    seen = (told for id_, told in loaded.texts.items() if id_ not in hidden)
    entries = (entry for told in seen for entry in told.values())
    return sum(len(entry.examples) + len(entry.near_misses) for entry in entries)
