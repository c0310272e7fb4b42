"""Who works on a batch: its lease, also in the name of a release that knew no leases."""

from __future__ import annotations

import secrets
from contextlib import suppress

from bot.store import StoreUnavailable
from bot.store.jobs import Job
from bot.store.leases import Leases

LEASE, HELD = "batch:", 10.0
"""A batch is worked on by whoever holds its lease, which lasts so many seconds unless renewed."""
ELSEWHERE = 15.0
"""So many seconds more a server that has its files may go on with it; then it has failed."""
OLDER = "a release without leases"
"""Who holds a batch that nobody took a lease for, as long as it moves."""


class BatchLeases:
    """The leases of batches, for one process. Every method raises StoreUnavailable."""

    def __init__(self, leases: Leases) -> None:
        self._leases, self._holder = leases, secrets.token_hex(8)
        self._seen: dict[str, tuple[object, ...]] = {}

    def take(self, id_: str) -> bool:
        """Whether the batch is ours to work on, for a while."""
        return self._leases.take(LEASE + id_, self._holder, HELD)

    def let_go(self, id_: str) -> None:
        """Let whoever has the files go on with it at once."""
        with suppress(StoreUnavailable):  # it runs out by itself
            self._leases.take(LEASE + id_, self._holder, 0)

    def release(self, id_: str) -> None:
        """The batch is over."""
        self._leases.release(LEASE + id_, self._holder)
        self._seen.pop(id_, None)

    def seconds_since_expiry(self, id_: str) -> float | None:
        """Seconds since its lease ran out, negative while somebody has it; None without one."""
        return self._leases.seconds_since_expiry(LEASE + id_, HELD)

    def seems_alive(self, job: Job, lapsed: float | None) -> bool:
        """Whether a server of a release that took no leases may be at work on that batch.

        Where there is no lease one is taken in its name, and again whenever the batch has moved
        since it was last looked at. If it does not, the lease runs out as that of a dead server.
        """
        now = (job.done, job.broken, job.summary)
        moved = self._seen.get(job.id, now) != now
        self._seen[job.id] = now
        return (lapsed is None or moved) and self._leases.take(LEASE + job.id, OLDER, HELD)
