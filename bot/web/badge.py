"""The number on the page: how many items of the visitor are late or due, looked up now and then."""

from __future__ import annotations

import datetime
import threading
import time

from bot.app import App
from bot.errors import StoreUnavailable
from bot.records import Person
from bot.reminders.sending import BADGE
from bot.rights import may
from bot.runs.duties import duties
from bot.runs.queries import in_progress

SECONDS = 30.0
"""For how long a number is good."""
MOST = 10_000
"""People whose numbers are remembered."""


class Badges:
    """Remembers the number of each person for a while."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count_for(self, person: Person | None) -> int:
        """How many items are late or due; 0 for nobody, and for those who do not want to know."""
        if person is None or not may(person, "checklists"):
            return 0
        now = time.monotonic()
        with self._lock:
            at, count = self._known.get(person.id, (-SECONDS, 0))
        if now - at < SECONDS:
            return count
        count = self._count(person)
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[person.id] = (now, count)
        return count

    def forget(self) -> None:
        """Look again: something has just been done, whoever it is that has less or more to do."""
        with self._lock:
            self._known.clear()

    def _count(self, person: Person) -> int:
        store, today = self._app.store, datetime.date.today()
        try:
            if BADGE in store.reminders.wishes(person.id).off:
                return 0
            book = self._app.content.seen_by(person.roles)
            seen = in_progress(store, book, person, today)
        except StoreUnavailable:
            return 0
        return len(duties(seen, person.name, today))
