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
from bot.chat.context import Loaded
from bot.chat.fit import fit
from bot.chat.load import Asker, context_of, load, spoken, with_file
from bot.chat.locks import alone
from bot.chat.model import Capability, Found, Incoming, OutgoingMessage
from bot.chat.respond import respond
from bot.chat.save import Turn, save
from bot.errors import Busy, Conflict, Gone
from bot.model import Action, Outcome, Paragraph
from bot.records import Person
from bot.texts import say

ATTEMPTS = 5
"""How often a message is answered anew that something else came in between."""
log = logging.getLogger("zhiwen.chat")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes back to a message of a platform, and how many of its messages have arrived."""

    message: OutgoingMessage
    arrived: int | None = 0
    """How many of its messages have arrived; None for all."""
    fresh: bool = False
    """Whether it was made just now, and is in nobody else's hands."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said on both sides, and the number under which it is kept, if it is."""

    outcome: Outcome
    kept: int | None


def receive(
    app: App,
    can: Capability,
    incoming: Incoming,
    arrives: Callable[[OutgoingMessage], int | None] = lambda _: 0,
) -> Delivery | None:
    """What goes back to one message or press; every message is answered once, by one process.

    None: another process is answering it now. Empty: there is nothing (more) to send. A reply that
    was kept and not yet `delivered` is given again. *arrives*: how many messages of a reply reach
    the person with what this returns, None for all. Blocks on the database; raises Busy, and then
    nothing was acknowledged.
    """
    with alone(_chat_of(can, incoming)):
        return _received(app, can, incoming, arrives)


def _received(
    app: App,
    can: Capability,
    incoming: Incoming,
    arrives: Callable[[OutgoingMessage], int | None],
) -> Delivery | None:
    outbox = app.store.outbox
    with app.store.together(durable=False):
        claim = outbox.claim(can.channel, incoming.id, app.holder, can.asks_again)
        if claim.state == "busy":
            return None
        if claim.state == "answered":
            return _again(incoming, claim.reply)
        asker, refusal = _admitted(app, can, incoming)
        loaded = load(app, asker) if asker else None
    try:
        if asker is None or loaded is None:
            message = refusal or nothing(incoming)
            outbox.keep(can.channel, incoming.id, *_row(incoming, message, arrives(message)))
            return Delivery(message, arrives(message), fresh=True)
        code = identity.code_in(incoming.text) is not None
        if code:  # it was bound to the person just now
            loaded = replace(loaded, action=Action("", "linked", (asker.person.name,)))
        message = _kept(app, asker, loaded, arrives)
        return Delivery(message, arrives(message), fresh=True)
    except BaseException:
        with contextlib.suppress(Busy):
            outbox.give_back(can.channel, incoming.id)
        raise


def _kept(
    app: App, asker: Asker, loaded: Loaded, arrives: Callable[[OutgoingMessage], int | None]
) -> OutgoingMessage:
    """Answer a message of a platform, and keep the reply until it has arrived."""
    secret = secrets.token_urlsafe(12)
    for outcome, now in _attempts(app, asker, loaded):
        fitted = fit(outcome, asker.can, secret, now.chat.menu)
        turn = Turn(
            asker, now, replace(outcome, chat=fitted.chat), secret, fitted.pressable,
            _row(asker.incoming, fitted.message, arrives(fitted.message)),
        )  # fmt: skip
        if _saved(app, turn) is not None:
            return fitted.message
    raise Busy("a chat is written to by too many at once")


def converse(app: App, asker: Asker, keeps: bool = True) -> Exchange:
    """Answer a message of a page or a program, and keep it. Raises Busy; then nothing is kept.

    *keeps*: whether both sides are kept, or what the chat is about alone.
    """
    with alone(asker.chat):
        with app.store.together(durable=False):
            loaded = load(app, asker)
        for outcome, now in _attempts(app, asker, loaded):
            kept = outcome if keeps else replace(outcome, exchanged=None)
            saved = _saved(app, Turn(asker, now, kept))
            if saved is not None:
                return Exchange(outcome, saved[0])
    raise Busy("a chat is written to by too many at once")


def _attempts(app: App, asker: Asker, loaded: Loaded) -> Iterator[tuple[Outcome, Loaded]]:
    """The answer to a message; once more with what stands there now, if that was in the way."""
    loaded = with_file(asker, loaded)
    for _ in range(ATTEMPTS):
        yield respond(context_of(app, asker, loaded)), loaded
        with app.store.together(durable=False):
            again = load(app, asker)
        action = loaded.action if loaded.action and loaded.action.kind == "linked" else again.action
        loaded = replace(again, action=action, file=loaded.file)


def _saved(app: App, turn: Turn) -> tuple[int | None] | None:
    """(the number of the exchange,) once all of it is kept; None where something came between."""
    try:
        number = save(app, turn)
    except (Conflict, Gone):
        return None
    app.counts.add(turn.outcome.counted)
    return (number,)


def search(
    app: App, can: Capability, sender: str, text: str, language: str | None
) -> tuple[Found, ...]:
    """What a question finds that may be shown to anybody; nothing for strangers."""
    person = identity.identify(app, can, Incoming("", "", sender))
    if person is None or not app.chat_rates.allow(f"{can.channel}:{sender}"):
        return ()
    return questions.found(app.content.seen_by(()), text, language, app.config.profile)


def known(app: App, can: Capability, incoming: Incoming) -> Person | None:
    """Who somebody is, for a channel that must know before it fetches anything."""
    return identity.identify(app, can, incoming)


def sentence(incoming: Incoming, key: str, /, **values: object) -> OutgoingMessage:
    """A sentence that is kept nowhere, for somebody of whom nothing is known."""
    language = spoken(incoming)
    text = say(language, key, **values)
    return OutgoingMessage(language, (Paragraph(text),), notice=text[:200], texts=(text,))


def nothing(incoming: Incoming) -> OutgoingMessage:
    """What goes back where nothing does."""
    return OutgoingMessage(spoken(incoming))


def _chat_of(can: Capability, incoming: Incoming) -> str:
    """Under which id the chat is kept: in a group each has a conversation of their own."""
    id_ = f"{can.channel}:{incoming.chat}"
    return f"{id_}:{incoming.sender}" if incoming.group else id_


def _admitted(
    app: App, can: Capability, incoming: Incoming
) -> tuple[Asker | None, OutgoingMessage | None]:
    """(who asks; in place of somebody who may not, what they are told, if anything)."""
    calm = f"{can.channel}:{incoming.sender}"
    if incoming.sentence:
        told = sentence(incoming, incoming.sentence) if app.chat_rates.allow(calm) else None
        return None, told
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


def _again(incoming: Incoming, row: object) -> Delivery:
    """The reply that was kept before; nothing where it has arrived, or cannot be read."""
    if row is None:
        return Delivery(nothing(incoming))
    try:
        kept = serialize.outbox_from(row)
    except ValueError:
        log.error("a kept reply cannot be read")
        return Delivery(nothing(incoming))
    return Delivery(kept.message, kept.parts)


def _row(
    incoming: Incoming, message: OutgoingMessage, arrived: int | None
) -> tuple[dict[str, object] | None, bool]:
    """(the reply as the outbox keeps it, whether it is there already)."""
    if message.empty:
        return None, True
    pressed = incoming.message if incoming.press else ""
    return serialize.outbox_to(message, incoming.chat, pressed, arrived or 0), arrived is None
