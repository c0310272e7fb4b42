"""Whether the names of our packages belong to us alone in this environment."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import packages_distributions

from bot.doctor.model import Finding, Place

US = "zhiwen"
NAMES = ("zhiwen", "bot", "rules", "knowledge")
"""Our top-level packages; the names are common, and another distribution may bring the same."""


def packages(place: Place) -> Iterator[Finding]:
    """Another distribution that owns one of NAMES would overwrite our files, or be taken for us."""
    owners = packages_distributions()
    shared = {name: sorted({*owners.get(name, ())} - {US}) for name in NAMES}
    for name, others in shared.items():
        if others:
            yield Finding("fail", "package_shared", {"name": name, "owner": ", ".join(others)})
    if not any(shared.values()):
        yield Finding("ok", "packages", {"names": ", ".join(NAMES)})
