"""respond: a message with all that it needs -> a reply, the chat afterwards, and what changes.

Pure: from here down nothing reads a file, a clock, a socket or a table.
"""

from __future__ import annotations

from dataclasses import replace

from bot.chat import questions
from bot.chat.actions import AWAITED, perform
from bot.chat.context import Context
from bot.chat.memory import present
from bot.model import PICK, Outcome, Paragraph, Reply
from bot.script.convert import in_script

LONGEST_LABEL = 200
UNTOLD = ("file", "linked", "forget")
"""Kinds of action that leave nothing in the conversation: what was sent is not kept, or it goes."""


def respond(context: Context) -> Outcome:
    """What comes of a message."""
    context = _restrict_to_visible(context)
    outcome = _with_preface(context, _with_label(context, _outcome(context)))
    outcome = in_script(
        outcome, context.loaded.text, context.chat, _names(context), _posting_from_file(context)
    )
    if not context.can.offers_more:  # else a number means what `fit` has numbered
        action = context.loaded.action
        menu = outcome.reply.actions if action is not None and action.kind != PICK else ()
        outcome = replace(outcome, chat=replace(outcome.chat, menu=menu))
    return outcome


def _with_preface(context: Context, outcome: Outcome) -> Outcome:
    """The outcome with the sentence that is to stand before it."""
    if not context.incoming.preface:
        return outcome
    blocks = (Paragraph(context.say(context.incoming.preface)), *outcome.reply.blocks)
    return replace(outcome, reply=replace(outcome.reply, blocks=blocks))


def _names(context: Context) -> tuple[str, ...]:
    """The names of people and files that a reply may speak of."""
    file = context.incoming.file
    return (context.person.name, *((file.name,) if file else ()))


def _posting_from_file(context: Context) -> str:
    """The posting in a file that came with the message, if there is one."""
    one = context.loaded.file.one if context.loaded.file else None
    posting = one.row.posting if one else None
    return f"{posting.title}\n{posting.description}" if posting else ""


def _restrict_to_visible(context: Context) -> Context:
    """Without what the chat may not lean on any more."""
    chat = present(context.chat, context.book)
    return replace(context, loaded=replace(context.loaded, chat=chat))


def _with_label(context: Context, outcome: Outcome) -> Outcome:
    """What was pressed, or the command that was typed, stands in the conversation as well.

    Of a page that takes the place of another only the line is kept that tells what was done.
    """
    action, reply = context.loaded.action, outcome.reply
    if action is None or action.kind in UNTOLD or outcome.exchanged is not None:
        return outcome
    label = action.label or context.incoming.text.strip()[:LONGEST_LABEL]
    if not label:
        return outcome
    if reply.notice:
        reply = replace(reply, blocks=(Paragraph(reply.notice),))
    kept = Reply(reply.language, reply.blocks, reply.choices)
    return replace(outcome, exchanged=(label, kept), acted=True)


def _outcome(context: Context) -> Outcome:
    action = context.loaded.action
    if action is None:
        return questions.answer(context)
    if action.kind in AWAITED:
        chat = replace(context.chat, awaiting=None)
        context = replace(context, loaded=replace(context.loaded, chat=chat))
    return perform(context, action)
