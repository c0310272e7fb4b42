"""What a passive reply cannot carry: cards, files and late answers, sent actively, each once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.channels.tencent import cards
from bot.channels.tencent.answering import passive
from bot.channels.tencent.client import LATER, Api
from bot.channels.tencent.errors import TencentError, Unreachable, WeComError
from bot.store import Busy
from bot.store.words import digest
from bot.talk import handle
from bot.talk.desk import Desk
from bot.talk.model import Capability, Card, Incoming, Said
from bot.texts import say

Step = Callable[[], None]
LEASE = 120.0
"""Seconds in which one process sends a reply."""
log = logging.getLogger("zhiwen.wecom")


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the parts of replies by the API of an app."""

    desk: Desk
    can: Capability
    api: Api

    def steps(self, said: Said, user: str, code: str = "", pressed: bool = False) -> list[Step]:
        """The parts of a reply in order; where a card was *pressed*, by *code* in its place."""
        card = said.card if said.card and cards.fits(said.card) else None
        found: list[Step] = []
        if pressed and card:
            found.append(lambda: self._replace(user, code, card, said.notice))
        elif pressed and code:
            found.append(lambda: self._over(user, code, said.language))
        # After a press, too: the numbers that may be typed are those of the last text.
        found.append(lambda: self._text(user, passive(said)))
        if card and not pressed:
            found.append(lambda: self.api.card(user, cards.drawn(card)))
        return found + [partial(self.api.file, user, one.name, one.data) for one in said.files]

    def send(self, incoming: Incoming, said: Said, code: str = "") -> None:
        """Send the parts of a kept reply that have not arrived, unless somebody else does.

        What WeCom cannot take now stays kept, and is sent later. Raises Busy.
        """
        key = digest(incoming.id)

        def mark(parts: int | None) -> None:
            # Files are not kept longer than need be; texts are, for a platform that asks again.
            keep = parts is None and not said.files
            handle.delivered(self.desk, self.can, incoming, parts, keep)

        with self._alone(key) as ours:
            kept = self.desk.store.keeping.reply_to(self.can.channel, incoming.id)
            if ours and kept is not None:
                steps = self.steps(said, incoming.sender, code, bool(incoming.press))
                self._go(steps, int(kept["parts"]), mark)

    def sweep(self) -> None:
        """Send the replies that some process kept and did not live to send. Raises Busy."""
        for one in handle.pending(self.desk, self.can):

            def mark(parts: int | None, key: str = one.key) -> None:
                handle.settled(self.desk, self.can, key, parts)

            with self._alone(one.key) as ours:
                if ours:
                    steps = self.steps(one.said, one.chat, pressed=bool(one.message))
                    self._go(steps, one.parts, mark)

    def _go(self, steps: list[Step], begun: int, mark: Callable[[int | None], None]) -> None:
        for number, step in enumerate(steps[begun:], begun + 1):
            try:
                step()
            except TencentError as error:
                if told(error, "a reply"):
                    return
                break  # for good: the rest would fare no better
            mark(number)
        mark(None)

    def _replace(self, user: str, code: str, card: Card, notice: str) -> None:
        """Change the card that was pressed; where that is not possible, send another one."""
        if code:
            try:
                return self.api.update_card(user, code, cards.changed(card, notice))
            except WeComError as error:
                if told(error, "a card"):
                    raise
        self.api.card(user, cards.drawn(card))

    def _over(self, user: str, code: str, language: str) -> None:
        """Nothing can be done with that card any more; if even that cannot be shown, so be it."""
        try:
            self.api.update_button(user, code, say(language, "tencent.card.over"))
        except WeComError as error:
            if told(error, "a card"):
                raise

    def _text(self, user: str, text: str) -> None:
        if text:
            self.api.text(user, text)

    def _alone(self, key: str) -> _Alone:
        return _Alone(self.desk, f"wecom:send:{key}")


class _Alone:
    """Whether what happens inside is ours alone, among all processes."""

    def __init__(self, desk: Desk, name: str) -> None:
        self._leases, self._name, self._holder = desk.store.leases, name, secrets.token_hex(8)

    def __enter__(self) -> bool:
        self._ours = self._leases.take(self._name, self._holder, LEASE)
        return self._ours

    def __exit__(self, *_: object) -> None:
        if self._ours:
            try:
                self._leases.release(self._name, self._holder)
            except Busy:
                log.warning("a lease could not be given back; it runs out by itself")


def told(error: TencentError, what: str) -> bool:
    """Put into the log what is to be done; whether trying later can help."""
    extra = {"channel": "wecom"}
    if isinstance(error, WeComError):
        hint = say("en", error.hint_key, code=error.code)
        log.error("%s was not taken. %s", what, hint, extra=extra)
        return error.code in LATER
    log.warning("%s is not sent yet: %s", what, error, extra=extra)
    return isinstance(error, Unreachable)
