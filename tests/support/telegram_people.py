"""What people do in Telegram and what they see there: chats, messages, presses, files."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram_html import Entity
from web_server import until

LIMIT = 4096
"""Characters of a message, as long as none of them takes two units."""
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Zhiwen", "username": "zhiwen_bot"}


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    id: int
    name: str
    language: str | None = None

    def data(self) -> dict[str, Any]:
        """As an update shows them."""
        found: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name}
        return found | ({"language_code": self.language} if self.language else {})


@dataclass
class Shown:
    """A message as it stands in a chat."""

    id: int
    sender: dict[str, Any]
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    reply_to: int | None = None
    thread: int | None = None
    file: tuple[str, bytes] | None = None
    edits: int = 0
    date: int = 0

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    @property
    def labels(self) -> list[str]:
        """The buttons, one after the other."""
        return [button["text"] for row in self.keyboard for button in row]

    def marked(self, kind: str) -> list[str]:
        """The stretches of that kind, such as "bold"."""
        raw = self.text.encode("utf-16-le")
        return [
            raw[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
            for e in self.entities
            if e.type == kind
        ]


@dataclass(repr=False)
class Chat:
    """A conversation with the bot, of one person or a group."""

    id: int
    post: Callable[[dict[str, Any]], int]
    """Takes an update to the bot; returns its number."""
    press_id: Callable[[], str]
    keep_file: Callable[[str, bytes, int], dict[str, Any]]
    person: Person | None = None
    """Whose chat it is, if it is private."""
    forum: bool = False
    blocked: bool = False
    gone: bool = False
    messages: dict[int, Shown] = field(default_factory=dict)
    threads: set[int] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def data(self) -> dict[str, Any]:
        """As an update shows it."""
        if self.person:
            return {"id": self.id, "type": "private", "first_name": self.person.name}
        found: dict[str, Any] = {"id": self.id, "type": "supergroup", "title": "Team"}
        return found | ({"is_forum": True} if self.forum else {})

    def number(self) -> int:
        """The next message number of this chat."""
        return next(self._numbers)

    @property
    def told(self) -> list[Shown]:
        """What the bot has said, in order."""
        return [one for one in self.messages.values() if one.by_bot]

    @property
    def last(self) -> Shown:
        """The bot's last message."""
        return self.told[-1]

    def wait(self, count: int = 1, seconds: float = 20) -> list[Shown]:
        """The bot's messages once there are so many."""
        until(
            lambda: len(self.told) >= count,
            f"no {count} messages: {[m.text[:60] for m in self.told]}",
            seconds,
        )
        return self.told

    def asks(self, text: str, person: Person | None = None, **more: Any) -> Shown:
        """Say that, and wait for what the bot says next."""
        before = len(self.told)
        self.say(text, person, **more)
        return self.wait(before + 1)[before]

    def say(self, text: str, person: Person | None = None, **more: Any) -> Shown:
        """Write a message. *reply*: the one it answers; *thread*; *ago*: seconds since."""
        return self._write({"text": text}, person, text=text, **more)

    def send_file(
        self,
        name: str,
        data: bytes,
        person: Person | None = None,
        caption: str = "",
        size: int | None = None,
        **more: Any,
    ) -> Shown:
        """Send a file; *size*: what is said of it."""
        document = self.keep_file(name, data, len(data) if size is None else size)
        content = {"document": document} | ({"caption": caption} if caption else {})
        return self._write(content, person, **more)

    def send_other(self, person: Person | None = None, **more: Any) -> Shown:
        """Send a voice message."""
        voice = {"file_id": "v1", "file_unique_id": "v1", "duration": 3}
        return self._write({"voice": voice}, person, **more)

    def send_photo(
        self, caption: str = "", person: Person | None = None, album: str = "", **more: Any
    ) -> Shown:
        """Send a picture, perhaps as one of an *album*."""
        size = {"file_id": "p1", "file_unique_id": "p1", "width": 90, "height": 90}
        content: dict[str, Any] = {"photo": [size]} | ({"caption": caption} if caption else {})
        content |= {"media_group_id": album} if album else {}
        return self._write(content, person, **more)

    def say_cut(self, text: str, person: Person | None = None) -> list[Shown]:
        """Write a text of any length as an app does: cut at the last line that fits a message."""
        shown = []
        while text:
            piece = text[:LIMIT]
            if len(text) > LIMIT and "\n" in piece[LIMIT // 2 :]:
                piece = piece[: piece.rindex("\n")]
            shown.append(self.say(piece, person))
            text = text[len(piece) :].lstrip("\n")
        return shown

    def say_unnamed(self, text: str) -> Shown:
        """Write as an admin of this group who shows the group in place of a name."""
        unnamed = Person(1087968824, "Group")
        data = unnamed.data() | {"is_bot": True, "username": "GroupAnonymousBot"}
        return self._write({"text": text, "from": data, "sender_chat": self.data()}, unnamed,
                           text=text)  # fmt: skip

    def edit(self, shown: Shown, text: str) -> int:
        """Change what was written; returns the number of the update."""
        shown.text = text
        update = self._message(shown) | {"text": text, "edit_date": int(time.time())}
        return self.post({"edited_message": update})

    def press(
        self, label: str, shown: Shown | None = None, person: Person | None = None, data: str = ""
    ) -> str:
        """Press the first button whose label holds that; returns the number of the press."""
        shown = shown or next(m for m in reversed(self.told) if m.keyboard)
        if not data:
            found = [b for row in shown.keyboard for b in row if label in b["text"]]
            assert found, f"no button {label!r} among {shown.labels}"
            data = found[0]["callback_data"]
        who, id_ = person or self.person, self.press_id()
        assert who is not None
        query = {
            "id": id_, "from": who.data(), "chat_instance": "1", "data": data,
            "message": self._message(shown) | {"text": shown.text},
        }  # fmt: skip
        self.post({"callback_query": query})
        return id_

    def _write(
        self,
        content: dict[str, Any],
        person: Person | None,
        text: str = "",
        reply: Shown | None = None,
        thread: int | None = None,
        ago: float = 0,
    ) -> Shown:
        who = person or self.person
        assert who is not None
        shown = Shown(self.number(), who.data(), text, thread=thread, date=int(time.time() - ago))
        self.messages[shown.id] = shown
        message = self._message(shown) | content
        if reply is not None:
            message["reply_to_message"] = self._message(reply) | {"text": reply.text}
        self.post({"message": message})
        return shown

    def _message(self, shown: Shown) -> dict[str, Any]:
        found = {
            "message_id": shown.id, "date": shown.date or int(time.time()), "chat": self.data(),
            "from": shown.sender,
        }  # fmt: skip
        if shown.thread:
            found |= {"message_thread_id": shown.thread, "is_topic_message": True}
        return found
