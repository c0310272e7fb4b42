"""Who may see an entry: what people are in the assistant, and whom a restriction lets through."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

AudienceRole = Literal["staff", "hr", "manager", "editor", "admin"]
"""What a person is here; not to be taken for a role of work, which is an entry."""
AUDIENCE_ROLES: tuple[AudienceRole, ...] = get_args(AudienceRole)
SEES_ALL: AudienceRole = "admin"


def admits(restricted_to: Collection[str], roles: Collection[str]) -> bool:
    """Whether someone with *roles* may see what is restricted to some roles (to none: open)."""
    if not restricted_to or SEES_ALL in roles:
        return True
    return any(role in roles for role in restricted_to)
