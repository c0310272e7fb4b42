"""The one door of every channel: a message or press in, what goes back out, once.

A message of a platform takes two transactions: one in which it is claimed and everything is read
that its answer may lean on, and one in which the answer is kept with all that comes of it. A third
notes that the reply has arrived. A process that dies between them leaves the message to the next.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot import serialize
from bot.app import App
from bot.chat import identity, questions
from bot.chat.context import Context, Loaded
from bot.chat.fit import fit
from bot.chat.load import Asker, context_of, decided_of, language_of_app, load, with_file
from bot.chat.locks import chat_lock
from bot.chat.memory import PASTED
from bot.chat.model import Capability, Incoming, OutgoingMessage, SearchResult
from bot.chat.resolve import resolve
from bot.chat.respond import respond
from bot.chat.save import Turn, save
from bot.errors import Conflict, NotFound, StoreUnavailable
from bot.model import Action, Chat, Outcome, Paragraph
from bot.records import Person
from bot.texts import say

NEW = Chat()
ATTEMPTS = 5
"""How often a message is answered anew that something else came in between."""
log = logging.getLogger("zhiwen.chat")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes back to a message of a platform, and how many of its messages have arrived."""

    message: OutgoingMessage
    arrived_count: int | None = 0
    """How many of its messages have arrived; None for all."""
    is_new: bool = False
    """Whether it was made just now, and is in nobody else's hands."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said on both sides, and the number under which it is kept, if it is."""

    outcome: Outcome
    number: int | None


def receive(
    app: App,
    can: Capability,
    incoming: Incoming,
    arrives: Callable[[OutgoingMessage], int | None] = lambda _: 0,
) -> Delivery | None:
    """What goes back to one message or press; every message is answered once, by one process.

    None: another process is answering it now. Empty: there is nothing (more) to send. A reply that
    was kept and not yet `delivered` is given again. *arrives*: how many messages of a reply reach
    the person with what this returns, None for all. Blocks on the database; raises
    StoreUnavailable, and then nothing was acknowledged.
    """
    with chat_lock(_chat_of(can, incoming)):
        return _receive_alone(app, can, incoming, arrives)


def _receive_alone(
    app: App,
    can: Capability,
    incoming: Incoming,
    arrives: Callable[[OutgoingMessage], int | None],
) -> Delivery | None:
    outbox = app.store.outbox
    with app.store.transaction(durable=False):
        claim = outbox.claim(can.channel, incoming.id, app.holder, can.asks_again)
        if claim.state == "busy":
            return None
        if claim.state == "answered":
            return _replay(incoming, claim.reply)
        asker, refusal = _admit(app, can, incoming)
        loaded = load(app, asker) if asker else None
    try:
        if asker is None or loaded is None:
            message = refusal or empty_message(incoming)
            outbox.keep(can.channel, incoming.id, *_row(incoming, message, arrives(message)))
            return Delivery(message, arrives(message), is_new=True)
        code = identity.code_in(incoming.text) is not None
        if code:  # it was bound to the person just now
            loaded = replace(loaded, action=Action("", "linked", (asker.person.name,)))
        message = _answer_and_keep(app, asker, loaded, arrives)
        return Delivery(message, arrives(message), is_new=True)
    except BaseException:
        with contextlib.suppress(StoreUnavailable):
            outbox.give_back(can.channel, incoming.id)
        raise


def _answer_and_keep(
    app: App, asker: Asker, loaded: Loaded, arrives: Callable[[OutgoingMessage], int | None]
) -> OutgoingMessage:
    """Answer a message of a platform, and keep the reply until it has arrived."""
    secret = secrets.token_urlsafe(12)
    for outcome, now in _attempts(app, asker, loaded):
        fitted = fit(outcome, asker.can, secret, now.chat.menu)
        turn = Turn(
            asker, now, replace(outcome, chat=fitted.chat), secret, fitted.actions,
            _row(asker.incoming, fitted.message, arrives(fitted.message)),
        )  # fmt: skip
        if _save_turn(app, turn) is not None:
            return fitted.message
    raise StoreUnavailable("a chat is written to by too many at once")


def converse(app: App, asker: Asker, keeps: bool = True) -> Exchange:
    """Answer a message of a page or a program, and keep it.

    Raises StoreUnavailable; then nothing is kept.

    *keeps*: whether both sides are kept, or what the chat is about alone.
    """
    with chat_lock(asker.chat):
        with app.store.transaction(durable=False):
            loaded = load(app, asker)
        for outcome, now in _attempts(app, asker, loaded):
            outcome_to_keep = outcome if keeps else replace(outcome, exchanged=None)
            saved = _save_turn(app, Turn(asker, now, outcome_to_keep))
            if saved is not None:
                return Exchange(outcome, saved[0])
    raise StoreUnavailable("a chat is written to by too many at once")


def answer_alone(app: App, asker: Asker) -> Outcome:
    """The answer to a question that belongs to no conversation; reads and writes nothing."""
    action, text = resolve(asker.incoming, NEW, asker.can, None)
    return respond(context_of(app, asker, Loaded(NEW, action=action, text=text)))


def _attempts(app: App, asker: Asker, loaded: Loaded) -> Iterator[tuple[Outcome, Loaded]]:
    """The answer to a message; once more with what stands there now, if that was in the way."""
    loaded = with_file(asker, loaded)
    for _ in range(ATTEMPTS):
        yield _outcome_with_decision(app, context_of(app, asker, loaded)), loaded
        with app.store.transaction(durable=False):
            again = load(app, asker)
        action = loaded.action if loaded.action and loaded.action.kind == "linked" else again.action
        loaded = replace(again, action=action, file=loaded.file)


def _outcome_with_decision(app: App, context: Context) -> Outcome:
    """What comes of a message; a verdict with what a person has decided about that posting."""
    outcome, loaded = respond(context), context.loaded
    pasted = loaded.action is None and outcome.answer.intent == PASTED
    if not pasted and not (loaded.file and loaded.file.one):
        return outcome
    held = decided_of(app, outcome.chat)
    return respond(replace(context, loaded=replace(loaded, decided=held))) if held else outcome


def _save_turn(app: App, turn: Turn) -> tuple[int | None] | None:
    """(the number of the exchange,) once all of it is kept; None where something came between."""
    try:
        number = save(app, turn)
    except (Conflict, NotFound):
        return None
    app.counts.add(turn.outcome.counted)
    return (number,)


def search(
    app: App, can: Capability, sender: str, text: str, language: str | None
) -> tuple[SearchResult, ...]:
    """What a question finds that may be shown to anybody; nothing for strangers."""
    person = identity.identify(app, can, Incoming("", "", sender))
    if person is None or not app.chat_rates.allow(f"{can.channel}:{sender}"):
        return ()
    return questions.search(app.content.seen_by(()), text, language, app.config.profile)


def person_of(app: App, can: Capability, incoming: Incoming) -> Person | None:
    """Who somebody is, for a channel that must know before it fetches anything."""
    return identity.identify(app, can, incoming)


def sentence(incoming: Incoming, key: str, /, **values: object) -> OutgoingMessage:
    """A sentence that is kept nowhere, for somebody of whom nothing is known."""
    language = language_of_app(incoming)
    text = say(language, key, **values)
    return OutgoingMessage(language, (Paragraph(text),), notice=text[:200], texts=(text,))


def empty_message(incoming: Incoming) -> OutgoingMessage:
    """What goes back where nothing does."""
    return OutgoingMessage(language_of_app(incoming))


def _chat_of(can: Capability, incoming: Incoming) -> str:
    """Under which id the chat is kept: in a group each has a conversation of their own."""
    id_ = f"{can.channel}:{incoming.chat}"
    return f"{id_}:{incoming.sender}" if incoming.group else id_


def _admit(
    app: App, can: Capability, incoming: Incoming
) -> tuple[Asker | None, OutgoingMessage | None]:
    """(who asks; in place of somebody who may not, what they are told, if anything)."""
    calm = f"{can.channel}:{incoming.sender}"
    if incoming.sentence:
        message = sentence(incoming, incoming.sentence) if app.chat_rates.allow(calm) else None
        return None, message
    code = identity.code_in(incoming.text)
    person = (
        identity.bind(app, can, incoming, code) if code else identity.identify(app, can, incoming)
    )
    if person is None:
        identity.note_denial(app, can, incoming, "message")
        if incoming.group or not app.chat_rates.allow(calm):
            return None, None
        key = "talk.code.wrong" if code else "talk.stranger"
        return None, sentence(incoming, key, sender=incoming.sender)
    if not app.chat_rates.allow(calm):
        return None, sentence(incoming, "web.error.hurried")
    book = app.content.seen_by(person.roles)
    return Asker(can, incoming, person, _chat_of(can, incoming), book), None


def _replay(incoming: Incoming, row: object) -> Delivery:
    """The reply that was kept before; nothing where it has arrived, or cannot be read."""
    if row is None:
        return Delivery(empty_message(incoming))
    try:
        shape = serialize.outbox_from(row)
    except ValueError:
        log.error("a kept reply cannot be read")
        return Delivery(empty_message(incoming))
    return Delivery(shape.message, shape.parts)


def _row(
    incoming: Incoming, message: OutgoingMessage, arrived: int | None
) -> tuple[dict[str, object] | None, bool]:
    """(the reply as the outbox keeps it, whether it is there already)."""
    if message.empty:
        return None, True
    pressed = incoming.message if incoming.press else ""
    return serialize.outbox_to(message, incoming.chat, pressed, arrived or 0), arrived is None
