"""WeCom's side of an AI bot's long connection, strict: what it would refuse fails the test.

What is not known of the platform is decided against us: the number of a callback ends with its
connection; a callback whose reply it has not got is pushed again, under another number; a second
reply under another id stands there twice.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import itertools
import json
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

BOT, SECRET = "aib0123456789", "s3cret-of-the-bot"
TEXT, TITLES, LABEL, BUTTON = 20480, 36, 11, 10
TASK = re.compile(r"[A-Za-z0-9_@-]{1,128}")
OK, WRONG_SECRET, INVALID, BAD_REQUEST, LIMITED = 0, 853000, 40058, 846605, 45009
UNSUBSCRIBED = 846609


@dataclass
class Callback:
    """Something that happened in a chat, and what has come of it."""

    body: dict[str, Any]
    event: str = ""
    answered: bool = False
    silent: bool = False
    """Whether no answer is waited for."""
    at: float = 0.0

    @property
    def chat(self) -> str:
        """Where it happened."""
        return str(self.body.get("chatid") or self.body["from"]["userid"].lower())


class Gateway:
    """The platform with its people; its methods may be called from any thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.url = self.files_url = ""
        self.violations: list[str] = []
        self.callbacks: dict[str, Callback] = {}
        self.shown: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """Chat -> what stands there, in order: streams, texts, cards, files."""
        self.subscriptions: list[str] = []
        self.wrong = 0
        """Attempts with a wrong secret."""
        self.current: ServerConnection | None = None
        self.pings = 0
        self.fault: Callable[[str, dict[str, Any]], str] = lambda _command, _frame: ""
        """What goes wrong with a frame that came in: "", "drop" before it is seen, "mute" after
        it is carried out, "limit", "unsubscribed"."""
        self.files: dict[str, bytes] = {}
        self.takes_files = True
        self.redelivers = True
        self._requests: dict[str, Callback] = {}
        """Every number under which a callback was pushed."""
        self._uploads: dict[str, dict[str, Any]] = {}
        self._media: dict[str, tuple[str, bytes]] = {}
        self._tasks: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()

    # What people do

    def say(self, user: str, text: str, group: str = "", **more: Any) -> str:
        """Somebody writes; the number of the message."""
        return self.happens(user, group, msgtype="text", text={"content": text}, **more)

    def happens(self, user: str, group: str = "", **body: Any) -> str:
        """A message of any kind."""
        number = f"m{next(self._numbers)}"
        body = {
            "msgid": number, "aibotid": BOT, "chattype": "group" if group else "single",
            **({"chatid": group} if group else {}), "from": {"userid": user}, **body,
        }  # fmt: skip
        self._add(Callback(body))
        return number

    def event(self, user: str, kind: str, silent: bool = False, **details: Any) -> str:
        """An event of any kind."""
        number = f"e{next(self._numbers)}"
        body = {
            "msgid": number, "aibotid": BOT, "chattype": "single", "from": {"userid": user},
            "create_time": 1, "msgtype": "event", "event": {"eventtype": kind, kind: details},
        }  # fmt: skip
        self._add(Callback(body, kind, silent=silent))
        return number

    def press(self, user: str, card: dict[str, Any], checked: list[str]) -> str:
        """Somebody sends a card off with these items checked."""
        item = {"question_key": card["checkbox"]["question_key"],
                "option_ids": {"option_id": checked}}  # fmt: skip
        return self.event(
            user, "template_card_event", card_type=card["card_type"], task_id=card["task_id"],
            event_key=card["submit_button"]["key"], selected_items={"selected_item": [item]},
        )  # fmt: skip

    def file(self, user: str, name: str, data: bytes, key: str | None = None) -> str:
        """Somebody sends a file: sealed with a key of its own, under a link."""
        raw = secrets.token_bytes(32)
        padding = 32 - len(data) % 32
        encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
        sealed = encryptor.update(data + bytes([padding]) * padding) + encryptor.finalize()
        path = f"/{secrets.token_hex(4)}"
        self.files[path] = sealed
        self._names[path] = name
        link = {"url": f"{self.files_url}{path}", "aeskey": key or base64.b64encode(raw).decode()}
        return self.happens(user, msgtype="file", file=link)

    _names: dict[str, str] = {}  # noqa: RUF012

    # What they see

    def texts(self, chat: str) -> list[str]:
        """The texts in a chat."""
        return [one["text"] for one in self.shown[chat] if "text" in one]

    def cards(self, chat: str) -> list[dict[str, Any]]:
        """The cards in a chat."""
        return [one["card"] for one in self.shown[chat] if "card" in one]

    def sent_files(self, chat: str) -> list[tuple[str, bytes]]:
        """The files in a chat that the bot sent."""
        return [one["file"] for one in self.shown[chat] if "file" in one]

    def wait(self, condition: Callable[[], Any], complaint: str, seconds: float = 30.0) -> None:
        """Until something is so."""
        with self._changed:
            assert self._changed.wait_for(condition, seconds), f"{complaint}: {self.violations}"

    def heard(self, number: str) -> None:
        """Until a callback is answered."""
        self.wait(lambda: self.callbacks[number].answered, f"no answer to {number}")

    def asked(self, user: str, text: str, group: str = "") -> str:
        """Somebody writes, and this is the last text then."""
        self.heard(self.say(user, text, group))
        return self.texts(group or user.lower())[-1]

    # What befalls the connection

    def push(self, raw: str | bytes | list[str]) -> None:
        """Send something as it is; a list goes out as one message in fragments."""
        assert self.current is not None
        self.do(self.current.send(raw))

    def again(self, number: str) -> None:
        """Push a callback once more."""
        self.do(self._push(self.callbacks[number]))

    def cut(self) -> None:
        """Break the connection off without a farewell."""
        self.loop.call_soon_threadsafe(self._cut)

    def do(self, work: Any) -> Any:
        """Run a coroutine in the loop of the gateway."""
        running: Future[Any] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return running.result(30)

    # The protocol

    async def serve(self, socket: ServerConnection) -> None:
        """One connection."""
        known = False
        with contextlib.suppress(ConnectionClosed):
            async for raw in socket:
                known = await self._frame(socket, raw, known)
        if self.current is socket:
            self.current = None
        self._note()

    async def _frame(self, socket: ServerConnection, raw: Any, known: bool) -> bool:
        frame = json.loads(raw)
        command, request = frame.get("cmd"), frame.get("headers", {}).get("req_id")
        body = frame.get("body", {})
        if not isinstance(request, str) or not request:
            self._wrong(f"{command} without req_id")
            return known
        if not known and command != "aibot_subscribe":
            self._wrong(f"{command} before it subscribed")
            return False
        fault = self.fault(command, frame) if known else ""
        if fault == "drop":
            self._cut()
            return known
        if fault in ("limit", "unsubscribed"):
            await self._ack(socket, request, LIMITED if fault == "limit" else UNSUBSCRIBED)
            return known
        code, answer = self._carried(command, request, body)
        if fault == "mute":
            self._note()
            self._cut()
            return known
        await self._ack(socket, request, code, answer)
        self._note()
        if command == "aibot_subscribe" and code == OK:
            await self._takes_place(socket)
            return True
        return known

    def _carried(self, command: str, request: str, body: Any) -> tuple[int, Any]:
        act = {
            "aibot_subscribe": self._subscribe, "ping": self._ping, "aibot_respond_msg": self._said,
            "aibot_respond_welcome_msg": self._welcomed, "aibot_respond_update_msg": self._updated,
            "aibot_send_msg": self._sent, "aibot_upload_media_init": self._begun,
            "aibot_upload_media_chunk": self._piece, "aibot_upload_media_finish": self._finished,
        }.get(command)  # fmt: skip
        if act is None:
            return self._wrong(f"unknown command {command}"), None
        found = act(request, body)
        return found if isinstance(found, tuple) else (found, None)

    def _subscribe(self, _: str, body: Any) -> int:
        if body.get("bot_id") != BOT or body.get("secret") != SECRET:
            self.wrong += 1
            return WRONG_SECRET
        return OK

    async def _takes_place(self, socket: ServerConnection) -> None:
        """A newer connection replaces the older one, which is told and closed."""
        old, self.current = self.current, socket
        if old is not None:
            event = {"msgid": secrets.token_hex(4), "aibotid": BOT, "msgtype": "event",
                     "create_time": 1, "from": {"userid": ""},
                     "event": {"eventtype": "disconnected_event"}}  # fmt: skip
            frame = {"cmd": "aibot_event_callback", "headers": {"req_id": secrets.token_hex(8)},
                     "body": event}  # fmt: skip
            with contextlib.suppress(ConnectionClosed):
                await old.send(json.dumps(frame))
            await old.close()
        self.subscriptions.append(str(socket.id))
        self._requests.clear()
        if self.redelivers:
            for callback in list(self.callbacks.values()):
                if not callback.answered:
                    await self._push(callback)
        self._note()

    def _ping(self, *_: Any) -> int:
        self.pings += 1
        return OK

    def _said(self, request: str, body: Any) -> int:
        callback = self._callback(request)
        if callback is None or callback.event:
            return BAD_REQUEST
        kind, stream = body.get("msgtype"), body.get("stream", {})
        if kind == "template_card":
            return self._card(callback.chat, body.get("template_card"), callback)
        if kind == "file" and body["file"].get("media_id") in self._media:
            file = self._media[body["file"]["media_id"]]
            self.shown[callback.chat].append({"file": file, "asked": callback.body["msgid"]})
            callback.answered = True
            return OK
        if kind not in ("stream", "stream_with_template_card"):
            return self._wrong(f"msgtype {kind}")
        if not stream.get("id") or not self._fits(stream.get("content")):
            return self._wrong("a stream without id or content, or too long")
        chat = self.shown[callback.chat]
        before = [one for one in chat if one.get("stream") == stream["id"]]
        if before and before[0]["finish"] and before[0]["text"] != stream["content"]:
            return self._wrong("a stream that was over goes on")
        shown = {"stream": stream["id"], "text": stream["content"], "finish": stream.get("finish"),
                 "asked": callback.body["msgid"]}  # fmt: skip
        if before:
            before[0].update(shown)
        else:
            chat.append(shown)
            if kind == "stream_with_template_card" and body.get("template_card"):
                code = self._card(callback.chat, body["template_card"])
                if code:
                    return code
        callback.answered = bool(stream.get("finish"))
        return OK

    def _welcomed(self, request: str, body: Any) -> int:
        callback = self._callback(request)
        if callback is None or callback.event != "enter_chat" or callback.answered:
            return BAD_REQUEST
        text = body.get("text", {}).get("content")
        if body.get("msgtype") != "text" or not self._fits(text):
            return self._wrong("a welcome of another kind")
        callback.answered = True
        self.shown[callback.chat].append({"text": text, "asked": callback.body["msgid"]})
        return OK

    def _updated(self, request: str, body: Any) -> int:
        callback = self._callback(request)
        if callback is None or callback.event != "template_card_event":
            return BAD_REQUEST
        card = body.get("template_card", {})
        task = callback.body["event"]["template_card_event"]["task_id"]
        if body.get("response_type") != "update_template_card" or card.get("task_id") != task:
            return self._wrong("an update of another card")
        if not self._card_fits(card):
            return self._wrong(f"a card that does not fit: {card}")
        for one in self.shown[callback.chat]:
            if one.get("card", {}).get("task_id") == task:
                one["card"] = card
        callback.answered = True
        return OK

    def _sent(self, _: str, body: Any) -> int:
        chat, kind = body.get("chatid"), body.get("msgtype")
        known = {callback.chat for callback in self.callbacks.values()}
        if chat not in known:
            return self._wrong(f"{chat} has never written")
        if kind == "markdown" and self._fits(body["markdown"].get("content")):
            self.shown[chat].append({"text": body["markdown"]["content"]})
        elif kind == "template_card":
            return self._card(chat, body.get("template_card"))
        elif kind == "file" and body["file"].get("media_id") in self._media:
            self.shown[chat].append({"file": self._media[body["file"]["media_id"]]})
        else:
            return self._wrong(f"it cannot send {kind}")
        return OK

    def _begun(self, _: str, body: Any) -> Any:
        if not self.takes_files:
            return 846610
        wanted = {"type", "filename", "total_size", "total_chunks"}
        if not wanted <= body.keys() or not 0 < body["total_chunks"] <= 100:
            return self._wrong("an upload that does not say what it is")
        id_ = secrets.token_hex(4)
        self._uploads[id_] = body | {"pieces": {}}
        return OK, {"upload_id": id_}

    def _piece(self, _: str, body: Any) -> int:
        data = base64.b64decode(body["base64_data"])
        if len(data) > 512 * 1024:
            return self._wrong("a piece that is too long")
        self._uploads[body["upload_id"]]["pieces"][body["chunk_index"]] = data
        return OK

    def _finished(self, _: str, body: Any) -> Any:
        upload = self._uploads.pop(body["upload_id"])
        pieces = upload["pieces"]
        data = b"".join(pieces[number] for number in sorted(pieces))
        whole = len(data) == upload["total_size"] and len(pieces) == upload["total_chunks"]
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if not whole or upload.get("md5", digest) != digest:
            return self._wrong("a file in which something is missing")
        media = secrets.token_hex(6)
        self._media[media] = (upload["filename"], data)
        return OK, {"type": upload["type"], "media_id": media, "created_at": "1"}

    def _card(self, chat: str, card: Any, callback: Callback | None = None) -> int:
        if not isinstance(card, dict) or not self._card_fits(card):
            return self._wrong(f"a card that does not fit: {card}")
        before = self._tasks.setdefault(card["task_id"], card)
        if before != card:
            return self._wrong("a task id that was used before")
        if before is not card:
            return INVALID  # the same card once more: it is known by its task id
        self.shown[chat].append({"card": card})
        if callback:
            callback.answered = True
        return OK

    def _card_fits(self, card: dict[str, Any]) -> bool:
        box, title = card.get("checkbox", {}), card.get("main_title", {})
        options = box.get("option_list", [])
        return (
            card.get("card_type") == "vote_interaction"
            and TASK.fullmatch(str(card.get("task_id"))) is not None
            and 0 < len(options) <= 20
            and len({one["id"] for one in options}) == len(options)
            and all(len(one["text"]) <= LABEL for one in options)
            and len(title.get("title", "")) <= TITLES
            and len(card.get("submit_button", {}).get("text", "x" * 99)) <= BUTTON
            and len(card["submit_button"]["key"].encode()) <= 1024
        )

    def _fits(self, text: Any) -> bool:
        return isinstance(text, str) and 0 < len(text.encode()) <= TEXT

    def _callback(self, request: str) -> Callback | None:
        return self._requests.get(request)

    def _add(self, callback: Callback) -> None:
        self.callbacks[callback.body["msgid"]] = callback
        self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self._push(callback)))

    async def _push(self, callback: Callback) -> None:
        if self.current is None:
            return
        request = secrets.token_hex(8)
        self._requests[request] = callback
        command = "aibot_event_callback" if callback.event else "aibot_msg_callback"
        frame = {"cmd": command, "headers": {"req_id": request}, "body": callback.body}
        with contextlib.suppress(ConnectionClosed):
            await self.current.send(json.dumps(frame, ensure_ascii=False))

    async def _ack(
        self, socket: ServerConnection, request: str, code: int, body: Any = None
    ) -> None:
        frame: dict[str, Any] = {"headers": {"req_id": request}, "errcode": code,
                                 "errmsg": "ok" if not code else "refused"}  # fmt: skip
        with contextlib.suppress(ConnectionClosed):
            await socket.send(json.dumps(frame | ({"body": body} if body else {})))

    def _cut(self) -> None:
        if self.current is not None:
            self.current.transport.abort()
            self.current = None

    def _wrong(self, what: str) -> int:
        self.violations.append(what)
        return INVALID

    def _note(self) -> None:
        with self._changed:
            self._changed.notify_all()


@contextlib.contextmanager
def running(tls: Any = None) -> Iterator[Gateway]:
    """A gateway on a loopback port, and the place where its files lie."""
    gateway = Gateway()
    gateway._names = {}
    started, stop = threading.Event(), asyncio.Event()

    async def run() -> None:
        async with serve(gateway.serve, "127.0.0.1", 0, ssl=tls, ping_interval=None,
                         max_size=64 * 1024 * 1024) as server:  # fmt: skip
            port = server.sockets[0].getsockname()[1]
            gateway.url = f"{'wss' if tls else 'ws'}://127.0.0.1:{port}"
            started.set()
            await stop.wait()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=gateway.loop.run_until_complete, args=(run(),))
    files = ThreadingHTTPServer(("127.0.0.1", 0), _files(gateway))
    serving = threading.Thread(target=files.serve_forever, args=(0.05,))
    gateway.files_url = f"http://127.0.0.1:{files.server_port}"
    thread.start()
    serving.start()
    try:
        assert started.wait(10)
        yield gateway
    finally:
        gateway.loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        files.shutdown()
        serving.join()
        files.server_close()
        gateway.loop.close()


def _files(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = gateway.files.get(self.path)
            self.send_response(404 if data is None else 200)
            name = gateway._names.get(self.path, "")
            self.send_header("content-length", str(len(data or b"")))
            from urllib.parse import quote

            self.send_header("content-disposition", f"attachment; filename*=UTF-8''{quote(name)}")
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
