"""Where people meet the assistant; each channel is one file (or folder) with one function.

A chat platform has ``attach(web, app)``: it adds its routes to the server and returns what runs
beside it, if anything. Another platform is one file of this kind and one line in PLATFORMS.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.app import App

Companion = contextlib.AbstractAsyncContextManager[None]
"""What runs as long as the server does."""
PLATFORMS = ("telegram", "wechat", "wecom")
"""Sections of the configuration; each is a module here of the same name."""


def attach(web: FastAPI, app: App) -> list[Companion]:
    """Every platform that is configured. Raises BadInput for one that lacks a secret."""
    running: list[Companion] = []
    for name in PLATFORMS:
        if getattr(app.config, name) is not None:
            companion = importlib.import_module(f"bot.channels.{name}").attach(web, app)
            running += [companion] if companion is not None else []
    return running
