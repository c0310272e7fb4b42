"""Questions and pasted postings in a chat: answered as everywhere, with what can be done below."""

from __future__ import annotations

from dataclasses import replace

from bot.assistant import answer_pick as pick_of
from bot.assistant import reply as answer_to
from bot.changes import Judge
from bot.chat.context import Context
from bot.chat.memory import LONGEST_QUESTION, PASTED, counts
from bot.chat.model import OutgoingMessage, SearchResult
from bot.chat.verdicts import with_correction_actions
from bot.model import Action, Block, Bullets, Chat, Heading, Message, Outcome, Paragraph, Reply
from bot.script.convert import convert_part
from bot.script.detect import script_of
from bot.skills.classify import DECIDED
from bot.views import sections, sources
from rules.book import RuleBook
from rules.questions.model import Band

FOUND = 5
ITEMS = "pause_points"
"""The section of a checklist that holds its items."""
UNTOLD = "\u2026"
"""Stands for a posting, whose text is not kept."""


def answer(context: Context) -> Outcome:
    """The answer to a question, or the verdict on a posting; both are kept."""
    incoming, chat = context.incoming, context.chat
    chosen = incoming.chosen_language if incoming.chosen_language is not None else chat.language
    message = Message(context.loaded.text, chosen, incoming.language, context.can.channel)
    outcome = answer_to(
        message, chat, context.book, context.profile, context.may("classify")
    )  # fmt: skip
    words = message.text if outcome.answer.intent != PASTED else UNTOLD
    outcome = replace(
        with_actions(context, outcome), exchanged=(words, outcome.reply), counted=counts(outcome)
    )
    return with_correction_actions(context, outcome) if words == UNTOLD else outcome


def answer_pick(context: Context, entry: str, section: str, intent: str = "") -> Outcome:
    """What was offered, and is wanted now. The offers of an older reply still work."""
    before = context.chat
    intent = intent or before.conversation.intent
    wanted = Message("", context.language, channel=context.can.channel)
    outcome = pick_of(entry, section, intent, wanted, before, context.book, context.profile)
    if outcome is None:
        return context.reply("talk.gone")
    action = context.loaded.action
    label = (action.label if action else "") or _label(context, entry, section)
    return replace(with_actions(context, outcome), exchanged=(label, outcome.reply))


def items(context: Context, id_: str) -> Outcome:
    """The items of a checklist, which its answer left out."""
    base, language = context.book.base, context.language
    if id_ not in base.ids("checklist"):
        return context.reply("talk.gone")
    entry = base.entry(id_, base.told_in(id_, language))
    listed = sections.blocks(sources.mark_general_practice(entry), "pause_points", base, language)
    source = sources.line(entry, "pause_points", base, language)
    blocks = (Heading(entry.title), *listed, source)
    return Outcome(Reply(language, blocks, _start(context, id_)), context.chat)


def judge_good(context: Context, _: str = "") -> Outcome:
    """A thumb up."""
    return _judge(context, True)


def judge_bad(context: Context, _: str = "") -> Outcome:
    """A thumb down."""
    return _judge(context, False)


def _judge(context: Context, good: bool) -> Outcome:
    """A thumb on an answer: the one that was pressed on, or the last."""
    one = context.loaded.exchanged
    if one is None:
        return context.notice("feedback.nothing")
    about = one.reply.get("about") or None
    before = context.chat.conversation
    section = before.section if before.entry == about else ""
    judge = Judge(
        one.id, one.asked, about, section, good, one.reply["language"], context.book.version
    )
    outcome = context.reply("web.thanks")
    if context.is_press:
        reply = Reply(context.language, (), notice=context.say("web.thanks"))
        outcome = Outcome(reply, context.chat)
    thumb = (("feedback", "up" if good else "down"),)
    return replace(outcome, changes=(judge,), counted=thumb)


def with_actions(context: Context, outcome: Outcome) -> Outcome:
    """The outcome of a question as a chat shows it: with what can be done below."""
    reply, intent = outcome.reply, outcome.chat.conversation.intent
    actions = tuple(
        replace(one, arguments=(one.entry, one.section, intent)) for one in reply.choices
    )
    if not context.can.offers_more:
        return replace(outcome, reply=replace(reply, actions=actions))
    # Only the items of a checklist can be asked for again; what else folds is told at once.
    blocks = tuple(b for b in reply.blocks if not _waits(b, outcome))
    if len(blocks) < len(reply.blocks):
        rest = (one for one in actions if (one.entry, one.section) != (reply.about, ITEMS))
        actions = (Action(context.say("talk.items"), "items", (reply.about,)), *rest)
    if reply.about.startswith("checklist."):
        actions = (*_start(context, reply.about), *actions)
    if outcome.answer.band is Band.ANSWER:
        actions = (
            *actions,
            Action("\U0001f44d", "good", quiet=True),
            Action("\U0001f44e", "bad", quiet=True, beside=True),
        )
    prompt = (Paragraph(reply.prompt),) if reply.prompt else ()
    return replace(
        outcome, reply=replace(reply, blocks=(*blocks, *prompt), actions=actions, prompt="")
    )


def _waits(block: Block, outcome: Outcome) -> bool:
    """Whether these are items of a checklist, which are told when they are asked for; of a guess
    some are told at once, for it to be known by them."""
    told = outcome.answer
    if not (isinstance(block, Bullets) and outcome.reply.about.startswith("checklist.")):
        return False
    return block.folds or (told.section == ITEMS and not told.guess)


def search(
    book: RuleBook, text: str, language: str | None, profile: str | None
) -> tuple[SearchResult, ...]:
    """What a question finds, each ready to be put into somebody's own message.

    *language*: that of the app, if it is one of ours.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_QUESTION:
        return ()
    outcome = answer_to(
        Message(text, page_language=language), Chat(), book, profile, classifies=False
    )
    replies = [outcome.reply]
    if outcome.answer.band is Band.SUGGEST:
        intent, wanted = outcome.chat.conversation.intent, Message("", outcome.reply.language)
        outcomes = [
            pick_of(one.entry, one.section, intent, wanted, outcome.chat, book, profile)
            for one in outcome.reply.choices[:FOUND]
        ]
        replies = [one.reply for one in outcomes if one is not None]
    elif outcome.answer.band is not Band.ANSWER or not outcome.reply.about:
        return ()
    script = script_of(text)
    results = (_search_result(one, book, i) for i, one in enumerate(replies) if one.about)
    return tuple(
        convert_part(one, script, text) if one.message.language == "zh" else one for one in results
    )


def _search_result(reply: Reply, book: RuleBook, number: int) -> SearchResult:
    entry = book.base.entry(reply.about, book.base.told_in(reply.about, reply.language))
    message = OutgoingMessage(reply.language, reply.blocks)
    return SearchResult(f"{number}-{reply.about}", entry.title, entry.summary, message)


def _start(context: Context, checklist: str) -> tuple[Action, ...]:
    """What starts a checklist, for those who may work through one."""
    if not context.may("checklists"):
        return ()
    return (Action(context.say("talk.start"), "start", (checklist,)),)


def _label(context: Context, entry: str, section: str) -> str:
    """What stands for the press of an action that an older release kept without its label."""
    base = context.book.base
    title = base.title(entry, context.language) if entry in base.languages else entry
    if section in ("summary", DECIDED, "compare"):
        return title
    return f"{title} \u00b7 {context.say(f'section.{section}')}"
