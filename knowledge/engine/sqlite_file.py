"""A compiled SQLite file, held open: whoever reads from it goes on when it is deleted."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class SqliteFile:
    """One connection that threads share; the file is never written again once it is in place."""

    def __init__(self, path: Path) -> None:
        """Raises sqlite3.Error for a file that is not there or is none of ours."""
        # Immutable: SQLite then looks for no log beside it, and never opens anything a second time.
        where = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(where, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def one(self, query: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        with self._lock:
            return self._db.execute(query, values).fetchone()

    def all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row."""
        with self._lock:
            return self._db.execute(query, values).fetchall()
