"""What another process needs to go on with a batch: written beside its results when it begins."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot.postings.columns import Named
from bot.postings.model import Unreadable
from bot.postings.uploads import Inbox, Upload, claim_leftover
from bot.web.batch_results import Options

WORK = "work.json"
TRIES = 3
"""Processes that may begin a batch: one that ends each of them is not begun again."""


@dataclass(frozen=True, slots=True)
class Work:
    """A batch as it was begun."""

    folder: Path
    """Where the files lie."""
    uploads: tuple[Upload, ...]
    options: Options
    begun: int = 1
    """How often it was begun."""


def keep(place: Path, work: Work) -> None:
    """Write it down in the folder of the results. Raises OSError."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = place / f"{WORK}.new"
    new.write_text(json.dumps(_as_json(work), ensure_ascii=False), encoding="utf-8")
    new.replace(place / WORK)


def read_work(place: Path) -> Work | None:
    """What was written down; None where it is not there, not whole, or its files are gone."""
    try:
        work = _from_json(json.loads((place / WORK).read_text("utf-8")), place.parent)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return work if all(upload.path.is_file() for upload in work.uploads) else None


def take_over(place: Path, work: Work) -> Inbox | None:
    """The files, ours from now on; None where whoever began it still holds them.

    Raises OSError where that cannot be written down.
    """
    inbox = claim_leftover(work.folder, work.uploads)
    if inbox is not None:
        keep(place, replace(work, begun=work.begun + 1))
    return inbox


def files_of(root: Path) -> frozenset[str]:
    """The names of the folders of files that a batch may still be begun anew with."""
    found = (read_work(path.parent) for path in root.glob(f"*/{WORK}"))
    return frozenset(work.folder.name for work in found if work)


def delete_work(place: Path) -> None:
    """Nobody goes on with it any more."""
    (place / WORK).unlink(missing_ok=True)


def _as_json(work: Work) -> dict[str, Any]:
    return {
        "folder": work.folder.name,
        "uploads": [
            {
                "path": upload.path.relative_to(work.folder).as_posix(),
                "form": upload.form,
                "problem": [upload.problem.key, upload.problem.values] if upload.problem else None,
            }
            for upload in work.uploads
        ],
        "named": asdict(work.options.named),
        "language": work.options.language,
        "begun": work.begun,
    }


def _from_json(row: dict[str, Any], root: Path) -> Work:
    folder = root / row["folder"]
    uploads = []
    for one in row["uploads"]:
        problem = Unreadable(one["problem"][0], **one["problem"][1]) if one["problem"] else None
        uploads.append(Upload(folder / one["path"], one["form"], problem))
    options = Options(Named(**row["named"]), row["language"])
    return Work(folder, tuple(uploads), options, row["begun"])
