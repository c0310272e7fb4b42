"""Where people meet the assistant: the terminal, the web, and a folder for each chat platform."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING

from bot.channels.table import PLATFORMS

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.app import App

Companion = contextlib.AbstractAsyncContextManager[object]
"""What runs as long as the server does; if it gives a task, that is done once it has failed."""


def attach(web: FastAPI, app: App) -> list[Companion]:
    """Every platform that is configured. Raises BadInput for one that lacks a secret."""
    running: list[Companion] = []
    for name in app.config.platforms:
        channel = importlib.import_module(f"{PLATFORMS[name]}.channel")
        companion = channel.attach(web, app)
        running += [companion] if companion is not None else []
    return running
