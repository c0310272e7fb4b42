"""A checklist in the YAML of ``knowledge/checklists`` -> a Draft, of which items may be missing."""

from __future__ import annotations

from typing import Any

from knowledge.engine import shape, source
from knowledge.engine.model import Checklist, Item, PausePoint
from knowledge.engine.source import Document, Place
from rules.checklists.draft import Draft, DraftItem, DraftPoint, Finding, fill


def from_yaml(text: str) -> Draft:
    """The YAML of ``knowledge/checklists``, of which only the items are needed."""
    draft = Draft()
    document = source.parse(text.encode("utf-8", "replace"), "")
    for problem in document.problems:
        draft.findings.append(
            Finding(problem.line, "error", "unreadable", {"message": problem.message})
        )
    if isinstance(document.value, dict):
        _read_checklist(document, document.value, draft)
    return draft


def _read_checklist(document: Document, value: dict[str, Any], draft: Draft) -> None:
    _report_unknown(
        document, value, (), {f.key for f in shape.fields_of(Checklist)} | {"items"}, draft
    )
    draft.title, draft.ordered = _text(value.get("title")), value.get("mode") == "read_do"
    if isinstance(value.get("items"), list):
        draft.points.append(DraftPoint(document.line(("items",)), ""))
        _items(document, value["items"], ("items",), draft)
    points = value.get("pause_points")
    for i, point in enumerate(points if isinstance(points, list) else []):
        place: Place = ("pause_points", i)
        if not isinstance(point, dict):
            continue
        _report_unknown(document, point, place, {f.key for f in shape.fields_of(PausePoint)}, draft)
        draft.points.append(DraftPoint(document.line(place), _text(point.get("name"))))
        items = point.get("items")
        _items(document, items if isinstance(items, list) else [], (*place, "items"), draft)


def _items(document: Document, values: list[Any], place: Place, draft: Draft) -> None:
    known = {f.key for f in shape.fields_of(Item)} | {"owner"}
    for i, value in enumerate(values):
        here = (*place, i)
        line = document.line(here)
        if isinstance(value, str):
            draft.points[-1].items.append(DraftItem(line, value.strip()))
        elif isinstance(value, dict):
            _report_unknown(document, value, here, known, draft)
            item = DraftItem(
                line, _text(value.get("text")), _text(value.get("done_when")),
                killer=value.get("killer") is True,
                owner=_text(value.get("owner") or value.get("owner_role")),
                detail=_text(value.get("detail")),
            )  # fmt: skip
            fill(item, "due", due := _text(value.get("due")))
            item.due = item.due or ("" if item.day else due)
            draft.points[-1].items.append(item)


def _report_unknown(
    document: Document, value: dict[str, Any], place: Place, known: set[str], draft: Draft
) -> None:
    for key in value:
        if key not in known:
            line = document.line((*place, key))
            draft.findings.append(Finding(line, "warning", "unknown_key", {"key": key}))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
