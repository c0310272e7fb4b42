"""The process in which a file of strangers is read: bounded, without secrets, told in JSON.

Run as ``main()`` by sandbox.py. It imports as little as it can, because it starts for every file.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import BadInput
from bot.postings.model import Unreadable

FRAME = struct.Struct("!I")
"""What stands before every message: its bytes."""
ITEMS, BYTES = 500, 250_000
"""A message holds so many items at most, or so many bytes and the item that goes beyond them."""


def main() -> None:
    """Read the files named on the command line, with the function named there.

    Arguments: ``module:function``, seconds, bytes of memory, what it is told besides, paths.
    """
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between our messages
    name, seconds, memory, told, *paths = sys.argv[1:]
    limit_resources(int(seconds), int(memory))
    try:
        read = _function(name)
        found = read(*map(Path, paths), **({"told": told} if told else {}))
        for items in messages([found] if isinstance(found, str) else found):
            _send(out, items)
    except (BadInput, OSError) as error:
        _send(out, json.dumps(error, default=_shape))
    else:
        _send(out, "null")


def limit_resources(seconds: int, memory: int) -> None:
    """Bound the processor time and the memory of this process, where the system can do that.

    Where the memory of all is used up all the same, this is the process that is to end.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def messages(items: Iterable[Any]) -> Iterator[str]:
    """JSON lists of the items; none grows much over BYTES."""
    waiting: list[str] = []
    size = 0
    for item in items:
        waiting.append(json.dumps(item, ensure_ascii=False, default=_shape))
        size += len(waiting[-1])
        if len(waiting) >= ITEMS or size >= BYTES:
            yield f"[{','.join(waiting)}]"
            waiting, size = [], 0
    yield f"[{','.join(waiting)}]"


def _function(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _shape(error: object) -> dict[str, object]:
    """A problem as JSON; sandbox.py makes it one again."""
    if isinstance(error, Unreadable):
        return {"key": error.key, "values": list(error.values.items())}
    if isinstance(error, OSError):
        return {"errno": error.errno, "reason": error.strerror or str(error)}
    return {"told": str(error)}


def _send(out: BinaryIO, message: str) -> None:
    raw = message.encode("utf-8", "replace")
    out.write(FRAME.pack(len(raw)) + raw)
    out.flush()
