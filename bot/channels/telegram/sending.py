"""What goes back -> calls of the Bot API: messages, edits, files, and what to do if one fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.channels.telegram.api import Bot
from bot.channels.telegram.reading import Place
from bot.channels.telegram.render import render
from bot.channels.telegram.retry import Ended, Later, call, mentions
from bot.channels.telegram.split import Runs, html, part, plain_text
from bot.channels.telegram.timings import Timings
from bot.chat.model import OutgoingMessage
from bot.model import Attachment, Paragraph

LIMIT = 4096
"""UTF-16 units of one message, without its markup."""
NOTICE = 200
"""Characters of the line shown to whoever pressed."""
UNPARSED = "can't parse entities"
UNCHANGED = "message is not modified"
STALE = ("query is too old", "query id is invalid")
NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
NO_THREAD = "message thread not found"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
log = logging.getLogger("zhiwen.telegram")

Arrived = Callable[[int, bool, int | None], Awaitable[None]]
"""Told after each message: how many have arrived, whether that is all, and the number of the
message if it has the buttons."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send: a text or a file; the last one has the buttons."""

    runs: Runs = ()
    file: Attachment | None = None
    edits: bool = False
    keyboard: InlineKeyboardMarkup | None = None


def parts_of(message: OutgoingMessage, pressed: bool = False) -> list[Part]:
    """The messages that a reply becomes; none for a mere notice to whoever *pressed*."""
    notice = (Paragraph(message.notice),) if message.notice and not pressed else ()
    pieces = part(render(message.blocks or notice, message.language), LIMIT)
    parts = [Part(piece, edits=message.edits and n == 0) for n, piece in enumerate(pieces)]
    keyboard = _keyboard(message)
    if keyboard and parts:
        parts[-1] = replace(parts[-1], keyboard=keyboard)
    return parts + [Part(file=file) for file in message.files]


class Sender:
    """Sends replies, each message of them once."""

    def __init__(self, bot: Bot, timings: Timings) -> None:
        self._bot, self._timings = bot, timings

    async def send(
        self, message: OutgoingMessage, place: Place, begun: int, arrived: Arrived
    ) -> bool:
        """Whether the whole reply has arrived, or never can; False: the rest is to be sent later.

        *begun*: how many of its messages have arrived before.
        """
        async with asyncio.TaskGroup() as both:
            if place.query:  # beside the message, which is not to wait for it
                both.create_task(self.answer(place.query, message.notice))
            sending = both.create_task(self._parts(message, place, begun, arrived))
        return sending.result()

    async def _parts(
        self, message: OutgoingMessage, place: Place, begun: int, arrived: Arrived
    ) -> bool:
        parts = parts_of(message, place.pressed is not None)
        try:
            for number, part in enumerate(parts[begun:], begun + 1):
                place, button_at = await self._part(part, place)
                await arrived(number, number == len(parts), button_at)
        except Ended as error:
            log.info("a chat takes nothing any more: %s", error)
        except Later as error:
            log.warning("a reply waits, Telegram did not take it: %s", error)
            return False
        return True

    async def answer(self, query: str, notice: str = "") -> None:
        """Take the clock off a pressed button; too late is no harm."""
        try:
            await call(
                self._timings,
                lambda: self._bot.answer_callback_query(query, notice[:NOTICE] or None),
            )
        except BadRequest as error:
            if not mentions(error, *STALE):
                log.error("Telegram refused the answer to a press: %s", error.message)
        except (Later, Ended, ChatMigrated):
            pass  # the message itself is what counts

    async def _part(self, part: Part, place: Place) -> tuple[Place, int | None]:
        """Send one message. Returns the place of the next one, and where the buttons stand."""
        try:
            sent = await self._send_best(part, place)
        except ChatMigrated as moved:
            place = replace(place, chat=moved.new_chat_id, reply=None, pressed=None)
            sent = await self._send_best(replace(part, edits=False), place)
        except BadRequest as error:
            # Sending it again would be refused again.
            log.error("Telegram refused a message: %s", error.message)
            sent = None
        button_at = None
        if part.keyboard:
            button_at = place.pressed if part.edits and sent is None else _number(sent)
        return replace(place, reply=None), button_at  # one mark is enough

    async def _send_best(self, part: Part, place: Place) -> Message | None:
        """Send it in the way that is best, or in the next best one. Raises BadRequest."""
        try:
            return await self._send_part(part, place)
        except BadRequest as error:
            if mentions(error, UNCHANGED):
                return None
            if mentions(error, UNPARSED):
                log.error("Telegram could not parse a message; it is sent without markup")
                return await self._send_part(part, place, plainly=True)
            if part.edits and mentions(error, *NOT_EDITABLE):
                return await self._send_best(replace(part, edits=False), place)
            if place.thread and mentions(error, NO_THREAD):
                return await self._send_best(part, replace(place, thread=None))
            raise

    async def _send_part(self, part: Part, place: Place, plainly: bool = False) -> Message | None:
        bot, text = self._bot, plain_text(part.runs) if plainly else html(part.runs)
        mode = None if plainly else ParseMode.HTML
        reply = (
            ReplyParameters(place.reply, allow_sending_without_reply=True) if place.reply else None
        )
        if part.file is not None:
            file = part.file
            return await call(
                self._timings,
                lambda: bot.send_document(
                    place.chat, file.data, filename=file.name, message_thread_id=place.thread,
                    reply_parameters=reply,
                ),
            )  # fmt: skip
        if part.edits and place.pressed:
            edited = await call(
                self._timings,
                lambda: bot.edit_message_text(
                    text, place.chat, place.pressed, parse_mode=mode,
                    reply_markup=part.keyboard, link_preview_options=NO_PREVIEW,
                ),
            )  # fmt: skip
            return edited if isinstance(edited, Message) else None
        return await call(
            self._timings,
            lambda: bot.send_message(
                place.chat, text, parse_mode=mode, message_thread_id=place.thread,
                reply_markup=part.keyboard, reply_parameters=reply,
                link_preview_options=NO_PREVIEW,
            ),
        )  # fmt: skip


def _keyboard(message: OutgoingMessage) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
        for row in message.buttons
        if row
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _number(sent: Message | None) -> int | None:
    return sent.message_id if sent is not None else None
