"""A role's metrics as rows to paste: what each is, where its figure comes from, whose it is."""

from __future__ import annotations

from bot.model import Block, Footnote, Table
from bot.texts import say
from knowledge.engine import cites
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Metric, Role

COLUMNS = ("metric", "formula", "comes_from", "period", "owner", "not_for", "moved_by")
"""In this order; ``kpis.column.*`` names them."""
READ = ("formula", "comes_from", "period", "not_for", "moved_by")
"""The columns that are sections of the metric itself."""
GOOD = "concept.good_value"
Rows = tuple[tuple[str, ...], ...]


def heads(language: str) -> tuple[str, ...]:
    """What the columns are called."""
    return tuple(say(language, f"kpis.column.{name}") for name in COLUMNS)


def rows(role: Role, base: KnowledgeBase, language: str) -> Rows:
    """A row for each metric of the role, a cell a column; "" where nothing is written."""
    return tuple(_row(metric, role, base, language) for metric in _metrics(role, base, language))


def blocks(role: Role, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """The rows as a table, where their text comes from, and what "good" is measured by; nothing
    for a role without metrics."""
    metrics = _metrics(role, base, language)
    if not metrics:
        return ()
    told = tuple((row[0], row[1:]) for row in rows(role, base, language))
    notes: list[Block] = [Table(heads(language)[1:], told)]
    if any(cites.is_general(metric, name) for metric in metrics for name in READ):
        notes.append(Footnote(say(language, "source.general")))
    if GOOD in base.languages:
        title = base.title(GOOD, language)
        notes.append(Footnote(say(language, "kpis.good", title=title), GOOD))
    return tuple(notes)


def _metrics(role: Role, base: KnowledgeBase, language: str) -> list[Metric]:
    told = (base.entry(id_, base.told_in(id_, language)) for id_ in role.metrics)
    return [one for one in told if isinstance(one, Metric) and one.status == "active"]


def _row(metric: Metric, role: Role, base: KnowledgeBase, language: str) -> tuple[str, ...]:
    cells = {name: getattr(metric, name) or "" for name in READ}
    cells |= {"metric": metric.title, "owner": _owner(metric.id, role, base, language)}
    return tuple(cells[name] for name in COLUMNS)


def _owner(metric: str, role: Role, base: KnowledgeBase, language: str) -> str:
    """The role itself, and with it every other that is measured by the same figure."""
    roles = (base.entry(id_) for id_ in base.ids("role") if id_ != role.id)
    others = [
        base.title(one.id, language)
        for one in roles
        if isinstance(one, Role) and one.status == "active" and metric in one.metrics
    ]
    own = base.title(role.id, language)
    if not others:
        return own
    return say(language, "kpis.shared", role=own, others=say(language, "list.comma").join(others))
