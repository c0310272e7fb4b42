"""HTML templates: each part of the bot has a folder ``templates`` of its own."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

import jinja2

from bot import due_dates
from bot.editing.problem_text import problem_sentence


@cache
def environment(part: str) -> jinja2.Environment:
    """The templates of ``bot/<part>``; everything is escaped, an unknown name is an error."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / part / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "iso": _iso,
        "clock": _clock,
        "due": due_dates.words,
        "problem_sentence": problem_sentence,
    }
    return templates


def _iso(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")


def _clock(seconds: float) -> str:
    """Date and time where the server stands."""
    return datetime.datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
