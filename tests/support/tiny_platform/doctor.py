"""What is right and wrong with how it is set up."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor import chats
from bot.doctor.model import Finding, Place


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``tiny``."""
    path = place.config.platform("tiny").path
    if not path.startswith("/"):
        yield Finding("fail", "tiny_path", {"path": path})
    yield from chats.people(place, "tiny")
