"""The clock that somebody lives by: an IANA time zone, or that of the server where none is said."""

from __future__ import annotations

import datetime
import zoneinfo
from functools import cache

COMMON = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul", "Asia/Singapore",
    "Asia/Kuala_Lumpur", "Asia/Bangkok", "Asia/Jakarta", "Asia/Manila", "Asia/Ho_Chi_Minh",
    "Asia/Kolkata", "Asia/Dubai", "Europe/Moscow", "Europe/Berlin", "Europe/Paris",
    "Europe/London", "America/Sao_Paulo", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland", "UTC",
)  # fmt: skip
"""Those that are suggested; every other one may be typed."""


def canonical_name(name: str) -> str | None:
    """The name as IANA spells it, whatever its case and with blanks for _; None for no zone."""
    return _names_by_key().get(name.strip().replace(" ", "_").casefold())


def local_time(now: datetime.datetime, zone: str | None) -> datetime.datetime:
    """What the clock shows in that zone.

    *now*: of the clock of the server, or with a zone of its own. A zone that this system has no
    table of any more is that of the server.
    """
    return now.astimezone(
        zoneinfo.ZoneInfo(zone) if zone and canonical_name(zone) == zone else None
    )


def zone_label(now: datetime.datetime, zone: str | None) -> str:
    """What to call the zone: its name; that of the server is told by its offset."""
    return zone or now.astimezone().strftime("UTC%z")


@cache
def _names_by_key() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}
