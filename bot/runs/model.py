"""The nouns of checklist runs: a run with all that is shown of it, and what it does not allow."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from bot.records import Mark, Run
from bot.texts import say
from knowledge.engine import shape
from knowledge.engine.model import Checklist
from rules.checklists.progress import Line, Progress, Section, keys, progress

YEARS = range(2000, 2101)
TEMPLATES = 256
"""Checklists of runs that are held read."""


class ActionNotAllowed(Exception):
    """What a run does not allow now; ``runs.refused.<reason>`` is the sentence.

    *reason*: rights, gates, why (no reason given), order, date, long, open (is not closed), empty,
    link, no_list, large, repeat.
    """

    def __init__(self, reason: str, items: tuple[str, ...] = ()) -> None:
        super().__init__(reason, items)
        self.reason, self.items = reason, items

    def message(self, language: str) -> str:
        """The sentence, naming what is in the way."""
        told = say(language, "list.semicolon").join(self.items)
        return say(language, f"runs.refused.{self.reason}", items=told)


@dataclass(frozen=True, slots=True)
class View:
    """A run with all that is shown of it."""

    run: Run
    checklist: Checklist
    progress: Progress
    roles: dict[str, str]
    """Every role that owns an item -> what people call it."""

    def mark(self, item: str) -> Mark | None:
        """What was said about an item, if anything."""
        return self.run.marks.get(item)

    def owner(self, line: Line) -> str:
        """Who does an item: the role, and the person who holds it here."""
        role = line.item.owner_role
        if role is None:
            return ""
        held = self.run.owners.get(role)
        return f"{self.roles[role]} ({held})" if held and held != role else self.roles[role]

    def holder_name(self, line: Line) -> str | None:
        """The name of the person who has the item, by its role; None where nobody has it."""
        role = line.item.owner_role
        return (self.run.owners.get(role) if role else None) or None

    def is_for(self, line: Line, name: str) -> bool:
        """Whether that person is reminded of an item: who has it, else whoever began the run."""
        return (self.holder_name(line) or self.run.created_by) == name


def section_title(section: Section, language: str) -> str:
    """A pause point as a heading: its name, and who calls it where that is known."""
    if not section.caller:
        return section.name
    return say(language, "pause.caller", name=section.name, caller=section.caller)


def checklist_of(run: Run) -> Checklist:
    """The frozen copy of a run."""
    return _read(json.dumps(run.template, ensure_ascii=False))


@lru_cache(TEMPLATES)
def _read(template: str) -> Checklist:
    """A checklist is read once for all the runs that were begun with it."""
    return cast(Checklist, shape.revive(Checklist, json.loads(template)))


def progress_of(run: Run, today: datetime.date | None = None) -> Progress:
    """How far a run is; without a day nothing is late."""
    return progress_with(checklist_of(run), run, today)


def progress_with(checklist: Checklist, run: Run, today: datetime.date | None = None) -> Progress:
    """The same with the frozen copy read already."""
    states = {item: mark.state for item, mark in run.marks.items()}
    anchor = datetime.date.fromisoformat(run.anchor) if run.anchor else None
    return progress(checklist, states, anchor, today)


def roles_of(checklist: Checklist) -> list[str]:
    """The roles that own items, in the order in which they come up."""
    return list(dict.fromkeys(item.owner_role for _, item in keys(checklist) if item.owner_role))


def date(text: str | None) -> str | None:
    """YYYY-MM-DD, or None for nothing. Raises ActionNotAllowed for what is no date of our time."""
    if text is None or not text.strip():
        return None
    try:
        found = datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise ActionNotAllowed("date") from None
    if found.year not in YEARS or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        raise ActionNotAllowed("date")
    return found.isoformat()
