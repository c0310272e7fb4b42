"""A Draft -> a Checklist to work through, and a Checklist -> the text of a Draft to change."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.engine.audience import AUDIENCE_ROLES
from knowledge.engine.model import Checklist, Item, PausePoint
from rules.checklists.draft import Aside, Draft, DraftItem

OWN = "own."
"""What the id of a checklist that somebody wrote begins with."""
MAX_ITEMS = 500
"""Items of one list; whoever has more has several lists."""
MAX_TEXT = {"text": 300, "done_when": 500, "owner": 80, "detail": 2_000, "name": 120}
"""Characters of each part of a list; what is beyond them is cut."""


@dataclass(frozen=True, slots=True)
class Made:
    """A checklist, the date T that was written in it, and what was taken for an owner."""

    checklist: Checklist
    anchor: datetime.date | None
    asides: tuple[Aside, ...] = ()
    """What stood alone in brackets at the end of items, and how it was taken."""


def make_checklist(draft: Draft, id_: str, title: str, roles: tuple[str, ...] = ()) -> Made | None:
    """The checklist of that id; None for a draft without items, or with more than MAX_ITEMS.

    Days that are written out are counted from T, which is the date given, else the last of them.
    *title*: what it is called, where the draft does not say. *roles*: who may see it.
    """
    if not 1 <= len(draft.items) <= MAX_ITEMS:
        return None
    days = [item.day for item in draft.items if item.day]
    anchor = draft.anchor or max(days, default=None)
    name = _short(title or draft.title, "name")
    points = tuple(
        PausePoint(
            _short(point.name, "name") or name,
            "",
            tuple(_item(item, anchor) for item in point.items if item.text),
        )
        for point in draft.points
        if any(item.text for item in point.items)
    )
    checklist = Checklist(
        id=id_,
        title=name,
        origin="organization",
        summary="",
        restricted_to=tuple(role for role in AUDIENCE_ROLES if role in roles),
        mode="read_do" if draft.ordered else "do_confirm",
        pause_points=points,
    )
    return Made(checklist, anchor, draft.asides)


def _item(item: DraftItem, anchor: datetime.date | None) -> Item:
    due = item.due or None
    if item.day and anchor:
        after = (item.day - anchor).days
        due = f"T{after:+d}d" if after else "T"
    return Item(
        text=_short(item.text, "text"),
        done_when=_short(item.done_when, "done_when"),
        owner_role=_short(item.owner, "owner") or None,
        due=due,
        killer=item.killer,
        detail=_short(item.detail, "detail") or None,
    )


def _short(text: str, part: str) -> str:
    return text.strip()[: MAX_TEXT[part]].strip()


def to_markdown(checklist: Checklist, roles: dict[str, str], labels: dict[str, str]) -> str:
    """The checklist as Markdown that reads back as the same; *roles*: what each is called.

    *labels*: the words for done_when, owner, detail, killer, title, order and ordered.
    """
    head = ["---", f"{labels['title']}: {_quote(checklist.title)}"]
    head += [f"{labels['order']}: {labels['ordered']}"] if checklist.mode == "read_do" else []
    lines = [*head, "---", ""]
    for point in checklist.pause_points:
        lines += [f"## {point.name}", ""]
        for item in point.items:
            lines += _item_lines(item, roles, labels)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _item_lines(item: Item, roles: dict[str, str], labels: dict[str, str]) -> Iterator[str]:
    marks = [labels["killer"]] if item.killer else []
    marks += [item.due] if item.due else []
    yield f"- [ ] {item.text}" + (f" ({', '.join(marks)})" if marks else "")
    owner = roles.get(item.owner_role or "", item.owner_role or "")
    told = {"done_when": item.done_when, "owner": owner, "detail": item.detail or ""}
    for name, text in told.items():
        for line in text.splitlines():
            yield f"  - {labels[name]}: {line}"


def _quote(text: str) -> str:
    """A title in quotes, so that no sign in it is one of YAML's."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
