"""respond: a message with all that it needs -> a reply, the chat afterwards, and what changes.

Pure: from here down nothing reads a file, a clock, a socket or a table.
"""

from __future__ import annotations

from dataclasses import replace

from bot.chat import questions
from bot.chat.actions import AWAITED, perform
from bot.chat.context import Context
from bot.model import Outcome, Paragraph


def respond(context: Context) -> Outcome:
    """What comes of a message."""
    outcome = _responded(context)
    if not context.incoming.preface:
        return outcome
    blocks = (Paragraph(context.say(context.incoming.preface)), *outcome.reply.blocks)
    return replace(outcome, reply=replace(outcome.reply, blocks=blocks))


def _responded(context: Context) -> Outcome:
    action = context.loaded.action
    if action is None:
        return questions.asked(context)
    if action.kind in AWAITED:
        chat = replace(context.chat, awaiting=None)
        context = replace(context, loaded=replace(context.loaded, chat=chat))
    return perform(context, action)
