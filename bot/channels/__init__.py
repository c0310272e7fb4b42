"""Where people meet the assistant; each channel is one file (or folder) with one function.

A chat platform has ``attach(app, desk)``: it adds its routes to the server and returns what runs
beside it, if anything. Another platform is one file of this kind and one line in PLATFORMS.
"""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.talk.desk import Desk

Companion = contextlib.AbstractAsyncContextManager[object]
"""What runs as long as the server does; if it gives a task, that is done once it has failed."""
PLATFORMS = ("telegram", "wechat", "wecom")
"""Sections of the configuration; each is a module here of the same name."""


def attach(app: FastAPI, desk: Desk) -> list[Companion]:
    """Every platform that is configured. Raises BadInput for one that lacks a secret."""
    running: list[Companion] = []
    for name in PLATFORMS:
        if getattr(desk.config, name) is not None:
            companion = importlib.import_module(f"bot.channels.{name}").attach(app, desk)
            running += [companion] if companion is not None else []
    return running
