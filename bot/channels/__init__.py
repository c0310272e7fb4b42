"""Where people meet the assistant: the terminal, the web, and a folder for each chat platform."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from bot.channels.model import Companion
from bot.channels.table import PLATFORMS

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.app import App


def attach(web: FastAPI, app: App) -> list[Companion]:
    """Every platform that is configured, and the door for other assistants.

    Raises BadInput for a platform that lacks a secret.
    """
    from bot.mcp import http as mcp

    running: list[Companion] = [mcp.attach(web, app)]
    for name in app.config.platforms:
        channel = importlib.import_module(f"{PLATFORMS[name]}.channel")
        companion = channel.attach(web, app)
        running += [companion] if companion is not None else []
    return running
