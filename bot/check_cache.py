"""Which state of the content has passed the whole check, kept for the next process.

So a server that has just started checks what is new since then, as one does that runs for long.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from knowledge.engine import cache, compiled
from knowledge.engine.file_scan import FileState, scan_files
from knowledge.engine.load import entry_of
from rules import load as rules_load
from rules.postings import overlay as overlays


def present(root: Path, overlay: Path | None) -> frozenset[FileState]:
    """Every file of the content, the rules and the *overlay* as it stands."""
    return scan_files(folder for folder in (root, rules_load.ROOT, overlay) if folder is not None)


def note(seen: frozenset[FileState], root: Path, overlay: Path | None) -> None:
    """Keep that the files passed as they were *seen*; where that cannot be kept, it is not."""
    text = json.dumps(sorted(seen), ensure_ascii=True)
    try:
        cache.replace(_file(root, overlay), lambda new: _write(new, text))
    except OSError:  # a full disk: the next process checks all of it
        return


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", "surrogateescape")


def last_passed(root: Path, overlay: Path | None) -> frozenset[FileState] | None:
    """The files as they last passed, None if that is not known."""
    try:
        rows = json.loads(_file(root, overlay).read_text("utf-8", "surrogateescape"))
        return frozenset((str(path), int(size), int(at)) for path, size, at in rows)
    except (OSError, ValueError, TypeError):
        return None


def _file(root: Path, overlay: Path | None) -> Path:
    """Another one for other content, and for another edition of what checks it."""
    places = (str(root.absolute()), str(overlay and overlay.absolute()), compiled.stamp(()))
    name = hashlib.sha256("\0".join(places).encode("utf-8", "replace")).hexdigest()[:16]
    return cache.folder() / f"passed-{name}.json"


def touched_entries(
    before: frozenset[FileState] | None, now: frozenset[FileState], overlay: Path | None
) -> frozenset[str] | None:
    """The own entries that are new or changed since *before*; None where more than that has."""
    own = overlays.knowledge(overlay)
    if before is None or own is None:
        return None
    if {path for path, *_ in before} - {path for path, *_ in now}:
        return None
    ids = [entry_of(Path(path), own) for path, *_ in now - before]
    return frozenset(ids) if all(ids) else None
