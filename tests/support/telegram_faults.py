"""Trouble on the way to Telegram, laid out beforehand: the n-th call of a method goes wrong."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, Literal

from uvicorn.protocols.http.h11_impl import H11Protocol

Kind = Literal["flood", "broken", "drop", "stall", "refuse", "forbid", "conflict", "migrate"]
TRANSPORTS: dict[int, Any] = {}
"""The client's port -> its connection."""


class Protocol(H11Protocol):
    """HTTP whose connections can be torn."""

    def connection_made(self, transport: Any) -> None:
        """Remember the connection."""
        super().connection_made(transport)
        TRANSPORTS[transport.get_extra_info("peername")[1]] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        TRANSPORTS.pop(self.client[1] if self.client else 0, None)
        super().connection_lost(exc)


@dataclass
class Fault:
    """What goes wrong, when and how often."""

    method: str
    """Of the Bot API; "*" for each that sends."""
    kind: Kind
    skip: int = 0
    times: int = 1
    seconds: float = 1.0
    """How long a stall lasts, or a flood is to be waited for."""
    handled: bool = False
    """Whether the call is carried out all the same, unseen by the one who made it."""
    told: str = ""
    """What a refusal says."""


@dataclass
class Faults:
    """All that is laid out."""

    waiting: list[Fault] = field(default_factory=list)
    happened: list[Fault] = field(default_factory=list)
    chance: dict[Kind, float] = field(default_factory=dict)
    """Kind -> how often it befalls a call that sends, by the dice."""
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    seconds: float = 0.05

    def next(self, method: str) -> Fault | None:
        """What befalls this call."""
        sends = method.startswith(("send", "edit"))
        for fault in self.waiting:
            if fault.method == method or (fault.method == "*" and sends):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
                self.happened.append(fault)
                return fault
        if sends and self.chance:
            roll = self.dice.random()
            for kind, part in self.chance.items():
                if roll < part:
                    found = Fault(method, kind, seconds=self.seconds)
                    self.happened.append(found)
                    return found
                roll -= part
        return None


async def tear(port: int) -> None:
    """End a connection without an answer."""
    transport = TRANSPORTS.get(port)
    if transport is not None:
        transport.abort()
    await asyncio.sleep(0)
