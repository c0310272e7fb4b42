"""The one door of every chat platform: a message or press in, what goes back out, once."""

from __future__ import annotations

import contextlib
import logging
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass

from bot import codec
from bot.model import Chat, Paragraph
from bot.store import Busy
from bot.store.people import Person
from bot.talk import acts, commands, questions, who, wire
from bot.talk.desk import Desk
from bot.talk.fitting import fitted
from bot.talk.model import Capability, Found, Incoming, Said
from bot.talk.visit import Outcome, Visit
from bot.texts import say
from knowledge.engine.model import LANGUAGES
from knowledge.engine.normal import clean

LEASE, PATIENCE = 20.0, 4.0
"""Seconds a chat is held for one message at most, and that another message waits for it."""
PRESS = "press"
"""Of the tokens that stand for the buttons of a message."""
MAX_TEXT = 20_000
log = logging.getLogger("zhiwen.talk")
_held: weakref.WeakValueDictionary[str, threading.Lock] = weakref.WeakValueDictionary()
_holding = threading.Lock()


@dataclass(frozen=True, slots=True)
class Pending:
    """A reply that was kept and, as far as is known, has not arrived."""

    key: str
    chat: str
    message: str
    parts: int
    """How many of its messages have arrived."""
    said: Said


def receive(desk: Desk, can: Capability, incoming: Incoming) -> Said | None:
    """What goes back to one message or press; every message is answered once, by one process.

    None: another process is answering it now. Empty: there is nothing (more) to send. A reply that
    was kept and not yet `delivered` is given again. Blocks on the database; raises Busy, and then
    nothing was acknowledged.
    """
    outbox = desk.store.outbox
    claim = outbox.claim(can.channel, incoming.id)
    if claim.state == "busy":
        return None
    if claim.state == "answered":
        return _nothing(incoming) if claim.reply is None else wire.from_data(claim.reply["said"])
    try:
        said = _answered(desk, can, incoming)
    except BaseException:
        with contextlib.suppress(Busy):
            outbox.give_back(can.channel, incoming.id)
        raise
    if said.empty:
        outbox.sent(can.channel, incoming.id)
    else:
        kept = {
            "said": wire.to_data(said), "chat": incoming.chat, "message": incoming.message,
            "parts": 0,
        }  # fmt: skip
        outbox.keep(can.channel, incoming.id, kept)
    return said


def delivered(
    desk: Desk, can: Capability, incoming: Incoming, parts: int | None = None, keep: bool = False
) -> None:
    """The reply has arrived; with *parts*, so many of its messages have.

    *keep*: the platform may ask for it again.
    """
    if parts is None:
        desk.store.outbox.sent(can.channel, incoming.id, forget=not keep)
    else:
        desk.store.outbox.arrived(can.channel, incoming.id, parts)


def started(desk: Desk, can: Capability, incoming: Incoming) -> int:
    """How many messages of the kept reply have arrived already."""
    kept = desk.store.keeping.reply_to(can.channel, incoming.id)
    return int(kept["parts"]) if kept else 0


def pending(desk: Desk, can: Capability) -> list[Pending]:
    """Replies that a process kept and did not deliver; they are the caller's to deliver now."""
    return [
        Pending(
            one.message, one.reply["chat"], one.reply["message"], one.reply["parts"],
            wire.from_data(one.reply["said"]),
        )
        for one in desk.store.outbox.unsent(can.channel, 0)
    ]  # fmt: skip


def settled(desk: Desk, can: Capability, key: str, parts: int | None = None) -> None:
    """A pending reply has arrived, or so many of its messages."""
    if parts is None:
        desk.store.outbox.resent(can.channel, key)
    else:
        desk.store.outbox.arrived_later(can.channel, key, parts)


def bind(desk: Desk, said: Said, message: str) -> None:
    """The buttons of *said* stand under that message of the platform, and count there alone."""
    data = [button.data for row in said.buttons for button in row if button.data]
    if data:
        desk.store.keeping.bind(PRESS, data[0].partition(":")[0], message=message)


def search(
    desk: Desk, can: Capability, sender: str, text: str, language: str | None
) -> tuple[Found, ...]:
    """What a question finds that may be shown to anybody; nothing for strangers."""
    person = who.who(desk, can, Incoming("", "", sender))
    if person is None or not desk.rates.allow(f"{can.channel}:{sender}"):
        return ()
    return questions.found(desk.live.seen_by(()), text, language, desk.config.profile)


def _answered(desk: Desk, can: Capability, incoming: Incoming) -> Said:
    if incoming.sentence:
        calm = desk.rates.allow(f"{can.channel}:{incoming.sender}")
        return _said(incoming, incoming.sentence) if calm else _nothing(incoming)
    code = who.code_in(incoming.text)
    person = who.bind(desk, can, incoming, code) if code else who.who(desk, can, incoming)
    if person is None:
        return _stranger(desk, can, incoming, bool(code))
    if not desk.rates.allow(f"{can.channel}:{incoming.sender}"):
        return _said(incoming, "web.error.hurried")
    chat_id = f"{can.channel}:{incoming.chat}"
    if incoming.group:
        chat_id += f":{incoming.sender}"
    with _alone(desk, chat_id):
        kept = desk.store.chats.state(chat_id)
        chat = codec.chat_from(kept) if kept else Chat(speaking=_spoken(incoming))
        book = desk.live.seen_by(person.roles)
        visit = Visit(desk, can, incoming, person, chat_id, chat, book)
        outcome = visit.told("talk.linked", name=person.name) if code else _outcome(visit)
        return _kept(visit, outcome)


def _outcome(visit: Visit) -> Outcome:
    """What comes of a message: a press, a file, a command, a number, awaited words, a question."""
    incoming = visit.incoming
    if incoming.press:
        return _pressed(visit)
    if incoming.file is not None:
        return acts.file(visit)
    text = clean(incoming.text)[:MAX_TEXT].strip()
    command = commands.named(text)
    if command:
        return acts.commanded(visit, *command)
    if commands.looks_like_one(text):
        return visit.told("talk.unknown_command", command=text.split()[0][:40])
    if visit.chat.awaiting:
        return acts.awaited(visit, text)
    number = text.rstrip(".")
    if visit.chat.menu and number.isdecimal() and len(number) <= 2:
        if 1 <= int(number) <= len(visit.chat.menu):
            return acts.perform(visit, visit.chat.menu[int(number) - 1])
        return visit.told("choice.none", number=number, count=len(visit.chat.menu))
    return questions.asked(visit, text)


def _pressed(visit: Visit) -> Outcome:
    """What comes of a press; only where the button stands, and for whom it was made."""
    incoming = visit.incoming
    token, _, number = incoming.press.partition(":")
    if not number.isdecimal():  # an item of a menu of the platform: a word and no token
        command = commands.named(incoming.press) or commands.named(f"/{incoming.press}")
        return acts.commanded(visit, *command) if command else visit.told("talk.gone")
    kept = visit.desk.store.keeping.redeem(PRESS, token, visit.person.id)
    gone = visit.told("talk.gone")
    if (
        kept is None
        or not _same(visit.can, kept["chat"], incoming.chat)
        or (incoming.message and kept.get("message") not in (None, incoming.message))
        or int(number) >= len(kept["acts"])
    ):
        return Outcome(gone.blocks, visit.chat, notice=visit.say("talk.gone"))
    return acts.perform(visit, kept["acts"][int(number)])


def _same(can: Capability, kept: str, now: str) -> bool:
    """Whether a chat is the one that it was; its name may have been spelled otherwise then."""
    return (kept.lower() if can.any_case else kept) == now


def _kept(visit: Visit, outcome: Outcome) -> Said:
    """The outcome made fit for the platform, its chat and its buttons kept."""
    store = visit.desk.store
    said, chat, pressable = fitted(visit, outcome)
    if pressable:
        owner = None if outcome.shared else visit.person.id
        payload = {"chat": visit.incoming.chat, "acts": list(pressable.acts)}
        store.keeping.token(PRESS, payload, owner, secret=pressable.token)
    if outcome.chat != visit.chat or chat != visit.chat:
        erased = store.people.linked(visit.can.channel, visit.incoming.sender) is None
        if not erased:
            store.chats.keep(visit.chat_id, visit.person.id, codec.chat_to(chat))
    if outcome.counted:
        visit.desk.count(outcome.counted)
    return said


@contextlib.contextmanager
def _alone(desk: Desk, chat_id: str) -> Iterator[None]:
    """One message of a chat at a time, in this process and in every other one."""
    with _holding:
        lock = _held.setdefault(chat_id, threading.Lock())
    with lock, contextlib.ExitStack() as stack:
        if desk.store.shared:
            stack.enter_context(desk.store.leases.held(f"chat:{chat_id}"[:200], LEASE, PATIENCE))
        yield


def _stranger(desk: Desk, can: Capability, incoming: Incoming, tried: bool) -> Said:
    """What strangers are told: how to be let in; in a group nothing."""
    who.denied(desk, can, incoming, "message")
    if incoming.group or not desk.rates.allow(f"{can.channel}:{incoming.sender}"):
        return _nothing(incoming)
    key = "talk.code.wrong" if tried else "talk.stranger"
    return _said(incoming, key, sender=incoming.sender)


def _said(incoming: Incoming, key: str, /, **values: object) -> Said:
    text = say(_spoken(incoming), key, **values)
    return Said(_spoken(incoming), (Paragraph(text),), notice=text[:200], texts=(text,))


def _nothing(incoming: Incoming) -> Said:
    return Said(_spoken(incoming))


def _spoken(incoming: Incoming) -> str:
    return incoming.language if incoming.language in LANGUAGES else LANGUAGES[0]


def known(desk: Desk, can: Capability, incoming: Incoming) -> Person | None:
    """Who somebody is, for a channel that must know before it fetches anything."""
    return who.who(desk, can, incoming)
