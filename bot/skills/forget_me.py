"""How to be forgotten."""

from __future__ import annotations

from bot.model import Bullets, Outcome, Reply, Turn
from bot.texts import say

WAYS = ("web", "console", "command", "kept")


def forget_me(turn: Turn) -> Outcome:
    """The ways to have one's conversation and data deleted, and what stays."""
    ways = tuple(say(turn.language, f"forget_me.{way}") for way in WAYS)
    reply = Reply(turn.language, (Bullets(ways, say(turn.language, "forget_me.title")),))
    return Outcome(reply, turn.chat, turn.answer)
