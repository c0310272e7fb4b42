"""What a passive reply cannot carry: cards, files and late answers, sent actively, each once."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from bot.app import App
from bot.channels.tencent.answering import passive_text
from bot.channels.tencent.errors import TencentError, Unreachable, WeComError
from bot.channels.wecom import cards
from bot.channels.wecom.client import LATER, Api
from bot.chat import inbox, outbox
from bot.chat.leases import UpdateLeases
from bot.chat.model import Capability, Incoming, OutgoingMessage
from bot.model import Card
from bot.store.types import digest
from bot.texts import say

Step = Callable[[], None]
log = logging.getLogger("zhiwen.wecom")


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the parts of replies by the API of an app."""

    app: App
    can: Capability
    api: Api
    leases: UpdateLeases

    def steps(
        self, message: OutgoingMessage, user: str, code: str = "", pressed: bool = False
    ) -> list[Step]:
        """The parts of a reply in order; where a card was *pressed*, by *code* in its place."""
        card = message.card if message.card and cards.fits(message.card) else None
        data, steps = message.card_data, list[Step]()
        if pressed and card:
            steps.append(lambda: self._replace(user, code, card, data, message.notice))
        elif pressed and code:
            steps.append(lambda: self._close_card(user, code, message.language))
        # After a press, too: the numbers that may be typed are those of the last text.
        steps.append(lambda: self._text(user, passive_text(message)))
        if card and not pressed:
            steps.append(lambda: self.api.card(user, cards.draw(card, data)))
        return steps + [partial(self.api.file, user, one.name, one.data) for one in message.files]

    def send(self, incoming: Incoming, delivery: inbox.Delivery, code: str = "") -> None:
        """Send the parts of a reply that have not arrived; it was made here just now.

        What WeCom cannot take now stays kept, and is sent later. Raises StoreUnavailable.
        """
        message = delivery.message

        def mark(parts: int | None) -> None:
            # Files are not kept longer than need be; texts are, for a platform that asks again.
            keep = parts is None and not message.files
            outbox.mark_delivered(self.app, self.can, incoming, parts, keep)

        with self._in_hand(digest(incoming.id)) as ours:
            if ours:
                steps = self.steps(message, incoming.sender, code, bool(incoming.press))
                self._run_steps(steps, delivery.arrived_count or 0, mark)

    def sweep(self) -> None:
        """Send the replies that some process kept and did not live to send.

        Raises StoreUnavailable.
        """
        for one in outbox.pending(self.app, self.can):

            def mark(parts: int | None, key: str = one.key) -> None:
                outbox.mark_settled(self.app, self.can, key, parts)

            with self._in_hand(one.key) as ours:
                if ours:
                    steps = self.steps(one.message, one.chat, pressed=bool(one.pressed))
                    self._run_steps(steps, one.parts, mark)

    def _run_steps(self, steps: list[Step], begun: int, mark: Callable[[int | None], None]) -> None:
        for number, step in enumerate(steps[begun:], begun + 1):
            try:
                step()
            except TencentError as error:
                if log_error(error, "a reply"):
                    return
                break  # for good: the rest would fare no better
            if number < len(steps):
                mark(number)
        mark(None)

    @contextlib.contextmanager
    def _in_hand(self, key: str) -> Iterator[bool]:
        """Whether the reply is ours alone, as long as this lasts."""
        ours = self.leases.take(key)
        try:
            yield ours
        finally:
            if ours:
                self.leases.release(key)

    def _replace(self, user: str, code: str, card: Card, data: str, notice: str) -> None:
        """Change the card that was pressed; where that is not possible, send another one."""
        if code:
            try:
                return self.api.update_card(user, code, cards.draw_changed(card, data, notice))
            except WeComError as error:
                if log_error(error, "a card"):
                    raise
        self.api.card(user, cards.draw(card, data))

    def _close_card(self, user: str, code: str, language: str) -> None:
        """Nothing can be done with that card any more; if even that cannot be shown, so be it."""
        try:
            self.api.update_button(user, code, say(language, "wecom.card.over"))
        except WeComError as error:
            if log_error(error, "a card"):
                raise

    def _text(self, user: str, text: str) -> None:
        if text:
            self.api.text(user, text)


def log_error(error: TencentError, what: str) -> bool:
    """Put into the log what is to be done; whether trying later can help."""
    extra = {"channel": "wecom"}
    if isinstance(error, WeComError):
        hint = say("en", error.hint_key, code=error.code)
        log.error("%s was not taken. %s", what, hint, extra=extra)
        return error.code in LATER
    log.warning("%s is not sent yet: %s", what, error, extra=extra)
    return isinstance(error, Unreachable)
