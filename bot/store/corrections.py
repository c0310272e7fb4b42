"""What people decided about postings: with who, when and why; undone, but never lost.

The posting itself is not kept: its hash, and which of our own words fired in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select, update

from bot.changes import CorrectVerdict
from bot.store import tables as t
from bot.store.database import NotFound, reading, writing

MAX_REASON, MAX_SOURCE = 500, 80
AT_ONCE = 500
"""Hashes that are asked for in one query."""
Signal = tuple[str, str, str, float]
"""Function or family, our phrase, where it stood, what it weighed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision about one posting."""

    id: int
    at: float
    by: str
    input: str
    """The hash of the posting, as its verdict's stamp has it."""
    was: str
    """Function of the verdict."""
    decided: str
    reason: str
    source: str
    """The file or board it came from."""
    language: str
    signals: Sequence[Sequence[Any]]
    version: str
    undone: float | None = None
    undone_by: str | None = None


class Corrections:
    """Reads and writes decisions; the last one about a posting that is not undone holds."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def keep(
        self,
        by: str,
        input_: str,
        was: str,
        decided: str,
        reason: str,
        *,
        source: str = "",
        language: str = "",
        signals: Sequence[Signal] = (),
        version: str = "",
    ) -> int:
        """Keep a decision. Returns its number. Raises StoreUnavailable."""  # fmt: skip
        values = {
            "at": self._clock(), "by": by[:80], "input": input_, "was": was, "decided": decided,
            "reason": reason[:MAX_REASON], "source": source[:MAX_SOURCE], "language": language,
            "signals": [list(signal) for signal in signals], "version": version,
        }  # fmt: skip
        with writing(self._engine) as db:
            key = db.execute(insert(t.corrections).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def take(self, change: CorrectVerdict) -> int:
        """Keep a decision that was made in a chat. Returns its number. Raises StoreUnavailable."""
        return self.keep(
            change.by, change.input, change.was, change.decided, change.reason,
            source=change.source, language=change.language, signals=change.signals,
            version=change.version,
        )  # fmt: skip

    def undo(self, id_: int, by: str) -> Correction:
        """Take a decision back; what held before it holds again.

        Raises NotFound, StoreUnavailable.
        """
        c = t.corrections.c
        with writing(self._engine) as db:
            row = db.execute(select(t.corrections).where(c.id == id_)).one_or_none()
            if row is None or row.undone is not None:
                raise NotFound(str(id_))
            values = {"undone": self._clock(), "undone_by": by[:80]}
            db.execute(update(t.corrections).where(c.id == id_).values(values))
        return Correction(**row._mapping)

    def get_many(self, inputs: Iterable[str]) -> dict[str, Correction]:
        """What holds about the postings with these hashes."""
        wanted = list(dict.fromkeys(inputs))
        c = t.corrections.c
        by_hash: dict[str, Correction] = {}
        with reading(self._engine) as db:
            for at in range(0, len(wanted), AT_ONCE):
                query = select(t.corrections).where(
                    c.input.in_(wanted[at : at + AT_ONCE]), c.undone.is_(None)
                )
                for row in db.execute(query.order_by(c.id)):
                    by_hash[row.input] = Correction(**row._mapping)
        return by_hash

    def all(self, undone: bool = False) -> Iterator[Correction]:
        """Every decision that holds, oldest first; or really every one."""
        c = t.corrections.c
        query = select(t.corrections).order_by(c.id)
        with reading(self._engine) as db:
            rows = [Correction(**row._mapping) for row in db.execute(query)]
        last = {row.input: row.id for row in rows if row.undone is None}
        return (row for row in rows if undone or last.get(row.input) == row.id)
