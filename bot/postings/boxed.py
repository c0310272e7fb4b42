"""Documents of strangers are read in a process of their own, with bounded time and memory.

A PDF or Word file can be made so that reading it takes for ever or eats all memory. What comes from
outside is therefore read beside the server: the process is ended when its time is up.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from bot.postings import documents
from bot.postings.model import Unreadable
from bot.postings.readers import Read

SECONDS = 20.0
MEMORY = 1_500_000_000
"""Bytes that the process may use."""


def boxed(read: Read, path: Path, seconds: float = SECONDS) -> str:
    """What *read* (a function that other processes can find by its name) finds in a file.

    Raises Unreadable, also where it takes longer than *seconds* or more memory than MEMORY.
    """
    if read is documents.text:
        return read(path)
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_read, args=(read, path, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise Unreadable("classify.file.slow")
        found = ours.recv()
    except EOFError:  # it ended without a word: out of memory, or a crash in a parser
        raise Unreadable("classify.file.slow") from None
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()
    if isinstance(found, Unreadable):
        raise found
    return str(found)


def _read(read: Read, path: Path, theirs: Connection) -> None:
    _bound()
    try:
        theirs.send(read(path))
    except Unreadable as problem:
        theirs.send(problem)
    except (MemoryError, RecursionError):
        theirs.send(Unreadable("classify.file.slow"))


def _bound() -> None:
    """Bound the memory of this process, where the system can do that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
