"""What a person sent while nobody could take it: kept on the page that says so, to be sent again.

A form whose sender's session has ended, or that came while the database could not be written, is
given back with everything that was typed. Files and passwords are not: the first would be too large
for a page, and the second belong on none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException

from bot.web.security import MAX_FORM, SAFE, TooLarge

MAX_KEPT = 300_000
"""Characters that are given back."""
SECRETS = ("password", "old", "new", "again")
"""Fields that hold a password; a form with one of them is not kept."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was not taken."""

    to: str
    """Where it was sent: an address of ours."""
    fields: Fields

    def as_json(self) -> str:
        """As `read` takes it."""
        return json.dumps([self.to, self.fields], ensure_ascii=False)


def read(text: str) -> Unsent | None:
    """What `Unsent.as_json` wrote; None for anything else, such as an address of somebody else."""
    try:
        to, fields = json.loads(text)
        kept = tuple((name, value) for name, value in fields)
    except (ValueError, TypeError):
        return None
    plain = all(isinstance(one, str) for pair in kept for one in pair)
    return Unsent(to, kept) if isinstance(to, str) and plain and is_ours(to) else None


def is_ours(where: str) -> bool:
    """Whether an address leads to a page of this server."""
    fine = where.startswith("/") and not where.startswith(("//", "/\\"))
    return fine and where.isprintable()


async def unsent_form(request: Request) -> Unsent | None:
    """The form that *request* brought; None without one, and where it must or can not be kept."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    told = request.headers.get("content-length", "")
    small = told.isdigit() and int(told) <= MAX_FORM
    if request.method in SAFE or kind not in FORMS or not small:
        return None
    try:
        async with request.form() as form:
            items = form.multi_items()
    except (HTTPException, TooLarge):
        return None
    if any(not isinstance(one, str) and one.filename for _, one in items):
        return None
    fields = tuple((name, one) for name, one in items if isinstance(one, str))
    if any(name in SECRETS for name, _ in fields):
        return None
    if sum(len(name) + len(value) for name, value in fields) > MAX_KEPT:
        return None
    where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Unsent(where, fields) if is_ours(where) else None
