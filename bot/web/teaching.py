"""The form by which an open question is taught: which entry, what to add, in which words."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from bot.insights import names
from bot.insights.model import Cluster
from bot.texts import has, say
from bot.web import knowledge_search
from bot.web.auth import Visitor, book
from bot.web.library import Card
from bot.web.render import page
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import KINDS
from knowledge.engine.normal import compact
from rules.proposal import MAX_TEXT, Change, sections_of

NAMED = re.compile(r"\(([a-z]+\.[a-z0-9_]+)\)\s*$")
"""How an entry stands in the list below the field: its title, and its id in brackets."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    change: Change
    entry: str = ""
    """What was typed for the entry; "" where one of the nearest was picked."""
    candidates: tuple[Card, ...] = ()
    """The entries that it may mean."""
    once: str = ""


def form(
    request: Request,
    who: Visitor,
    cluster: Cluster,
    typed: Typed | None = None,
    status: int = 200,
    reason: str = "",
) -> Response:
    """The page of a cluster with the form, as it was *typed*, and *reason* why it is back."""
    seen, language = book(request, who), who.language
    near = names.visible_titles(cluster.near, seen, language)
    if typed is None:
        nearest = near[0][0] if near else ""
        spelt = cluster.spellings[0]
        typed = Typed(Change(nearest, "example", cluster.question, spelt.language))
    return page(
        request, who, "cluster.html", status, cluster=cluster, near=near, change=typed.change,
        reason=reason, additions=("example", "alias", "near_miss"), most=MAX_TEXT, kinds=(),
        teaching=typed, sections=sections(typed.change.entry, language),
        once=typed.once or secrets.token_hex(8),
    )  # fmt: skip


def find_entry(base: KnowledgeBase, text: str, language: str) -> tuple[str, tuple[Card, ...]]:
    """The entry that a typed name means, or those that it may mean."""
    text = text.strip()
    found = NAMED.search(text)
    for id_ in (text, found[1] if found else ""):
        if id_ in base.languages:
            return id_, ()
    key = compact(text).text.replace(" ", "")
    same = {name.entry for name in base.names if name.text.replace(" ", "") == key}
    if len(same) == 1:
        return same.pop(), ()
    return "", tuple(knowledge_search.suggestions(base, text, language)) if text else ()


def sections(entry: str, language: str) -> list[tuple[str, str]]:
    """(field, heading) of what may answer a question; of every kind where no entry is chosen."""
    kinds = [entry.partition(".")[0]] if entry else list(KINDS)
    keys = dict.fromkeys(key for kind in kinds if kind in KINDS for key in sections_of(f"{kind}."))
    return [
        (key, say(language, f"section.{key}"))
        for key in keys if has(language, f"section.{key}")
    ]  # fmt: skip
