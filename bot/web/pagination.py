"""Long lists on pages of their own: which page is asked for, and where the others are."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request

Number = Annotated[int, Query(ge=0, le=100_000)]
"""Which page of a list, counted from 0."""
PASSING = ("saved",)
"""What is asked for once, and not by the pages that follow."""


def page_address(request: Request, name: str, number: int, part: str = "") -> str:
    """The address of another page of the list of that name; what else was asked for stays.

    *part*: the id of what is looked at there.
    """
    asked = request.query_params.multi_items()
    kept = [pair for pair in asked if pair[0] not in (name, *PASSING)]
    query = urlencode([*kept, *([(name, number)] if number else [])])
    return f"?{query}" + (f"#{part}" if part else "")
