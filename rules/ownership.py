"""Whose a task is where several roles speak of it, and what disagrees about that.

A checklist names the owner of an item, a role names its duties, postings show duties by their
signals: where the three give one task to different roles, a question gets one of three answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import Checklist, Role
from knowledge.engine.normal import compact_text
from knowledge.engine.source import Place, Problem
from rules.postings import task
from rules.postings.posting_rules import PostingRules
from rules.task_rules import SharedWork, TaskRule

TASKS, SHARED = "tasks.yaml", "shared_work.yaml"
CLEAR = 3.0
"""Evidence from which on the signals give a line to a role."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says, of some role, that it does something."""

    role: str
    text: str
    problem: tuple[str, Place]
    """The entry, and where in it the line stands."""


def named_task(text: str, tasks: Sequence[TaskRule]) -> TaskRule | None:
    """The task that *text* names in its longest word, if it names one."""
    whole = compact_text(text)
    best: tuple[int, TaskRule] | None = None
    for rule in tasks:
        for _, phrase in rule.words.all():
            word = compact_text(phrase)
            if _stands_in(word, whole) and (best is None or len(word) > best[0]):
                best = (len(word), rule)
    return best[1] if best else None


def _stands_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


def lines(loaded: Loaded) -> Iterator[Line]:
    """Every item of a checklist that has an owner, and every duty of a role."""
    for id_, texts in loaded.texts.items():
        entry = texts[PRIMARY]
        if isinstance(entry, Role):
            for i, duty in enumerate(entry.responsibilities):
                yield Line(id_, duty, (id_, ("responsibilities", i)))
        if isinstance(entry, Checklist):
            for i, pause in enumerate(entry.pause_points):
                for j, item in enumerate(pause.items):
                    if item.owner_role:
                        place: Place = ("pause_points", i, "items", j, "owner_role")
                        yield Line(item.owner_role, item.text, (id_, place))


def check(
    loaded: Loaded, pack: PostingRules, tasks: Sequence[TaskRule], shared: Sequence[SharedWork]
) -> Iterator[Problem]:
    """Every line whose task a checklist, a role and the signals give to different roles.

    Lines of an organization's own content are its own business.
    """
    for line in lines(loaded):
        id_, place = line.problem
        if id_ in loaded.own:
            continue
        message = _disagrees(line, pack, tasks, shared)
        if message:
            yield loaded.documents[id_, PRIMARY].problem(place, message)


def _disagrees(
    line: Line, pack: PostingRules, tasks: Sequence[TaskRule], shared: Sequence[SharedWork]
) -> str:
    """What is wrong with whose this line is, "" for nothing."""
    rule = named_task(line.text, tasks)
    if rule and line.role not in rule.parties:
        return (
            f"'{line.text}' is {line.role} here, but '{rule.task}' of rules/{TASKS} is {rule.owner}"
        )
    signalled = task.owner(line.text, pack)
    if signalled is None or signalled.score < CLEAR:
        return ""
    other = f"role.{signalled.function}"
    if other == line.role or (rule and other in rule.parties):
        return ""
    if any(_explains(one, line, other) for one in shared):
        return ""
    words = ", ".join(signal.text for signal in signalled.signals)
    return (
        f"'{line.text}' is {line.role} here, but the signals of postings give it to {other}"
        f" ({words}): change one of them, or say in rules/{SHARED} how the two divide it"
    )


def _explains(one: SharedWork, line: Line, other: str) -> bool:
    return {line.role, other} <= set(one.roles) and any(word in line.text for word in one.words)


def unknown_roles(
    rules: Sequence[TaskRule], shared: Sequence[SharedWork], loaded: Loaded
) -> Iterator[Problem]:
    """Roles that these rules name and nobody has."""
    rows = [(TASKS, i, (rule.owner, *rule.also)) for i, rule in enumerate(rules)]
    rows += [(SHARED, i, one.roles) for i, one in enumerate(shared)]
    for name, i, ids in rows:
        for id_ in ids:
            if id_ not in loaded.texts:
                yield Problem(f"rules/{name}", i + 1, "error", f"there is no entry '{id_}'")
