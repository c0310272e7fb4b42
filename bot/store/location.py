"""Where things are kept; imports nothing large, so that a conversation starts fast."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.changes import CorrectVerdict, TakeBack
from bot.config import Config
from bot.errors import BadInput
from bot.records import Run
from rules.questions.model import Answer

if TYPE_CHECKING:
    from bot.store.corrections import Correction


def database(config: Config) -> str:
    """The file or URL of the database."""
    return os.environ.get("ZHIWEN_DATABASE") or config.database


def database_or_none(config: Config) -> str | None:
    """The database, if one is configured or its folder is there; else nothing is to be kept."""
    place = database(config)
    if place != Config().database or Path(place).parent.is_dir():
        return place
    return None


def open_runs(place: str) -> tuple[Run, ...]:
    """The runs in progress; none where nothing is kept yet. Raises BadInput."""
    from bot.store import StoreUnavailable, open_store

    if "://" not in place and not Path(place).is_file():
        return ()
    try:
        store = open_store(place)
        runs = tuple(store.runs.all("open"))
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    store.close()
    return runs


def decision(place: str, input_: str) -> Correction | None:
    """What somebody decided about a posting; None where nothing is kept yet. Raises BadInput."""
    from bot.store import StoreUnavailable, open_store

    if "://" not in place and not Path(place).is_file():
        return None
    try:
        store = open_store(place)
        held = store.corrections.get_many([input_]).get(input_)
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    store.close()
    return held


def decide(place: str, change: CorrectVerdict | TakeBack) -> None:
    """Keep or take back a decision about a posting. Raises BadInput."""
    from bot.store import NotFound, StoreUnavailable, open_store

    try:
        store = open_store(place)
        if isinstance(change, TakeBack):
            store.corrections.undo(change.id, change.by)
        else:
            store.corrections.take(change)
    except (NotFound, StoreUnavailable) as error:
        raise BadInput(str(error)) from None
    store.close()


def keep_thumb(
    place: str, question: str, answer: Answer, good: bool, reason: str, language: str, version: str
) -> None:
    """Keep what somebody thinks of an answer, without saying who. Raises BadInput, OSError."""
    from bot.store import StoreUnavailable, open_store

    try:
        store = open_store(place)
        store.feedback.add(
            None, question, answer.entry, answer.section, good, reason, language, version
        )
        store.feedback.count({("feedback", "up" if good else "down"): 1})
    except StoreUnavailable as error:
        raise BadInput(str(error)) from None
    store.close()
