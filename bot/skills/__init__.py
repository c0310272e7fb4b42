"""What the bot does for each intent: one function from a turn to an outcome, listed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.model import Outcome, Turn
from bot.skills import ask, browse, classify, draft, explain, feedback, forget_me, talk
from bot.views import legend, why

SKILLS: dict[str, Callable[[Turn], Outcome]] = {
    "browse": browse.browse,
    "feedback": feedback.feedback,
    "forget_me": forget_me.forget_me,
    "more": ask.more,
    "posting_draft": draft.draft,
    "source": explain.source,
    "why": explain.why,
    "help": talk.help_,
    "greeting": talk.greeting,
    "thanks": talk.thanks,
    "language": talk.language,
    "identity": talk.identity,
    "complaint": talk.mood,
    "mood": talk.mood,
    "agree": talk.word,
    "bye": talk.word,
    "human": talk.word,
    "refuse": talk.word,
}
"""What replies to each intent that the rules call talk, and drafts; others ask the knowledge."""


def respond(turn: Turn) -> Outcome:
    """The outcome of one turn. Pure: reads no file, clock, socket or table."""
    skill = SKILLS.get(turn.answer.intent, ask.ask)
    outcome = skill(turn)
    outcome = replace(outcome, reply=legend.tidy_legends(outcome.reply))
    if skill is not ask.ask and skill is not draft.draft:
        return outcome
    reasons = why.lines(outcome.answer, turn.book, outcome.reply.language)
    return replace(outcome, reply=replace(outcome.reply, why=reasons))


__all__ = ["SKILLS", "classify", "respond"]
