"""Help, greetings, thanks, and the choice of a language."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Block, Bullets, Outcome, Paragraph, Reply, Turn
from bot.texts import say
from knowledge.model import LANGUAGES

EXAMPLES = 4
ONLY_IN = {
    "console": ("help.commands",),
    "web": ("help.web",),
    "telegram": ("talk.help.lists", "talk.help.words"),
    "wecom": ("talk.help.lists", "talk.help.words"),
    "wechat": ("talk.help.lists", "talk.help.words"),
}
"""Channel -> what there is only in that channel."""


def help_(turn: Turn) -> Outcome:
    """What can be asked, with examples that work."""
    language = turn.language
    examples = tuple(say(language, f"help.example.{i}") for i in range(1, EXAMPLES + 1))
    blocks: tuple[Block, ...] = (
        Paragraph(say(language, "help.body")),
        Bullets(examples),
        Paragraph(say(language, "help.postings")),
        *(Paragraph(say(language, key)) for key in ONLY_IN.get(turn.message.channel, ())),
    )
    return Outcome(Reply(language, blocks), turn.chat, turn.answer)


def greeting(turn: Turn) -> Outcome:
    """A greeting back, and what can be asked."""
    first = Paragraph(say(turn.language, "greeting.body"))
    told = help_(turn)
    return replace(told, reply=replace(told.reply, blocks=(first, *told.reply.blocks[:2])))


def thanks(turn: Turn) -> Outcome:
    """You are welcome."""
    return Outcome(_said(turn, "thanks.body"), turn.chat, turn.answer)


def word(turn: Turn) -> Outcome:
    """A short word back for one of the person's."""
    return Outcome(_said(turn, f"{turn.answer.intent}.body"), turn.chat, turn.answer)


def language(turn: Turn) -> Outcome:
    """From now on in the language that was named."""
    wanted = wanted_language(turn.message.text) or turn.language
    reply = Reply(wanted, (Paragraph(say(wanted, "language.set")),))
    return Outcome(reply, replace(turn.chat, language=wanted, speaking=wanted), turn.answer)


def wanted_language(text: str) -> str | None:
    """The language a person names in any of the four."""
    lowered = text.casefold()
    for code in LANGUAGES:
        names = {say(other, f"language.{code}").casefold() for other in LANGUAGES}
        if any(name in lowered for name in names):
            return code
    return None


def _said(turn: Turn, key: str) -> Reply:
    return Reply(turn.language, (Paragraph(say(turn.language, key)),))
