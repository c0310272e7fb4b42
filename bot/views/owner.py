"""Whose a thing is, in one line, and whose it is in the chosen organization."""

from __future__ import annotations

import re
from collections import Counter

from bot.model import Block, Paragraph
from bot.texts import say
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Checklist, Department, Entry, Organization, Role

PARTNERS = 3
_BRACKETS = re.compile("(.+?) ?[(\uff08]([^()\uff08\uff09]+)[)\uff09]")
"""A title that ends with something in brackets."""


def line(entry: Entry, base: KnowledgeBase, language: str) -> str:
    """The answer to "who?": the role with its department; for a checklist, who does its items.

    Nothing for an entry that nobody owns.
    """
    if isinstance(entry, Role):
        partners = _titles([c.role for c in entry.works_with], base, language)
        who = _role_with_department(entry.title, base.title(entry.belongs_to, language), language)
        key = "owner.role_with" if partners else "owner.role"
        return say(language, key, who=who, roles=partners)
    if isinstance(entry, Department):
        teams = _titles(list(entry.teams), base, language)
        key = "owner.department_with" if teams else "owner.department"
        return say(language, key, department=entry.title, roles=teams)
    if isinstance(entry, Checklist):
        items = (item for pause in entry.pause_points for item in pause.items)
        roles = Counter(item.owner_role for item in items if item.owner_role)
        most = [id_ for id_, _ in roles.most_common(PARTNERS)]
        who = _titles(most, base, language) or _callers(entry, language)
        return say(language, "owner.items", roles=who)
    return ""


def _callers(entry: Checklist, language: str) -> str:
    """Those who call the pauses: whose a list is that names no role, such as a mentor's."""
    callers = dict.fromkeys(pause.caller for pause in entry.pause_points)
    return say(language, "list.comma").join(list(callers)[:PARTNERS])


def unit(
    entry: Entry, organization: str | None, base: KnowledgeBase, language: str
) -> tuple[Block, ...]:
    """The unit that owns the role in that organization's profile, if one is chosen."""
    if not organization or not isinstance(entry, Role):
        return ()
    id_ = f"organization.{organization.replace('-', '_')}"
    profile = base.entry(id_, base.told_in(id_, language))
    if not isinstance(profile, Organization):
        return ()
    return tuple(
        Paragraph(say(language, "owner.unit", organization=profile.title, unit=unit.name))
        for unit in profile.units
        if entry.id in unit.owns
    )


def _role_with_department(role: str, department: str, language: str) -> str:
    """The role with its department in brackets: in those of its own, where its title has some."""
    own = _BRACKETS.fullmatch(role)
    if own is None:
        return say(language, "owner.who", role=role, department=department)
    both = say(language, "list.comma").join((own[2], department))
    return say(language, "owner.who", role=own[1], department=both)


def _titles(ids: list[str], base: KnowledgeBase, language: str) -> str:
    return say(language, "list.comma").join(base.title(id_, language) for id_ in ids[:PARTNERS])
