"""What is read for one message before it is answered: the chat, and what its action is about."""

from __future__ import annotations

import datetime
import json
import secrets
import time
from dataclasses import dataclass, replace

from bot import serialize
from bot.app import App
from bot.chat import files
from bot.chat.actions import CORRECTING, OF_A_RUN
from bot.chat.context import Context, Loaded
from bot.chat.model import Capability, Incoming
from bot.chat.resolve import Pressable, resolve
from bot.errors import NotFound
from bot.model import Chat
from bot.postings import decisions
from bot.postings.model import Decided
from bot.records import Person, Run
from bot.reminders.sending import platforms
from bot.rights import may
from bot.runs import own_templates
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook

PRESS = "press"
"""Of the tokens that stand for the actions of a reply."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, and what they see."""

    can: Capability
    incoming: Incoming
    person: Person
    chat: str
    """The id under which the chat is kept."""
    book: RuleBook


def load(app: App, asker: Asker) -> Loaded:
    """The chat and everything else that the answer may lean on, in the transaction that is open.

    A file is not read here: see `with_file`.
    """
    store, incoming = app.store, asker.incoming
    state, revision = store.chats.open(asker.chat)
    chat = serialize.chat_from(state) if state else Chat(speaking=language_of_app(incoming))
    pressable = _load_pressable(app, asker) if incoming.press else None
    action, text = resolve(incoming, chat, asker.can, pressable)
    loaded = Loaded(chat, revision, action, text, now=time.time())
    if action is None:
        return loaded
    kind = action.kind
    if kind in OF_A_RUN and action.arguments:
        return replace(loaded, run=_run(app, action.arguments[0]))
    if kind in ("continue", "more") and chat.rest:
        of = next((one.arguments[0] for one in chat.menu if one.kind in OF_A_RUN), "")
        return replace(loaded, run=_run(app, of) if of else None)
    if kind in CORRECTING and chat.judged:
        return replace(loaded, decided=decided_of(app, chat))
    if kind == "runs":
        return replace(loaded, runs=tuple(store.runs.all("open")))
    if kind == "remind" and asker.can.channel in platforms(app):
        return replace(loaded, wishes=store.reminders.wishes(asker.person.id))
    if kind in ("lists", "start"):
        kept = tuple(own_templates.visible_templates(store, asker.person))
        return replace(loaded, new_run_id=secrets.token_hex(6), own_templates=kept)
    if kind in ("good", "bad"):
        message = pressable.kept if pressable else None
        if action.arguments and action.arguments[0].isdecimal():
            message = int(action.arguments[0])
        return replace(loaded, exchanged=store.chats.get_message(asker.chat, message))
    if kind == "my_data" and asker.can.files and not incoming.group:
        export = store.personal.export(asker.person.id, asker.person.name)
        data = json.dumps(export, ensure_ascii=False, indent=1).encode()
        return replace(loaded, data=data)
    return loaded


def with_file(asker: Asker, loaded: Loaded) -> Loaded:
    """The same with the file read that was sent, if the person may have it read; takes its time."""
    file = asker.incoming.file
    if file is None or loaded.action is None or not may(asker.person, "classify"):
        return loaded
    language = loaded.chat.language or loaded.chat.speaking
    return replace(loaded, file=files.read(file, asker.book.pack, language))


def decided_of(app: App, chat: Chat) -> Decided | None:
    """What a person decided about the posting that was classified last."""
    key = chat.judged.input if chat.judged else ""
    held = app.store.corrections.get_many([key]).get(key) if key else None
    return decisions.from_correction(held) if held else None


def context_of(app: App, asker: Asker, loaded: Loaded) -> Context:
    """Everything for `respond`."""
    return Context(
        asker.can, asker.incoming, asker.person, asker.book, loaded, app.config.profile,
        datetime.date.today(),
    )  # fmt: skip


def language_of_app(incoming: Incoming) -> str:
    """The language of somebody of whom nothing is known but what their app is set to."""
    return incoming.language if incoming.language in LANGUAGES else LANGUAGES[0]


def _load_pressable(app: App, asker: Asker) -> Pressable | None:
    """What stands behind the identity that was pressed, if this person may press it."""
    secret = asker.incoming.press.partition(":")[0]
    row = app.store.tokens.redeem(PRESS, secret, asker.person.id)
    if row is not None:
        return serialize.pressable_from(row)
    return _page_pressable(app, asker, secret)


def _page_pressable(app: App, asker: Asker, message: str) -> Pressable | None:
    """On a page the number of the reply is its identity: it is shown to nobody else."""
    if asker.can.offers_more or not (message.isdecimal() and len(message) < 18):
        return None
    exchanged = app.store.chats.get_message(asker.chat, int(message))
    if exchanged is None:
        return None
    reply = serialize.reply_from(exchanged.reply)
    return Pressable(asker.incoming.chat, reply.choices, None, exchanged.id)


def _run(app: App, id_: str) -> Run | None:
    try:
        return app.store.runs.get(id_)
    except NotFound:
        return None
