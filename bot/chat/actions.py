"""What an action does: its kind and arguments, in one table. Pure: all that it needs was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.assistant import command, speak
from bot.changes import ErasePerson, ForgetChat
from bot.chat import checklists, commands, corrections, files, questions, reminders
from bot.chat.context import Context
from bot.errors import NotFound
from bot.model import Action, Attachment, Bullets, Chat, Outcome, Paragraph, Reply
from bot.runs.model import ActionNotAllowed
from bot.views import why
from knowledge.engine.model import LANGUAGES

Act = Callable[..., Outcome]
"""Takes the context and the arguments of the action."""
EXAMPLES = 4


def perform(context: Context, action: Action) -> Outcome:
    """What comes of an action; one that is not possible any more, or not allowed, is told."""
    act, right = ACTIONS.get(action.kind, (_no_longer_available, ""))
    if right and not context.may(right):
        return context.reply("talk.denied")
    try:
        return act(context, *action.arguments)
    except ActionNotAllowed as refused:
        if refused.reason == "rights":
            return context.notice("talk.denied")
        text = Paragraph(refused.message(context.language))
        awaiting = action if action.kind in AWAITED else None
        chat = replace(context.chat, awaiting=_without_words(awaiting))
        return Outcome(Reply(context.language, (text,)), chat)
    except NotFound:
        return context.notice("talk.gone")


def _no_longer_available(context: Context, *_: str) -> Outcome:
    return context.notice("talk.gone")


def _without_words(action: Action | None) -> Action | None:
    """The action that waits for its last argument again."""
    return replace(action, arguments=action.arguments[:-1]) if action else None


def _help(context: Context, *_: str) -> Outcome:
    """What can be asked, with examples that work, and the words for the rest."""
    if not context.can.offers_more:
        return _of_skill(context, "help")
    examples = tuple(context.say(f"help.example.{i}") for i in range(1, EXAMPLES + 1))
    blocks = (
        Paragraph(context.say("help.body")),
        Bullets(examples),
        Paragraph(context.say("talk.help.lists")),
        *((Paragraph(context.say("talk.help.postings")),) if context.may("classify") else ()),
        Paragraph(context.say("talk.help.words")),
    )
    return Outcome(Reply(context.language, blocks), context.chat)


def _language(context: Context, wanted: str = "") -> Outcome:
    """From now on in that language; without one, which there are."""
    if wanted not in LANGUAGES:
        named = {code: context.say(f"web.language.{code}") for code in LANGUAGES}
        options = tuple(Action(name, "lang", (code,)) for code, name in named.items())
        if not context.can.offers_more:
            return context.reply("language.known")
        blocks = (Paragraph(context.say("talk.language.which")),)
        return Outcome(Reply(context.language, blocks, options), context.chat)
    outcome = speak(wanted, context.chat, context.book, context.profile)
    return text_only(outcome) if context.can.offers_more else outcome


def text_only(outcome: Outcome) -> Outcome:
    """The same with nothing but what is told."""
    return Outcome(Reply(outcome.reply.language, outcome.reply.blocks), outcome.chat)


def _explain(context: Context) -> Outcome:
    """The words, scores and runners-up of the last answer."""
    last = context.chat.last
    if last is None:
        return context.reply("why.none")
    blocks = why.account(last, context.book, context.language)
    return Outcome(Reply(context.language, blocks), context.chat)


def _of_skill(context: Context, intent: str) -> Outcome:
    """What the intent gives, chosen and not read from words."""
    return text_only(
        command(intent, context.chat, context.book, context.language, context.can.channel)
    )


def _source(context: Context) -> Outcome:
    """Where the last answer comes from."""
    return _of_skill(context, "source")


def _more(context: Context) -> Outcome:
    """Everything of the last entry; where a text was cut, its rest."""
    if context.chat.rest:
        return _continue(context)
    return _of_skill(context, "more")


def _continue(context: Context) -> Outcome:
    """What did not fit into the last message."""
    if not context.chat.rest:
        return context.reply("talk.continue.nothing")
    if any(one.kind in OF_A_RUN for one in context.chat.menu):
        checklists.visible_run(context)
    reply = Reply(context.language, (Paragraph(context.chat.rest),))
    return Outcome(reply, replace(context.chat, rest=""))


def _my_data(context: Context) -> Outcome:
    """Everything that is kept about the person, as a file."""
    if context.incoming.group:
        return context.reply("talk.private")
    if not context.can.files:
        return context.reply("talk.my_data.elsewhere")
    outcome = context.reply("talk.my_data.here")
    file = Attachment("zhiwen-my-data.json", context.loaded.data)
    return replace(outcome, reply=replace(outcome.reply, files=(file,)))


def _forget_me(context: Context) -> Outcome:
    """What can be forgotten; nothing is until it is picked."""
    if not context.can.offers_more:
        return _of_skill(context, "forget_me")
    options = tuple(
        Action(context.say(f"talk.forget.{what}"), "forget", (what,)) for what in ("chat", "all")
    )
    blocks = (Paragraph(context.say("talk.forget.which")),)
    return Outcome(Reply(context.language, blocks, options), context.chat)


def _forget(context: Context, what: str) -> Outcome:
    """Forget this conversation, or the person with everything that is theirs."""
    everything = what == "all"
    outcome = context.reply(f"talk.forgotten.{'all' if everything else 'chat'}")
    person = context.person
    change = ErasePerson(person.id, person.name) if everything else ForgetChat()
    return replace(
        outcome,
        reply=replace(outcome.reply, edits=context.is_press),
        chat=Chat(speaking=context.language),
        changes=(change,),
    )


def _id(context: Context) -> Outcome:
    """As whom, and as what, the person is known."""
    roles = context.say("list.comma").join(context.person.roles)
    return context.reply(
        "talk.id", name=context.person.name, roles=roles, sender=context.incoming.sender
    )


def _stop(context: Context) -> Outcome:
    """Nothing is awaited any more."""
    chat = replace(context.chat, awaiting=None, rest="")
    return replace(context.reply("talk.stopped"), chat=chat)


def _unknown_command(context: Context, command: str) -> Outcome:
    """There is no such command here; which there are."""
    listing = commands.listing(context.can.channel)
    return context.reply("chat.unknown_command", command=command, commands=listing)


def _sentence_action(key: str, *names: str) -> Act:
    """An action that comes to a sentence, the arguments in it by these names."""
    return lambda context, *values: context.reply(key, **dict(zip(names, values, strict=False)))


CHECKLISTS, CLASSIFY = "checklists", "classify"
ACTIONS: dict[str, tuple[Act, str]] = {
    "pick": (questions.answer_pick, ""),
    "items": (questions.items, ""),
    "good": (questions.judge_good, ""),
    "bad": (questions.judge_bad, ""),
    "help": (_help, ""),
    "ask": (_sentence_action("empty.body"), ""),
    "why": (_explain, ""),
    "source": (_source, ""),
    "more": (_more, ""),
    "continue": (_continue, ""),
    "lang": (_language, ""),
    "my_data": (_my_data, ""),
    "forget_me": (_forget_me, ""),
    "forget": (_forget, ""),
    "feedback": (lambda context: _of_skill(context, "feedback"), ""),
    "remind": (reminders.remind, CHECKLISTS),
    "id": (_id, ""),
    "link": (_sentence_action("talk.link.how"), ""),
    "linked": (_sentence_action("talk.linked", "name"), ""),
    "stop": (_stop, ""),
    "unknown": (_unknown_command, ""),
    "no_choice": (_sentence_action("choice.none", "number", "count"), ""),
    "file": (files.respond, ""),
    "correct": (corrections.ask, CLASSIFY),
    "correct_to": (corrections.decide, CLASSIFY),
    "correct_is": (corrections.decide_in_words, CLASSIFY),
    "uncorrect": (corrections.take_back, CLASSIFY),
    "lists": (checklists.lists, CHECKLISTS),
    "runs": (checklists.open_runs, CHECKLISTS),
    "start": (checklists.start, ""),
    "run": (checklists.show, CHECKLISTS),
    "tick": (checklists.tick, CHECKLISTS),
    "vote": (checklists.vote, CHECKLISTS),
    "close": (checklists.close, CHECKLISTS),
    "reopen": (checklists.reopen, CHECKLISTS),
    "except": (checklists.exceptions, CHECKLISTS),
    "reason": (checklists.ask_reason, CHECKLISTS),
    "reason_is": (checklists.reason, CHECKLISTS),
    "date": (checklists.ask_date, CHECKLISTS),
    "date_is": (checklists.date, CHECKLISTS),
}
"""Kind -> what it does, and the right that it takes."""
AWAITED = ("reason_is", "date_is")
"""Kinds whose last argument is the next message."""
CORRECTING = ("correct", "correct_to", "correct_is", "uncorrect")
"""Kinds that are about the posting that was classified last."""
OF_A_RUN = (
    "run", "tick", "vote", "close", "reopen", "except", "reason", "reason_is", "date", "date_is",
)  # fmt: skip
"""Kinds whose first argument is a run."""
