"""One save a message: question, answer, state, actions, changes and outbox in one transaction."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from bot import serialize
from bot.app import App
from bot.changes import (
    AssignRun,
    BeginRun,
    Change,
    CloseRun,
    CorrectVerdict,
    ErasePerson,
    ForgetChat,
    Judge,
    MarkItem,
    Remind,
    ReopenRun,
    TakeBack,
)
from bot.chat.context import Loaded
from bot.chat.load import PRESS, Asker
from bot.chat.memory import open_question
from bot.chat.resolve import Pressable
from bot.errors import StoreUnavailable
from bot.model import Action, Outcome
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that was answered, and all that is to be kept of it."""

    asker: Asker
    loaded: Loaded
    outcome: Outcome
    secret: str = ""
    """What the identities of the reply's actions begin with."""
    actions: tuple[Action, ...] = ()
    outbox: tuple[dict[str, Any] | None, bool] | None = None
    """(the reply on its way, whether it is there already); None where the platform is none."""


def save(app: App, turn: Turn) -> int | None:
    """Keep all of it, or nothing. Returns the number under which the exchange is kept, if it is.

    Raises Conflict, NotFound where something was written meanwhile that it leans on, and
    StoreUnavailable.
    """
    store, outcome, asker = app.store, turn.outcome, turn.asker
    with store.transaction(durable=turn.outbox is not None or bool(outcome.changes)):
        for change in outcome.changes:
            apply(store, asker.chat, change)
        number = None if _erases(outcome) else _exchange(store, turn)
        if turn.actions and not _erases(outcome):
            _save_pressables(store, turn, number)
        if turn.outbox is not None:
            row, sent = turn.outbox
            store.outbox.keep(asker.can.channel, asker.incoming.id, row, sent)
        if turn.loaded.action is None:
            with contextlib.suppress(StoreUnavailable):  # the answer is worth more than the note
                note(app, turn.loaded.text, outcome, asker.book.version)
    if _erases(outcome):
        store.personal.settle()
    return number


def _exchange(store: Store, turn: Turn) -> int | None:
    """Keep the chat, and both sides of the exchange where they are kept."""
    outcome, asker, before = turn.outcome, turn.asker, turn.loaded
    if outcome.exchanged is None and outcome.chat == before.chat:
        return None
    asked, reply = outcome.exchanged or (None, None)
    intent = outcome.chat.conversation.intent
    return store.chats.keep(
        asker.chat,
        asker.person.id,
        serialize.chat_to(outcome.chat),
        asked,
        serialize.reply_to(reply, intent, outcome.acted) if reply else None,
        0 if _is_new_chat(outcome) else before.revision,
    )


def _save_pressables(store: Store, turn: Turn, number: int | None) -> None:
    """Keep what the actions of the reply do, for whom and where."""
    owner = None if turn.outcome.reply.shared else turn.asker.person.id
    pressable = Pressable(turn.asker.incoming.chat, turn.actions, None, number)
    row = serialize.pressable_to(pressable)
    store.tokens.issue(PRESS, row, owner, secret=turn.secret)


def note(app: App, question: str, outcome: Outcome, version: str) -> None:
    """Keep a question that got no answer, for the editors; nobody is named with it.

    Raises StoreUnavailable.
    """
    one = open_question(question, outcome, version)
    if one is not None:
        app.store.feedback.add_question(
            one.question, one.language, one.band, list(one.near), one.score, one.version
        )


def _is_new_chat(outcome: Outcome) -> bool:
    """Whether the chat is a new one now."""
    return any(isinstance(one, ForgetChat) for one in outcome.changes)


def _erases(outcome: Outcome) -> bool:
    return any(isinstance(one, ErasePerson) for one in outcome.changes)


def apply(store: Store, chat: str, change: Change) -> None:
    """Write a change down. Raises Conflict, NotFound where something else was written meanwhile."""
    match change:
        case BeginRun(run):
            store.runs.begin(run)
        case MarkItem(run, item, state, by, note, seen):
            store.runs.mark(run, item, state, by, note, seen)
        case CloseRun(run, by, seen, why):
            store.runs.close(run, by, seen, why)
        case ReopenRun(run, by):
            store.runs.reopen(run, by)
        case AssignRun(run, owners, anchor, by, seen):
            store.runs.assign(run, owners, anchor, by, seen)
        case Judge():
            store.feedback.add(
                change.message, change.question, change.entry, change.section, change.good, "",
                change.language, change.version,
            )  # fmt: skip
        case CorrectVerdict():
            store.corrections.take(change)
        case TakeBack(id_, by):
            store.corrections.undo(id_, by)
        case Remind():
            before = store.reminders.wishes(change.person)
            off = (
                {*before.off} - {change.channel} if change.wanted else {*before.off, change.channel}
            )
            store.reminders.change(
                change.person, hour=change.hour, off=tuple(sorted(off)), language=change.language
            )
        case ForgetChat():
            store.chats.forget(chat)
        case ErasePerson(person, name):
            store.personal.erase(person, name)
