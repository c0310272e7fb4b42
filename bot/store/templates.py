"""Checklists that people wrote themselves: kept with their owner and the roles that see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sqlalchemy import Engine, select, update

from bot.records import Template
from bot.store import tables as t
from bot.store.database import Conflict, NotFound, put_new, reading, writing


class Templates:
    """Reads and writes templates; of two who change one at once, the second is told."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def add(
        self, id_: str, title: str, language: str, text: str, content: dict[str, Any], owner: str,
        roles: tuple[str, ...] = (),
    ) -> bool:  # fmt: skip
        """Keep a new one. Returns whether its id is new; where it is not, nothing is changed."""
        now = self._clock()
        values = {
            "title": title, "language": language, "text": text, "content": content,
            "owner": owner, "roles": list(roles), "created": now, "changed": now,
            "changed_by": owner, "revision": 0,
        }  # fmt: skip
        with writing(self._engine) as db:
            return put_new(db, t.templates, {"id": id_}, values)

    def get(self, id_: str) -> Template:
        """One of them, retired or not. Raises NotFound."""
        query = select(t.templates).where(t.templates.c.id == id_)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        if row is None:
            raise NotFound(id_)
        return _template(row)

    def all(self) -> list[Template]:
        """Those that are in use, by title."""
        query = select(t.templates).where(t.templates.c.retired.is_(None))
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(t.templates.c.title, t.templates.c.id)).all()
        return [_template(row) for row in rows]

    def change(
        self, id_: str, seen: int, by: str, title: str, language: str, text: str,
        content: dict[str, Any], roles: tuple[str, ...],
    ) -> None:  # fmt: skip
        """Keep another text. Raises NotFound, Conflict for one changed since *seen*, a revision."""
        values = {
            "title": title, "language": language, "text": text, "content": content,
            "roles": list(roles), "changed": self._clock(), "changed_by": by, "revision": seen + 1,
        }  # fmt: skip
        same = (t.templates.c.id == id_, t.templates.c.revision == seen)
        with writing(self._engine) as db:
            done = db.execute(update(t.templates).where(*same).values(values)).rowcount
        if not done:
            self.get(id_)
            raise Conflict(id_)

    def retire(self, id_: str, away: bool = True) -> None:
        """Take it out of the list, or put it back; runs of it stay. Raises NotFound."""
        values = {"retired": self._clock() if away else None}
        one = update(t.templates).where(t.templates.c.id == id_).values(values)
        with writing(self._engine) as db:
            if not db.execute(one).rowcount:
                raise NotFound(id_)


def _template(row: Any) -> Template:
    values = {field.name: getattr(row, field.name) for field in fields(Template)}
    return Template(**{**values, "roles": tuple(row.roles)})
