"""What HR decides about a posting in a chat: kept as on the web, shown, taken back. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.changes import CorrectVerdict, TakeBack
from bot.chat import questions
from bot.chat.context import Context
from bot.chat.verdicts import verdict_sentence
from bot.errors import BadInput
from bot.model import Action, Judged, Outcome, Paragraph, Reply
from bot.postings import decisions
from bot.postings.model import Decided
from bot.postings.output import decided_line, name_of


def ask(context: Context, input_: str = "") -> Outcome:
    """Which function is right: those that come next, and how to say another one with a reason."""
    judged = context.chat.judged
    if judged is None or (input_ and input_ != judged.input):
        return context.reply("talk.correct.gone")
    rules, language = context.book.pack, context.language
    options = tuple(
        Action(name_of(name, rules, language), "correct_to", (judged.input, name))
        for name in judged.options
    )
    back = (_undo_action(context, judged),) if context.loaded.decided else ()
    example = context.say("talk.correct.example")
    text = Paragraph(context.say("talk.correct.which", example=example))
    return Outcome(Reply(language, (text,), (*options, *back)), context.chat)


def decide(context: Context, input_: str, function: str, reason: str = "") -> Outcome:
    """Keep that *function* is right."""
    judged, rules = context.chat.judged, context.book.pack
    if judged is None or input_ != judged.input:
        return context.reply("talk.correct.gone")
    by, at = context.person.name, context.loaded.now
    held = Decided(0, function, judged.was, reason, by, at)
    change = CorrectVerdict(
        by, judged.input, judged.was, function, reason, context.can.channel, judged.language,
        judged.signals, judged.version,
    )  # fmt: skip
    blocks = (
        Paragraph(decided_line(held, rules, context.language)),
        Paragraph(verdict_sentence(judged, rules, context.language)),
        Paragraph(context.say("talk.correct.kept")),
    )
    reply = Reply(context.language, blocks, (_undo_action(context, judged),))
    return Outcome(reply, context.chat, changes=(change,))


def decide_in_words(context: Context, name: str, reason: str, text: str) -> Outcome:
    """The same, told in words; a reason alone is one for what was decided before.

    Where no function is named the words are a question like any other.
    """
    judged, before = context.chat.judged, context.loaded.decided
    try:
        function = decisions.resolve(name, context.book.pack) if name else ""
    except BadInput:
        function = ""
    if not function and not name and before:
        function = before.function
    if judged is None or not function:
        loaded = replace(context.loaded, action=None, text=text)
        return questions.answer(replace(context, loaded=loaded))
    return decide(context, judged.input, function, reason)


def take_back(context: Context, input_: str) -> Outcome:
    """What was decided last holds no more."""
    judged, held = context.chat.judged, context.loaded.decided
    if judged is None or input_ != judged.input:
        return context.reply("talk.correct.gone")
    if held is None:
        return context.reply("web.posting.gone")
    name = name_of(held.function, context.book.pack, context.language)
    outcome = context.reply("talk.correct.undone", function=name)
    return replace(outcome, changes=(TakeBack(held.id, context.person.name),))


def _undo_action(context: Context, judged: Judged) -> Action:
    return Action(context.say("talk.correct.undo"), "uncorrect", (judged.input,))
