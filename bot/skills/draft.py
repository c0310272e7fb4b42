"""A clean job posting from a role: duties, methods, metrics, and no word about the person."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Bullets, Footnote, Heading, Outcome, Paragraph, Reply, Turn, pick
from bot.skills.ask import ask
from bot.texts import say
from bot.views import sources
from bot.views.legend import tidy_legends
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Role

DUTIES, METHODS, METRICS, PARTNERS = 7, 3, 4, 3


def draft(turn: Turn) -> Outcome:
    """The draft for the role that was named; without one, the question which role is meant.

    What else there is about postings is answered like any other question.
    """
    language, base = turn.language, turn.book.base
    entry = turn.answer.entry
    role = base.entry(entry, base.told_in(entry, language)) if entry else None
    if not isinstance(role, Role):
        first = entry or next((c.entry for c in turn.answer.others), "role.")
        if not first.startswith("role."):
            return ask(turn)
        roles = (c for c in turn.answer.others if c.entry.startswith("role."))
        offers = tuple((c.entry, c.section) for c in roles)
        choices = tuple(pick(base.title(id_, language), id_, section) for id_, section in offers)
        reply = Reply(language, (Paragraph(say(language, "draft.which")),), choices)
        return Outcome(reply, turn.chat, turn.answer)
    title = role.titles[0] if role.titles else role.title
    blocks = (
        Heading(say(language, "draft.heading"), role.title, role.id),
        Paragraph(say(language, "draft.title", title=title)),
        Bullets(role.responsibilities[:DUTIES], say(language, "draft.duties"), numbered=True),
        Bullets(_requirements(role, base, language), say(language, "draft.requirements"), True),
        Footnote(say(language, "draft.to_fill")),
        sources.line(role, "responsibilities", base, language),
    )
    answer = replace(turn.answer, section="responsibilities")
    return Outcome(tidy_legends(Reply(language, blocks)), turn.chat, answer)


def _requirements(role: Role, base: KnowledgeBase, language: str) -> tuple[str, ...]:
    """What the work itself asks for; nothing about age, sex or looks."""
    comma, semicolon = say(language, "list.comma"), say(language, "list.semicolon")
    lines = []
    if role.methods:
        methods = semicolon.join(role.methods[:METHODS])
        lines.append(say(language, "draft.methods", methods=methods))
    if role.metrics:
        names = comma.join(base.title(id_, language) for id_ in role.metrics[:METRICS])
        lines.append(say(language, "draft.metrics", metrics=names))
    if role.works_with:
        partners = (base.title(c.role, language) for c in role.works_with[:PARTNERS])
        lines.append(say(language, "draft.works_with", roles=comma.join(partners)))
    return tuple(lines)
