"""Where a request comes from: the address of the caller, not that of a proxy in front."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from fastapi import Request

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NOWHERE = "-"
ONE_HOME = 64
"""Bits of an IPv6 address that belong to one connection; the others its owner chooses freely."""


def address(request: Request, proxies: tuple[str, ...]) -> str:
    """What the caller's requests are counted under.

    Each trusted proxy has written down at the right of X-Forwarded-For whom it was called by; what
    stands further left may have been written by anybody.
    """
    found = None
    for hop in _hops(request):
        found = hop
        if not _is_one_of(hop, proxies):
            break
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, ONE_HOME), strict=False))
    return str(found) if found else NOWHERE


def is_trusted(request: Request, proxies: tuple[str, ...]) -> bool:
    """Whether the request comes from one of the *proxies* (addresses or networks)."""
    host = _parse_address(request.client.host if request.client else "")
    return host is not None and _is_one_of(host, proxies)


def _hops(request: Request) -> Iterator[Address]:
    """The addresses on the way, the nearest first, to where one cannot be read."""
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for text in (request.client.host if request.client else "", *reversed(told)):
        hop = _parse_address(text)
        if hop is None:
            return
        yield hop


def _is_one_of(host: Address, proxies: tuple[str, ...]) -> bool:
    try:
        return any(host in ipaddress.ip_network(net, strict=False) for net in proxies)
    except ValueError:  # one that is none: no proxy is believed
        return False


def _parse_address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
