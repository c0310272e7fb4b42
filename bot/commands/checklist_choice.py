"""Which checklist is meant at the terminal: one by its name, a file of one's own, or a need."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BadInput
from bot.texts import say

if TYPE_CHECKING:
    from bot.store import Store
    from rules.book import RuleBook

ENDINGS = (".md", ".markdown", ".txt", ".csv", ".tsv", ".yaml", ".yml", ".xlsx", ".xls", ".docx")
"""Of files with a checklist; a name that ends so is never taken for a need."""


def list_file(name: str) -> str | None:
    """The text of the file of that name; None for what is no file. Raises BadInput."""
    from knowledge.engine.source import MAX_BYTES

    path = Path(name)
    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    elif path.is_file():
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    elif path.suffix.lower() in ENDINGS:
        raise BadInput(f"{name}: there is no such file")
    else:
        return None
    return list_text(name, data)


def list_text(name: str, data: bytes) -> str:
    """The text of a file of that name with a checklist. Raises BadInput."""
    from bot.postings.model import Unreadable
    from bot.runs.files import text_of

    try:
        return text_of(data)
    except Unreadable as error:
        raise BadInput(f"{name}: {error.message('en')}") from None


def wanted_list(name: str, store: Store, rules: RuleBook, spoken: str) -> str:
    """The checklist of that name, or the one that is sure to fit. Raises BadInput for neither."""
    from bot.records import LOCAL
    from bot.runs import own_templates, queries, search

    if exact := own_templates.find_by_name(store, rules, LOCAL, name, spoken):
        return exact
    found, sure = search.best_match(rules, name, spoken)
    if sure:
        return found[0]
    known = found or tuple(rules.base.ids("checklist"))
    titles = {one.id: one.title for one in queries.templates(rules, spoken)}
    told = [f"{id_.partition('.')[2]} ({titles[id_]})" for id_ in known]
    told += [f"{one.id} ({one.title})" for one in own_templates.visible_templates(store, LOCAL)]
    raise BadInput(say(spoken, "runs.command.which", name=name, list=", ".join(told)))
