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
    listed: bool = True
    """Whether a platform lists it; then ``talk.command.<name>`` says what it is for."""
    plain: bool = False
    """Whether there are plain words for it: ``talk.words.<name>``, with bars between them."""
    alone: bool = False
    """Whether it is for a conversation of two only."""
    takes: bool = False
    """Whether it takes the words after it."""
    away: bool = False
    """Whether it is for a chat platform alone: who writes there must be linked, has no page to turn
    to, and may be asked for something that the next message brings."""


TABLE = (
    Command("ask", takes=True),
    Command("lists", plain=True, takes=True),
    Command("runs", plain=True),
    Command("remind", plain=True, alone=True, takes=True, away=True),
    Command("help", plain=True),
    Command("lang", takes=True),
    Command("why"),
    Command("source"),
    Command("more"),
    Command("my_data", alone=True, away=True),
    Command("forget_me", alone=True),
    Command("link", alone=True, away=True),
    Command("start", listed=False, away=True),
    Command("continue", listed=False, plain=True, away=True),
    Command("good", listed=False, plain=True),
    Command("bad", listed=False, plain=True),
    Command("id", listed=False, plain=True, away=True),
    Command("stop", listed=False, plain=True, away=True),
    Command("feedback", listed=False),
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
    return tuple(one for one in TABLE if not (one.away and channel in AT_HOME))


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
        for name in (one.name for one in TABLE if one.plain)
        for language in LANGUAGES
        for word in say(language, f"talk.words.{name}").split("|")
    }
