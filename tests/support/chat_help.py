"""A chat platform that is nothing but a list of what was said, to drive the core with."""

from __future__ import annotations

import itertools

from bot.app import App, Counts
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.wechat.settings import Settings as WeChat
from bot.chat import inbox, outbox
from bot.chat.model import Capability, Incoming
from bot.config import Config
from bot.model import Reply
from bot.rate_limits import RateLimiter
from bot.render.text import as_text

PRESSED = Capability("telegram", 4096, "utf16", True, 1, True)
TYPED = Capability("wechat", 2048, "bytes", False, 1, False)
WEB = Capability("web", words=False, offers_more=False)
PLENTY = RateLimiter(rate=1e6, burst=10**6)


def app_on(store, live, rates=PLENTY, allow=()):
    """An App with both platforms; *allow*: who is let in."""
    config = Config(
        platforms={"telegram": Telegram(allow=allow), "wechat": WeChat("wx1", allow=allow)}
    )
    return App(config, store, live, Counts(store), chat_rates=rates)


class Phone:
    """Somebody's phone: sends, presses, and shows what came back."""

    _ids = itertools.count(1)

    def __init__(self, app, sender, can=PRESSED, chat=None, language="zh", group=False):
        self.app, self.sender, self.can = app, sender, can
        self.chat, self.language, self.group = chat or sender, language, group
        self.last = None

    def incoming(self, **fields):
        """What the platform would hand over."""
        id_ = fields.pop("id", None) or str(next(self._ids))
        return Incoming(
            id_, self.chat, self.sender, language=self.language, group=self.group, **fields
        )

    def take(self, incoming):
        """Hand it over, and note that the reply has arrived."""
        delivery = inbox.receive(self.app, self.can, incoming)
        self.last = delivery.message if delivery is not None else None
        if self.last is not None and not self.last.empty:
            outbox.mark_delivered(self.app, self.can, incoming)
        return self.last

    def say(self, text, **fields):
        """Send a message; what came back as text."""
        self.take(self.incoming(text=text, **fields))
        return self.text

    def press(self, label, **fields):
        """Press the first button of the last reply whose label begins so."""
        return self.take(self.incoming(press=self.data(label), **fields))

    def data(self, label):
        """The data of the button of the last reply whose label begins so."""
        found = [b.data for row in self.last.buttons for b in row if b.label.startswith(label)]
        assert found, (label, self.labels)
        return found[0]

    @property
    def labels(self):
        """The labels of all buttons of the last reply."""
        return [button.label for row in self.last.buttons for button in row]

    @property
    def text(self):
        """What the last reply says."""
        if self.last is None or self.last.empty:
            return ""
        if self.last.texts:
            return "\n".join(self.last.texts)
        return as_text(Reply(self.last.language, self.last.blocks)) or self.last.notice
