"""One message of a chat at a time in this process; other processes are kept out by revisions."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterator

_locks: weakref.WeakValueDictionary[str, threading.Lock] = weakref.WeakValueDictionary()
_guard = threading.Lock()


@contextlib.contextmanager
def chat_lock(chat: str) -> Iterator[None]:
    """Hold that chat; who comes meanwhile waits, and finds it as this one leaves it."""
    with _guard:
        lock = _locks.setdefault(chat, threading.Lock())
    with lock:
        yield
