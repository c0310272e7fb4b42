"""Help, greetings, thanks, and the choice of a language."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.table import PLATFORMS
from bot.chat import commands
from bot.model import Block, Bullets, Outcome, Paragraph, Reply, Turn
from bot.skills.ask import ask
from bot.skills.draft import draft
from bot.texts import say
from knowledge.engine.model import LANGUAGES

EXAMPLES = 4
ONLY_IN = {
    "console": ("help.commands", "help.slash"),
    "web": ("help.web", "help.slash"),
    **dict.fromkeys(PLATFORMS, ("talk.help.lists", "talk.help.words")),
}
"""Channel -> what there is only in that channel."""


def help_(turn: Turn) -> Outcome:
    """What can be asked, with examples that work."""
    language, channel = turn.language, turn.message.channel
    listing = commands.listing(channel)
    blocks: tuple[Block, ...] = (
        Paragraph(say(language, "help.body")),
        _examples(language),
        Paragraph(say(language, "help.postings")),
        *(Paragraph(say(language, key, commands=listing)) for key in ONLY_IN.get(channel, ())),
    )
    return Outcome(Reply(language, blocks), turn.chat, turn.answer)


def greeting(turn: Turn) -> Outcome:
    """A greeting back, and what can be asked."""
    return _with_examples(turn, "greeting.body")


def identity(turn: Turn) -> Outcome:
    """Who it is, and what it can do."""
    return _with_examples(turn, "identity.body")


def mood(turn: Turn) -> Outcome:
    """One line for someone who is tired or cross, and what one could ask."""
    text = say(
        turn.language, f"{turn.answer.intent}.body", example=say(turn.language, "help.example.2")
    )
    return Outcome(Reply(turn.language, (Paragraph(text),)), turn.chat, turn.answer)


def thanks(turn: Turn) -> Outcome:
    """You are welcome."""
    return Outcome(_sentence(turn, "thanks.body"), turn.chat, turn.answer)


def word(turn: Turn) -> Outcome:
    """A short word back for one of the person's."""
    return Outcome(_sentence(turn, f"{turn.answer.intent}.body"), turn.chat, turn.answer)


def language(turn: Turn) -> Outcome:
    """From now on in the language that was named, the last answer told again in it."""
    wanted = wanted_language(turn.message.text)
    if wanted is None:
        return Outcome(_sentence(turn, "language.known"), turn.chat, turn.answer)
    return switch_language(turn, wanted)


def switch_language(turn: Turn, wanted: str) -> Outcome:
    """The chat in that language from now on; its last answer again, if it was told in another."""
    chat = replace(turn.chat, language=wanted, speaking=wanted)
    reply = Reply(wanted, (Paragraph(say(wanted, "language.set")),))
    if wanted != turn.chat.speaking:
        again = _repeat_last(replace(turn, language=wanted))
        reply = replace(again, blocks=(*reply.blocks, *again.blocks)) if again else reply
    return Outcome(reply, chat, turn.answer)


def _repeat_last(turn: Turn) -> Reply | None:
    """The last answer in the language of the turn; a verdict is not told again, as the text of a
    posting is not kept."""
    last = turn.chat.last
    if last is None or last.intent == "classify":
        return None
    skill = draft if last.intent == "posting_draft" else ask
    return skill(replace(turn, answer=last)).reply


def wanted_language(text: str) -> str | None:
    """The language a person names last, in any of the four, other than to say that it is not."""
    lowered = text.casefold()
    named = [
        (lowered.rfind(name), code)
        for code in LANGUAGES
        for name in _words(f"language.names.{code}")
        if name in lowered and not _is_denied(lowered[: lowered.rfind(name)])
    ]
    return max(named)[1] if named else None


def _is_denied(before: str) -> bool:
    """Whether the words before the name of a language say that it is not wanted."""
    return before.rstrip().endswith(_words("language.not"))


def _words(key: str) -> tuple[str, ...]:
    """The words under a key, of all four languages."""
    return tuple(word for code in LANGUAGES for word in say(code, key).casefold().split("|"))


def _with_examples(turn: Turn, key: str) -> Outcome:
    blocks = (Paragraph(say(turn.language, key)), _examples(turn.language))
    return Outcome(Reply(turn.language, blocks), turn.chat, turn.answer)


def _examples(language: str) -> Bullets:
    return Bullets(tuple(say(language, f"help.example.{i}") for i in range(1, EXAMPLES + 1)))


def _sentence(turn: Turn, key: str) -> Reply:
    return Reply(turn.language, (Paragraph(say(turn.language, key)),))
