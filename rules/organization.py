"""A company's units and their tasks -> its organization entry: who does what under which name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process

from knowledge.engine.normal import compact
from rules import ownership
from rules.book import RuleBook
from rules.postings import task


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One line of a company's own list: a unit, what it does, whom it reports to."""

    number: int
    """Its line in the file, from 1."""
    unit: str
    tasks: tuple[str, ...]
    reports_to: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and what to do."""

    number: int
    message: str


def role_of(words: str, book: RuleBook) -> str | None:
    """The role that a task in a few words, a role's name or its id belongs to."""
    if words in book.base.languages and words.startswith("role."):
        return words
    wanted = compact(words).text.replace(" ", "")
    for name in book.base.names:
        if name.entry.startswith("role.") and name.text.replace(" ", "") == wanted:
            return name.entry
    rule = ownership.named_task(words, book.tasks)
    if rule and rule.owner.startswith("role."):
        return rule.owner
    found = task.owner(words, book.pack)
    role = f"role.{found.function}" if found else ""
    return role if role in book.base.languages else None


def faults(lines: Sequence[UnitLine], book: RuleBook) -> Iterator[Fault]:
    """Everything wrong with the list, each with its line and remedy."""
    owners: dict[str, UnitLine] = {}
    for line in lines:
        for words in line.tasks:
            role = role_of(words, book)
            if role is None:
                near = ", ".join(_similar_roles(words, book))
                yield Fault(
                    line.number, f"'{words}' is no task that is known; write a role, e.g. {near}"
                )
            elif (first := owners.setdefault(role, line)).unit != line.unit:
                yield Fault(
                    line.number,
                    f"'{words}' ({role}) is owned by '{first.unit}' on line {first.number} already;"
                    " leave it in one unit",
                )
    yield from _circles(lines)


def _similar_roles(words: str, book: RuleBook) -> list[str]:
    """Roles whose titles are like the words."""
    titles = {id_: book.base.title(id_, "zh") for id_ in book.base.ids("role")}
    return [match for match, _, _ in process.extract(words, titles, limit=3)]


def _circles(lines: Sequence[UnitLine]) -> Iterator[Fault]:
    """Units that report to themselves by way of others; each circle once."""
    above = {line.unit: line for line in lines if line.reports_to}
    told: set[str] = set()
    for line in lines:
        way = [line.unit]
        while way[-1] in above and above[way[-1]].reports_to not in way:
            way.append(above[way[-1]].reports_to)
        last = above.get(way[-1])
        if last is None or not set(way).isdisjoint(told):
            continue
        told |= set(way)
        circle = " -> ".join((*way[way.index(last.reports_to) :], last.reports_to))
        yield Fault(
            last.number, f"'{last.unit}' reports in a circle ({circle}); name who is above them"
        )


def entry_yaml(slug: str, title: str, lines: Sequence[UnitLine], book: RuleBook) -> str:
    """The organization entry of a list without faults, as its file."""
    units: dict[str, tuple[list[str], list[str], str]] = {}
    for line in lines:
        owns, tasks, above = units.get(line.unit, ([], [], ""))
        roles = (role_of(words, book) for words in line.tasks)
        owns += [role for role in roles if role and role not in owns]
        units[line.unit] = (owns, tasks + list(line.tasks), above or line.reports_to or title)
    rows = [f"id: organization.{slug}", f"title: {_quote(title)}", "origin: organization"]
    rows += [f"summary: {_quote(title + ': ' + ', '.join(units))}", "units:"]
    for unit, (owns, tasks, above) in units.items():
        rows += [f"  - name: {_quote(unit)}", f"    owns: [{', '.join(owns)}]"]
        rows += [
            f"    reports_to: {_quote(above)}",
            f"    answers_for: {_quote(', '.join(tasks))}",
        ]
    return "\n".join([*rows, "examples:", f"  - {_quote(title)}", ""])


def _quote(text: str) -> str:
    inner = re.sub(r'(["\\])', r"\\\1", re.sub(r"\s+", " ", text))
    return f'"{inner}"'
