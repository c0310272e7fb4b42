"""Where the last answer comes from, and why it was given."""

from __future__ import annotations

from bot.model import Outcome, Paragraph, Reply, Turn
from bot.texts import say
from bot.views import sources
from bot.views.why import account


def source(turn: Turn) -> Outcome:
    """The passages behind the last answer."""
    before, base, language = turn.chat.conversation, turn.book.base, turn.language
    if before.entry is None:
        return Outcome(_sentence_reply(turn, "source.none"), turn.chat, turn.answer)
    entry = base.entry(before.entry, language)
    blocks = sources.full_source(entry, before.section, base, language)
    return Outcome(Reply(language, blocks), turn.chat, turn.answer)


def why(turn: Turn) -> Outcome:
    """How the last answer came about."""
    if turn.chat.last is None:
        return Outcome(_sentence_reply(turn, "why.none"), turn.chat, turn.answer)
    blocks = account(turn.chat.last, turn.book, turn.language)
    return Outcome(Reply(turn.language, blocks), turn.chat, turn.answer)


def _sentence_reply(turn: Turn, key: str) -> Reply:
    return Reply(turn.language, (Paragraph(say(turn.language, key)),))
