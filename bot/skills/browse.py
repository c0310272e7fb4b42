"""What the knowledge base holds, kind by kind."""

from __future__ import annotations

from bot.model import Bullets, Outcome, Reply, Turn
from bot.texts import say
from knowledge.engine.model import KINDS

SHOWN = 6


def browse(turn: Turn) -> Outcome:
    """The kinds with their number and their first titles."""
    base, language = turn.book.base, turn.language
    lines = []
    for kind in KINDS:
        ids = base.ids(kind)
        titles = say(language, "list.comma").join(base.title(id_, language) for id_ in ids[:SHOWN])
        if len(ids) > SHOWN:
            titles += " " + say(language, "browse.more")
        name = say(language, f"kind.{kind}")
        lines.append(say(language, "browse.line", kind=name, count=len(ids), titles=titles))
    blocks = (Bullets(tuple(lines), say(language, "browse.intro")),)
    return Outcome(Reply(language, blocks), turn.chat, turn.answer)
