"""The terminal: a prompt with history, numbered choices and slash commands."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.changes import CorrectVerdict, TakeBack
from bot.chat.actions import CORRECTING
from bot.chat.context import Context, Loaded
from bot.chat.memory import PASTED
from bot.chat.model import Capability, Incoming
from bot.chat.questions import UNTOLD
from bot.chat.resolve import resolve
from bot.chat.respond import respond
from bot.config import Config
from bot.errors import BadInput
from bot.language import of_terminal
from bot.model import Action, Chat, Outcome, Paragraph, Reply
from bot.postings.model import Decided
from bot.records import LOCAL, Run
from bot.render.text import as_text
from bot.texts import say
from rules.book import RuleBook

CAN = Capability("console", words=False, offers_more=False)
MAX_WIDTH = 100
MIN_WIDTH = 20
THUMBS = {"/good": True, "/bad": False}
QUIT = ("/quit", "/exit", "/q")


@dataclass(slots=True)
class Talk:
    """One conversation at the terminal."""

    config: Config
    book: RuleBook
    fallback_language: str
    """The language for words that are of none."""
    chat: Chat
    asked: str = ""
    """The question of the last answer."""

    def say(self, text: str) -> Outcome:
        """What comes of words, of a command or of a number."""
        incoming = Incoming(
            "",
            "",
            LOCAL.id,
            text,
            language=self.fallback_language,
            chosen_language=self.chat.language,
        )
        action, text = resolve(incoming, self.chat, CAN, None)
        loaded = Loaded(
            self.chat, action=action, text=text, runs=self._runs(action), now=time.time(),
            decided=self._decision(action, self.chat),
        )  # fmt: skip
        context = Context(
            CAN, incoming, LOCAL, self.book, loaded, self.config.profile, datetime.date.today()
        )
        outcome = respond(context)
        if action is None and outcome.answer.intent == PASTED:
            held = self._decision(action, outcome.chat)
            outcome = respond(replace(context, loaded=replace(loaded, decided=held)))
        outcome = self._keep(outcome)
        if outcome.chat.last is not self.chat.last and not text.rstrip(".").isdecimal():
            self.asked = text if outcome.answer.intent != "classify" else UNTOLD
        self.chat = outcome.chat
        return outcome

    def _decision(self, action: Action | None, chat: Chat) -> Decided | None:
        """What somebody decided about the posting of a chat, if that is to be known."""
        from bot.postings import decisions
        from bot.store import location

        place = location.database_or_none(self.config)
        if chat.judged is None or place is None or (action and action.kind not in CORRECTING):
            return None
        held = location.decision(place, chat.judged.input)
        return decisions.from_correction(held) if held else None

    def _keep(self, outcome: Outcome) -> Outcome:
        """The outcome, once what was decided about a posting is kept; or that nothing is."""
        from bot.store import location

        place = location.database_or_none(self.config)
        for change in outcome.changes:
            if isinstance(change, CorrectVerdict | TakeBack):
                if place is None:
                    text = say(outcome.reply.language, "feedback.not_kept")
                    reply = Reply(outcome.reply.language, (Paragraph(text),))
                    return replace(outcome, reply=reply)
                location.decide(place, change)
        return outcome

    def _runs(self, action: Action | None) -> tuple[Run, ...]:
        """The runs in progress, if they are asked for and anything is kept here."""
        from bot.store import location  # with it comes SQLAlchemy, which a question does not need

        place = location.database_or_none(self.config)
        if action is None or action.kind != "runs" or place is None:
            return ()
        return location.open_runs(place)

    @property
    def language(self) -> str:
        """That of what the bot itself says."""
        return self.chat.language or self.chat.speaking


def run(config: Config, book: RuleBook) -> int:
    """Talk until the person leaves. Returns the exit code."""
    language = of_terminal(os.environ) if config.language == "auto" else config.language
    chosen = None if config.language == "auto" else config.language
    talk = Talk(config, book, language, Chat(language=chosen, speaking=language))
    print(say(language, "chat.welcome"))
    for line in _lines(config):
        text = line.strip()
        if text in QUIT:
            break
        if text.partition(" ")[0] in THUMBS:
            _show(_thumb(text, talk))
        elif text:
            _answer(text, talk)
    print(say(talk.chat.speaking, "chat.bye"))
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


def _answer(text: str, talk: Talk) -> None:
    """Print what comes of a line."""
    try:
        outcome = talk.say(text)
    except BadInput as error:
        return _show(f"zhiwen: {error}")
    _show(_draw(outcome, talk.config))
    if outcome.reply.about.startswith("checklist."):
        named = outcome.reply.about.partition(".")[2]
        print(say(talk.chat.speaking, "runs.command.console", checklist=named) + "\n")
    return None


def _draw(outcome: Outcome, config: Config) -> str:
    return as_text(outcome.reply, width(), colour(config))


def _thumb(text: str, talk: Talk) -> str:
    """Keep what the person thinks of the last answer, if anything is kept here; what to say."""
    from bot.store import location

    word, _, reason = text.partition(" ")
    language, chat = talk.language, talk.chat
    if chat.last is None:
        return say(language, "feedback.nothing")
    place = location.database_or_none(talk.config)
    if place is None:
        return say(language, "feedback.not_kept")
    version = talk.book.version
    try:
        location.keep_thumb(
            place, talk.asked, chat.last, THUMBS[word], reason.strip(), language, version
        )
    except (BadInput, OSError) as error:
        return say(language, "feedback.broken", problem=error)
    return say(language, "web.thanks")


def _lines(config: Config) -> Iterator[str]:
    """What the person types, until the end of input; interrupting leaves quietly."""
    ask = _prompt(config) if sys.stdin.isatty() else _read_line
    while True:
        try:
            yield ask()
        except (EOFError, KeyboardInterrupt):
            return


def _read_line() -> str:
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
