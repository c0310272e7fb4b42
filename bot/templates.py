"""HTML templates: each part of the bot has a folder ``templates`` of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2


@cache
def environment(part: str) -> jinja2.Environment:
    """The templates of ``bot/<part>``; everything is escaped, an unknown name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / part / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
