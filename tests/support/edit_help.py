"""What tests of edits share: content that is taken when a test says so, trials that end at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from web_server import Server

from bot.editing import trial
from bot.editing.trial import Found
from bot.reload import ContentReloader
from bot.store import Store
from bot.store.edits import Edit


class Steady(ContentReloader):
    """Content that a server does not follow by itself, unless a test lets it.

    A check that has begun keeps a server from stopping, and on a busy machine takes long.
    """

    follows = False

    def has_changed(self) -> bool:
        """Whether there is anything new, as far as the server is to know."""
        return self.follows and super().has_changed()


class Passing:
    """Stands in for the trials where what they find is not what is tried: everything is fine."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def start(self, edit: Edit) -> None:
        """The trial has ended, and found nothing."""
        self.store.edits.note(edit.id, trial.to_data(Found(examined=1)), "tried")

    def stop(self) -> None:
        """There is nothing to end."""


@contextmanager
def passing_trials(site: Server) -> Iterator[None]:
    """Every trial ends at once, and well."""
    state: Any = site.web.state
    before, state.trials = state.trials, Passing(site.app.store)
    try:
        yield
    finally:
        state.trials = before
