"""What a platform's agent does beside the event loop: threads for what blocks, tasks under way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.errors import StoreUnavailable

Result = TypeVar("Result")
log = logging.getLogger("zhiwen.chat")


class Threads:
    """So many threads, for what blocks; what waits for one is served in its order."""

    def __init__(self, count: int, name: str) -> None:
        self._pool, self._name = ThreadPoolExecutor(count, name), name

    async def run(self, act: Callable[[], Result]) -> Result:
        """Call something that blocks. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, act)

    async def write_with_retry(self, write: Callable[[], None], waits: Iterable[float]) -> None:
        """Write down what has happened already, however busy the database is.

        *waits*: seconds between one attempt and the next, of which there is one more.
        """
        for wait in (*waits, None):
            try:
                return await self.run(write)
            except StoreUnavailable:
                if wait is not None:
                    await asyncio.sleep(wait)
        log.error(
            "a reply arrived and could not be marked; it may be sent again",
            extra={"channel": self._name},
        )
        return None

    def close(self) -> None:
        """What has not begun is not begun any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Tasks:
    """What is under way, and waited for when the server stops."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Begin it; its own failures are its own to tell."""
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, so long at most."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)

    async def cancel(self) -> None:
        """End what is still under way."""
        late = list(self._under_way)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
