"""What a channel gives the server: something that runs beside it, and tells how it is doing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Running:
    """A channel at work beside the server."""

    name: str
    works: Callable[[], bool]
    """Whether people can be answered there now, as far as is known."""


Companion = contextlib.AbstractAsyncContextManager[object]
"""What runs as long as the server does; a channel gives its `Running`."""
