"""What people can ask of the bot itself: slash commands, and words for them in four languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.texts import say
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import compact


@dataclass(frozen=True, slots=True)
class Command:
    """Something that is asked of the bot by its name; it does the action of that kind."""

    name: str
    is_listed: bool = True
    """Whether a platform lists it; then ``talk.command.<name>`` says what it is for."""
    has_words: bool = False
    """Whether there are plain words for it: ``talk.words.<name>``, with bars between them."""
    private_only: bool = False
    """Whether it is for a conversation of two only."""
    takes_words: bool = False
    """Whether it takes the words after it."""
    platform_only: bool = False
    """Whether it is for a chat platform alone: who writes there must be linked, has no page to turn
    to, and may be asked for something that the next message brings."""


TABLE = (
    Command("ask", takes_words=True),
    Command("lists", has_words=True, takes_words=True),
    Command("runs", has_words=True),
    Command("remind", has_words=True, private_only=True, takes_words=True, platform_only=True),
    Command("help", has_words=True),
    Command("lang", takes_words=True),
    Command("why"),
    Command("source"),
    Command("more"),
    Command("my_data", private_only=True, platform_only=True),
    Command("forget_me", private_only=True),
    Command("link", private_only=True, platform_only=True),
    Command("start", is_listed=False, platform_only=True),
    Command("continue", is_listed=False, has_words=True, platform_only=True),
    Command("good", is_listed=False, has_words=True),
    Command("bad", is_listed=False, has_words=True),
    Command("id", is_listed=False, has_words=True, platform_only=True),
    Command("stop", is_listed=False, has_words=True, platform_only=True),
    Command("feedback", is_listed=False),
)
AT_HOME = ("console", "web")
"""Channels that are no chat platform."""
MORE = {"console": (Command("quit"),)}
"""What a channel understands by itself."""
COMMANDS = {command.name: command for command in TABLE}
ALSO = {
    "checklist": "lists", "checklists": "lists", "list": "lists",
    "run": "runs", "myruns": "runs", "my_runs": "runs", "mylists": "runs", "my_lists": "runs",
    "reminders": "remind", "reminder": "remind", "notify": "remind",
    "menu": "help", "commands": "help", "command": "help", "h": "help",
    "language": "lang", "languages": "lang",
    "sources": "source", "cite": "source",
    "next": "continue",
    "mydata": "my_data", "data": "my_data", "export": "my_data",
    "forget": "forget_me", "forgetme": "forget_me", "delete": "forget_me",
    "bind": "link", "whoami": "id", "me": "id", "cancel": "stop",
    "up": "good", "down": "bad", "question": "ask",
}  # fmt: skip
"""What people type in place of a command."""
_SLASHED = re.compile(r"/([\w-]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_BRACKETS = ("[", "\u3010")
"""With one of these begin the smileys of some platforms."""


def parse(text: str) -> tuple[str, str] | None:
    """(command, what follows) of a message that is one; "/lists@bot double eleven" is "lists"."""
    if slashed := _SLASHED.fullmatch(text):
        name = slashed[1].lower().replace("-", "_")
        name = ALSO.get(name, name)
        if name not in COMMANDS:
            name = _words().get(compact(slashed[1]).text, "")
        return (name, (slashed[2] or "").strip()) if name else None
    if text.startswith(_BRACKETS):
        return None
    command = _words().get(compact(text.strip(" .!?\u3002\uff01\uff1f")).text)
    return (command, "") if command else None


def known_in(channel: str) -> tuple[Command, ...]:
    """The commands that a channel has."""
    return tuple(one for one in TABLE if not (one.platform_only and channel in AT_HOME))


def is_known(name: str, channel: str) -> bool:
    """Whether a channel has the command of that name."""
    return COMMANDS[name] in known_in(channel)


def listing(channel: str) -> str:
    """Every command that a channel has, as it is typed."""
    return " ".join(f"/{one.name}" for one in (*known_in(channel), *MORE.get(channel, ())))


def looks_like_one(text: str) -> bool:
    """Whether that was meant as a command: a slash and a word, unlike "/::)" or "/:rose"."""
    return _SLASHED.fullmatch(text) is not None


@cache
def _words() -> dict[str, str]:
    """Every plain word -> its command."""
    return {
        compact(word).text: name
        for name in (one.name for one in TABLE if one.has_words)
        for language in LANGUAGES
        for word in say(language, f"talk.words.{name}").split("|")
    }
