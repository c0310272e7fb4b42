"""The short answer that stands first: yes or no, or which one."""

from __future__ import annotations

from bot.model import Block, Paragraph
from bot.texts import say
from bot.views.entry import written_verdict
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Comparison, Entry
from rules.questions.model import Answer


def short_answer(
    answer: Answer, entry: Entry, base: KnowledgeBase, language: str
) -> tuple[Block, ...]:
    """The short answer as a paragraph of its own; nothing where none is asked for."""
    told = answer.verdict
    if told is None:
        return ()
    if told.kind == "written":
        return (written_verdict(entry),) if isinstance(entry, Comparison) else ()
    others = say(language, "list.comma").join(base.title(id_, language) for id_ in told.others)
    thing = base.title(told.thing, language) if told.thing else ""
    unit = base.title(told.unit, language) if told.unit else ""
    key = f"verdict.{told.kind}" + ("" if thing or told.kind == "unsaid" else "_owner")
    return (Paragraph(say(language, key, thing=thing, unit=unit, others=others)),)
