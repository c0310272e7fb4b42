"""A verdict in a chat: what a person has decided about it, and how to correct it."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.context import Context
from bot.model import Action, Block, Heading, Judged, Outcome, Paragraph
from bot.postings.answer import DECIDED, of_name
from bot.postings.output import answer_name, decided_line, name_of
from bot.texts import say
from rules.postings.posting_rules import PostingRules


def with_correction_actions(context: Context, outcome: Outcome) -> Outcome:
    """The verdict behind what was decided about that posting, and with how to correct it.

    With a button where there are buttons, and with words that do the same everywhere.
    """
    judged = outcome.chat.judged
    if judged is None or not context.may("classify"):
        return outcome
    outcome = _with_decision(context, outcome, judged)
    reply = outcome.reply
    example = say(reply.language, "talk.correct.example")
    blocks = (*reply.blocks, Paragraph(say(reply.language, "talk.correct.hint", example=example)))
    actions = reply.actions
    if context.can.offers_more:
        button = Action(say(reply.language, "talk.correct"), "correct", (judged.input,))
        actions = (*actions, button)
    return replace(outcome, reply=replace(reply, blocks=blocks, actions=actions))


def _with_decision(context: Context, outcome: Outcome, judged: Judged) -> Outcome:
    """What a person has decided goes before what the rules say: heading and first line."""
    held, rules, language = context.loaded.decided, context.book.pack, outcome.reply.language
    if held is None:
        return outcome
    answer = of_name(held.function, DECIDED, rules)
    head = Heading(say(language, "classify.heading"), answer_name(answer, rules, language))
    lines = (decided_line(held, rules, language), verdict_sentence(judged, rules, language))
    blocks: tuple[Block, ...] = (head, *map(Paragraph, lines), *outcome.reply.blocks[2:])
    reply = replace(outcome.reply, blocks=blocks)
    if outcome.exchanged is None:
        return replace(outcome, reply=reply)
    kept = replace(outcome.exchanged[1], blocks=blocks)
    return replace(outcome, reply=reply, exchanged=(outcome.exchanged[0], kept))


def verdict_sentence(judged: Judged, rules: PostingRules, language: str) -> str:
    """What the rules said of the posting."""
    name = name_of(judged.was, rules, language)
    decision = say(language, f"classify.decision.{judged.decision}")
    told = say(language, "classify.said.name", function=name, decision=decision)
    return say(language, "classify.said", said=told)
