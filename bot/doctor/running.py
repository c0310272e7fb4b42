"""What the server at the configured address says of itself, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.doctor.model import Finding, Level, Place
from bot.doctor.server import health_of
from bot.release import release

PARTS = ("database", "content", "disk", "cache", "clock")
GOOD = "ok"
CHANNELS: dict[str, Level] = {GOOD: "ok", "behind": "warn", "stopped": "fail"}
"""What a channel may be, and how bad that is; the sentence is ``running_channel_<state>``."""


def running(place: Place) -> Iterator[Finding]:
    """Nothing where no server of ours answers."""
    told = health_of(place.config)
    if told is None:
        return
    where = f"{place.config.host}:{place.config.port}"
    if told.get("release") != release():
        shown = {"where": where, "release": told.get("release", "?"), "ours": release()}
        yield Finding("warn", "running_release", shown)
    found = [*_parts(told), *_channels(told)]
    yield from found
    if told.get("status") == GOOD:
        yield Finding("ok", "running", {"where": where, "version": told.get("version", "?")})


def _parts(told: dict[str, Any]) -> Iterator[Finding]:
    for part in PARTS:
        state = told.get(part, GOOD)
        if state != GOOD:
            level: Level = "fail" if state == "unusable" else "warn"
            yield Finding(level, "running_part", {"part": part, "state": state})
    if told.get("refused"):
        yield Finding("warn", "running_refused", {"count": told["refused"]})
    if told.get("housekeeping"):
        steps = ", ".join(map(str, told["housekeeping"]))
        yield Finding("warn", "running_steps", {"steps": steps})


def _channels(told: dict[str, Any]) -> Iterator[Finding]:
    states = {name: "stopped" for name in told.get("stopped", ())} | told.get("channels", {})
    for name, state in states.items():
        if state in CHANNELS:
            yield Finding(CHANNELS[state], f"running_channel_{state}", {"name": name})
