"""Files of strangers are read in a process of their own, with bounded time, memory and output.

A PDF, a Word file or a table can be made so that reading it takes for ever or eats all memory. What
comes from outside is therefore read beside us: the process is ended when its time is up, and what
it sends is JSON, which cannot do anything here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.channels import machine
from bot.errors import BadInput
from bot.postings.model import Unreadable
from bot.postings.sandbox_child import FRAME

Read = Callable[..., str | Iterable[Any]]
"""Reads files: a function of a module, so that the other process finds it by its name. It gives a
text, or one after the other values that JSON can hold; problems (BadInput) may be among them."""
AT_ONCE = 2
"""Processes that read at the same time; each may use all the memory of its bounds."""
MESSAGE = 64_000_000
"""Bytes of one message; a row of a table is much shorter."""
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
"""What the process is told of our environment, in which secrets may stand."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1));"
    "from bot.postings.sandbox_child import main; main()"
)
_free = threading.BoundedSemaphore(AT_ONCE)
_memory: int | None = None
"""Bytes that a process may use here, if that is less than its bounds."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading a file may cost."""

    seconds: float = 20.0
    """That we wait for it, all in all, and of processor time."""
    memory: int = 1_000_000_000
    """Bytes of the process."""
    output: int = 50_000_000
    """Bytes of what was read."""
    error_key: str = "classify.file.slow"
    """The sentence for a file that takes more time or memory."""


Box = Callable[..., Iterator[Any]]
"""Called like `run_sandboxed`."""


def share(processes: int) -> None:
    """From now on so many processes like this one share what the machine has for reading."""
    global _free, _memory  # noqa: PLW0603 - once, before anything is read
    at_once, _memory = machine.readers_share(processes, AT_ONCE, Bounds().memory)
    _free = threading.BoundedSemaphore(at_once)


def run_sandboxed(read: Read, *paths: Path, bounds: Bounds, told: str = "") -> Iterator[Any]:
    """What *read* finds in the files, value by value; *told*: what it is told besides, if anything.

    Raises Unreadable where that goes over the bounds, and BadInput or OSError as *read* does.
    """
    with _free, _process(read, paths, bounds, told) as child:
        left, size = bounds.seconds, 0
        while True:
            start = time.monotonic()
            raw = _message(child, left)
            left -= time.monotonic() - start
            if raw is None:  # its time was up, its memory was used up, or it crashed
                raise Unreadable(bounds.error_key)
            size += len(raw)
            if size > bounds.output:
                raise Unreadable("classify.file.long", limit=f"{bounds.output // 1_000_000} MB")
            items = _decode_message(raw, bounds)
            if isinstance(items, Exception):
                raise items
            if items is None:
                return
            yield from items


def run_here(read: Read, *paths: Path, bounds: Bounds, told: str = "") -> Iterator[Any]:
    """The same here and now, for files of one's own; nothing is bounded."""
    found = read(*paths, told=told) if told else read(*paths)
    yield from [found] if isinstance(found, str) else found


def _decode_message(raw: bytes, bounds: Bounds) -> Any:
    """A list of values, a problem, or None for the end; whatever else is sent is a crash."""
    try:
        items = json.loads(raw, object_hook=_problem)
    except (ValueError, LookupError, TypeError, RecursionError):
        return Unreadable(bounds.error_key)
    return (
        items
        if items is None or isinstance(items, list | Exception)
        else Unreadable(bounds.error_key)
    )


def _problem(shape: dict[str, Any]) -> Exception:
    """The problem that the other process has told of; it sends no other objects."""
    if "key" in shape:
        return Unreadable(shape["key"], **dict(shape["values"]))
    if "errno" in shape:
        return OSError(shape["errno"], shape["reason"])
    return BadInput(shape["told"])


@contextlib.contextmanager
def _process(
    read: Read, paths: Iterable[Path], bounds: Bounds, told: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that reads, ended whatever happens."""
    name = f"{read.__module__}:{read.__qualname__}"
    seconds, memory = str(int(bounds.seconds) + 1), min(bounds.memory, _memory or bounds.memory)
    child = subprocess.Popen(
        [
            sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, json.dumps(sys.path),
            name, seconds, str(memory), told, *map(str, paths),
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={key: os.environ[key] for key in KEPT if key in os.environ},
    )  # fmt: skip
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _message(child: subprocess.Popen[bytes], seconds: float) -> bytes | None:
    """The next message; None where none comes within *seconds*."""
    assert child.stdout is not None
    watch = threading.Timer(max(0.0, seconds), child.kill)
    watch.start()
    try:
        head = child.stdout.read(FRAME.size)
        size = FRAME.unpack(head)[0] if len(head) == FRAME.size else MESSAGE + 1
        raw = child.stdout.read(size) if size <= MESSAGE else b""
    finally:
        watch.cancel()
    return raw if len(raw) == size else None
