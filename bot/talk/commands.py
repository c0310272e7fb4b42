"""What people can ask of the bot itself: slash commands, and words for them in four languages."""

from __future__ import annotations

from functools import cache

from bot.texts import say
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import compact

COMMANDS = (
    "ask", "lists", "runs", "help", "lang", "why", "source", "more", "my_data", "forget_me", "link",
)  # fmt: skip
"""Those that a platform lists; ``talk.command.<name>`` says what each is for."""
HIDDEN = ("start", "continue", "good", "bad", "id", "stop")
"""Those that come up by themselves."""
WORDS = ("lists", "runs", "help", "continue", "good", "bad", "id", "stop")
"""Those for which there are plain words: ``talk.words.<name>``, with bars between them."""


def named(text: str) -> tuple[str, str] | None:
    """(command, what follows) of a message that is one; "/lists@bot double eleven" is "lists"."""
    if text.startswith("/"):
        word, _, rest = text[1:].partition(" ")
        name = word.partition("@")[0].lower().replace("-", "_")
        return (name, rest.strip()) if name in COMMANDS or name in HIDDEN else None
    command = _words().get(compact(text.strip(" .!?\u3002\uff01\uff1f")).text)
    return (command, "") if command else None


@cache
def _words() -> dict[str, str]:
    """Every plain word -> its command."""
    return {
        compact(word).text: name
        for name in WORDS
        for language in LANGUAGES
        for word in say(language, f"talk.words.{name}").split("|")
    }
