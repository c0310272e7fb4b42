"""An update of Telegram -> a message or press for the core, and where its reply belongs."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from telegram import CallbackQuery, Document, Message, Update, User
from telegram.constants import ChatType

from bot.chat import commands
from bot.chat.model import File, Incoming
from bot.language import written_in
from knowledge.engine.model import LANGUAGES

TOO_OLD = 24 * 3600.0
"""Seconds after which nobody waits for an answer; Telegram itself keeps updates no longer."""
TOO_OLD_IN_GROUP = 600.0
"""Where the talk has moved on meanwhile."""
KINDS = ("message", "edited_message", "callback_query", "inline_query")
"""The updates that we ask for."""
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?")

Fetching = Callable[[Document], Callable[[], bytes]]
"""A document -> what fetches it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply belongs."""

    chat: int
    thread: int | None = None
    reply: int | None = None
    """The message that it answers, where others talk, too."""
    pressed: int | None = None
    """The message whose button was pressed."""
    query: str | None = None
    """What Telegram calls that press."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a person said or did, and where."""

    incoming: Incoming
    place: Place


def place_of(chat: str, message: str = "") -> Place:
    """The place of a chat id as `chat_of` writes it; *message*: the one that was pressed."""
    number, _, thread = chat.partition(":")
    return Place(
        int(number), int(thread) if thread else None, pressed=int(message) if message else None
    )


def read(update: Update, me: User, fetching: Fetching, now: float) -> Read | None:
    """What the update says to us; None for what is not ours to answer, or too old."""
    number = str(update.update_id)
    if update.callback_query is not None:
        return _press(number, update.callback_query)
    message = update.message or update.edited_message
    if message is None or _is_old(message, now):
        return None
    if _from_an_unnamed_admin(message):
        return _anonymous_sender(number, message, me)
    if not _from_a_person(message, me):
        return None
    text = _text_for_us(message, me)
    return None if text is None else _message(number, message, text, fetching)


def chat_of(message: Message) -> str:
    """The conversation: the chat, and its topic where it has topics."""
    # Replies in groups without topics carry a thread, too, which cannot be written to.
    thread = message.message_thread_id if message.is_topic_message else None
    return f"{message.chat.id}:{thread}" if thread else str(message.chat.id)


def language_of(user: User) -> str | None:
    """What the person's app is set to, if it is one of our languages."""
    code = (user.language_code or "").partition("-")[0].lower()
    return code if code in LANGUAGES else None


def _message(number: str, message: Message, text: str, fetching: Fetching) -> Read | None:
    group = message.chat.type != ChatType.PRIVATE
    document = message.document
    # The caption of a picture is what its sender wants read.
    unreadable = document is None and message.text is None and not message.caption
    if unreadable and (group or message.effective_attachment is None):
        return None  # a service message, such as a pinned one
    assert message.from_user is not None
    chat = chat_of(message)
    where = place_of(chat)
    place = Place(where.chat, where.thread, message.message_id if group else None)
    file = None
    if document is not None:
        name = document.file_name or "file"
        file = File(name, document.file_size or 0, fetching(document))
    if unreadable and message.media_group_id:
        number = f"album {message.media_group_id}"  # one word for all pictures of an album
    incoming = Incoming(
        number, chat, str(message.from_user.id), "/help" if unreadable else text, file=file,
        language=language_of(message.from_user), group=group,
        preface="telegram.unreadable" if unreadable else "",
    )  # fmt: skip
    return Read(incoming, place)


def _anonymous_sender(number: str, message: Message, me: User) -> Read | None:
    """What somebody said to us who shows the group in place of themselves: who may ask is not to
    be told then.
    """
    text = _text_for_us(message, me)
    if text is None:
        return None
    chat = chat_of(message)
    where = place_of(chat)
    language = written_in(text, None) if any(map(str.isalpha, text)) else None
    incoming = Incoming(
        number, chat, chat, language=language, group=True, sentence="telegram.unnamed"
    )
    return Read(incoming, Place(where.chat, where.thread, message.message_id))


def _press(number: str, query: CallbackQuery) -> Read | None:
    message = query.message
    if message is None or not query.data:
        return None
    chat = chat_of(message) if isinstance(message, Message) else str(message.chat.id)
    where = place_of(chat, str(message.message_id))
    incoming = Incoming(
        number, chat, str(query.from_user.id), press=query.data, message=str(message.message_id),
        language=language_of(query.from_user), group=message.chat.type != ChatType.PRIVATE,
    )  # fmt: skip
    return Read(incoming, Place(where.chat, where.thread, None, where.pressed, query.id))


def _from_an_unnamed_admin(message: Message) -> bool:
    """Whether an admin of the group wrote that, whom it does not name."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id and (
        message.chat.type != ChatType.CHANNEL
    )  # fmt: skip


def _from_a_person(message: Message, me: User) -> bool:
    """Whether someone with a number of their own wrote that, and not through us."""
    sender = message.from_user
    if message.chat.type == ChatType.CHANNEL or message.sender_chat is not None:
        return False
    through_us = message.via_bot is not None and message.via_bot.id == me.id
    return sender is not None and not sender.is_bot and not through_us


def _is_old(message: Message, now: float) -> bool:
    written: datetime.datetime = message.edit_date or message.date
    private = message.chat.type == ChatType.PRIVATE
    return now - written.timestamp() > (TOO_OLD if private else TOO_OLD_IN_GROUP)


def _text_for_us(message: Message, me: User) -> str | None:
    """What the message says, without our name; None where it is not meant for us.

    In a group that is a command, a reply to us, or a message with our name in it.
    """
    text = message.text or message.caption or ""
    ours = re.compile(rf"(?<!\w)@{re.escape(me.username or '')}\b", re.IGNORECASE)
    named = bool(me.username and ours.search(text))
    command = _COMMAND.match(text)
    if command and command[2]:
        to_us = command[2].lower() == (me.username or "").lower()
        return text[: command.end(1)] + text[command.end() :] if to_us else None
    if message.chat.type == ChatType.PRIVATE:
        return text
    replied = message.reply_to_message
    author = replied.from_user if replied is not None else None
    if (author is not None and author.id == me.id) or named or (command and commands.parse(text)):
        return ours.sub("", text).strip() if named else text
    return None
