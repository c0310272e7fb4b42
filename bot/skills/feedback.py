"""How to say whether an answer was good."""

from __future__ import annotations

from bot.model import Outcome, Paragraph, Reply, Turn
from bot.texts import say


def feedback(turn: Turn) -> Outcome:
    """Where the thumbs are, and the commands that stand for them."""
    reply = Reply(turn.language, (Paragraph(say(turn.language, "feedback.body")),))
    return Outcome(reply, turn.chat, turn.answer)
