"""The terminal: a prompt with history, numbered choices and slash commands."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bot import markup
from bot.assistant import command, reply, speak
from bot.config import Config
from bot.model import Chat, Message, Reply
from bot.texts import say
from bot.views import why
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook

MAX_WIDTH = 100
MIN_WIDTH = 20
THUMBS = {"/good": True, "/bad": False}
COMMANDS = ("/source", "/help", "/feedback", "/forget_me")
"""Intents about the conversation that are chosen by name."""


UNTOLD = "\u2026"
"""Stands for a posting in feedback, as the text of a posting is not kept."""


def run(config: Config, book: RuleBook) -> int:
    """Talk until the person leaves. Returns the exit code."""
    language = "zh" if config.language == "auto" else config.language
    chat = Chat(language=None if config.language == "auto" else config.language, speaking=language)
    print(say(language, "chat.welcome"))
    asked = ""
    for line in _lines(config):
        text = line.strip()
        if text in ("/quit", "/exit", "/q"):
            break
        if text.partition(" ")[0] in THUMBS:
            _show(_thumb(text, asked, chat, book, config))
        elif text.startswith("/"):
            chat = _command(text, chat, book, config)
        elif text:
            message = Message(text, around=language, channel="console")
            outcome = reply(message, chat, book, config.profile)
            if outcome.chat.last is not chat.last and not text.rstrip(".").isdecimal():
                asked = text if outcome.answer.intent != "classify" else UNTOLD
            chat = outcome.chat
            _show(markup.text(outcome.reply, width(), colour(config)))
            if outcome.reply.about.startswith("checklist."):
                named = outcome.reply.about.partition(".")[2]
                print(say(chat.speaking, "runs.command.console", checklist=named) + "\n")
    print(say(chat.speaking, "chat.bye"))
    return 0


def width() -> int:
    """Columns to fill: those of the terminal, within reason; 80 when piped."""
    return max(MIN_WIDTH, min(shutil.get_terminal_size((80, 24)).columns, MAX_WIDTH))


def colour(config: Config) -> bool:
    """Whether to use colours: as configured, by default only on a terminal."""
    if config.colour == "auto":
        return sys.stdout.isatty()
    return config.colour == "always"


def _show(text: str) -> None:
    print("\n" + text + "\n", flush=True)


def _command(text: str, chat: Chat, book: RuleBook, config: Config) -> Chat:
    word, _, rest = text.partition(" ")
    language = chat.language or chat.speaking
    if word == "/lang" and rest.strip() in LANGUAGES:
        outcome = speak(rest.strip(), chat, book, config.profile)
        _show(markup.text(outcome.reply, width(), colour(config)))
        return outcome.chat
    if word == "/why":
        if chat.last is None:
            _show(say(language, "why.none"))
        else:
            told = Reply(language, why.account(chat.last, book, language))
            _show(markup.text(told, width(), colour(config)))
        return chat
    if word not in COMMANDS:
        _show(say(language, "chat.unknown_command", command=word))
        return chat
    outcome = command(word[1:], chat, book, language, "console")
    _show(markup.text(outcome.reply, width(), colour(config)))
    return outcome.chat


def _thumb(text: str, asked: str, chat: Chat, book: RuleBook, config: Config) -> str:
    """Keep what the person thinks of the last answer, if anything is kept here; what to say."""
    from bot import kept
    from bot.errors import BadInput

    word, _, reason = text.partition(" ")
    language = chat.language or chat.speaking
    if chat.last is None:
        return say(language, "feedback.nothing")
    place = kept.where(config)
    if place is None:
        return say(language, "feedback.not_kept")
    try:
        kept.thumb(place, asked, chat.last, THUMBS[word], reason.strip(), language, book.version)
    except (BadInput, OSError) as error:
        return say(language, "feedback.broken", problem=error)
    return say(language, "web.thanks")


def _lines(config: Config) -> Iterator[str]:
    """What the person types, until the end of input; interrupting leaves quietly."""
    ask = _prompt(config) if sys.stdin.isatty() else _piped
    while True:
        try:
            yield ask()
        except (EOFError, KeyboardInterrupt):
            return


def _piped() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _prompt(config: Config) -> Callable[[], str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    history = FileHistory(str(Path(config.history))) if config.history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(history=history)
    return lambda: session.prompt("> ")
