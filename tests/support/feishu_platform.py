"""Feishu's side, strict: callbacks sealed and signed, an API that refuses what Feishu would."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import os
import re
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

APP, SECRET, KEY, TOKEN = "cli_a0123456789abcde", "app-secret", "encrypt key", "verification"
BOT_NAME = "@_user_1"
CARD_BYTES = 30_000


def sealed(text: str, key: str = KEY) -> str:
    """The text as the platform seals it."""
    raw = text.encode()
    raw += bytes([16 - len(raw) % 16]) * (16 - len(raw) % 16)
    vector = os.urandom(16)
    encryptor = Cipher(
        algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(vector)
    ).encryptor()
    return base64.b64encode(vector + encryptor.update(raw) + encryptor.finalize()).decode()


class Feishu:
    """The platform with its people; the server under test is called at *hook*."""

    def __init__(self) -> None:
        self.url = self.hook = ""
        self.violations: list[str] = []
        self.shown: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """Chat -> messages: ``{"id", "card"}`` or ``{"id", "file"}``."""
        self.tokens: list[str] = []
        self.trouble: dict[str, list[Any]] = defaultdict(list)
        """Path -> what goes wrong next: a code, an HTTP status, "mute" after it is done."""
        self.files: dict[str, bytes] = {}
        self._sent: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()

    # Callbacks

    def call(self, event: Any, key: str = KEY, sign: bool = True, **headers: str) -> httpx.Response:
        """Bring a callback to the server."""
        body = json.dumps({"encrypt": sealed(json.dumps(event), key)}).encode()
        now, nonce = str(int(time.time())), secrets.token_hex(4)
        made = hashlib.sha256(f"{now}{nonce}{key}".encode() + body).hexdigest()
        signed = {"x-lark-request-timestamp": now, "x-lark-request-nonce": nonce,
                  "x-lark-signature": made} if sign else {}  # fmt: skip
        return self.post(body, signed | headers)

    def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """A bare request."""
        headers = {"content-type": "application/json"} | headers
        return httpx.post(self.hook, content=body, headers=headers, timeout=30)

    def message(
        self, user: str, kind: str, content: Any, chat: str = "", group: bool = False,
        named: bool = True, number: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """A message as an event."""
        mentions = [{"key": BOT_NAME, "id": {"open_id": "ou_bot"}, "name": "Zhiwen"}]
        return self._event("im.message.receive_v1", {
            "sender": {"sender_id": {"open_id": user}, "sender_type": "user"},
            "message": {
                "message_id": number or f"om_in_{next(self._numbers)}",
                "chat_id": chat or f"oc_{user}",
                "chat_type": "group" if group else "p2p", "message_type": kind,
                "content": json.dumps(content, ensure_ascii=False),
                **({"mentions": mentions} if group and named else {}),
            },
        })  # fmt: skip

    def say(self, user: str, text: str, **more: Any) -> httpx.Response:
        """Somebody writes."""
        if more.get("group"):
            text = f"{BOT_NAME} {text}"
        return self.call(self.message(user, "text", {"text": text}, **more))

    def asked(self, user: str, text: str, chat: str = "", **more: Any) -> str:
        """Somebody writes, and this is the text of the card that comes."""
        chat = chat or f"oc_{user}"
        before = len(self.shown[chat])
        answer = self.say(user, text, chat=chat, **more)
        assert (answer.status_code, answer.json()) == (200, {}), answer.text
        self.wait(lambda: len(self.shown[chat]) > before, "no reply came")
        return self.text(chat)

    def press(self, user: str, label: str, chat: str = "", message: Any = None) -> httpx.Response:
        """Somebody presses the button of the last card whose label begins so."""
        chat = chat or f"oc_{user}"
        found = message or [one for one in self.shown[chat] if "card" in one][-1]
        rows = [one for one in found["card"]["elements"] if one["tag"] == "action"]
        buttons = [button for row in rows for button in row["actions"]]
        button = next(one for one in buttons if one["text"]["content"].startswith(label))
        return self.call(self._event("card.action.trigger", {
            "operator": {"open_id": user}, "token": "c-1", "host": "im_message",
            "action": {"tag": "button", "value": button["value"]},
            "context": {"open_message_id": found["id"], "open_chat_id": chat},
        }))  # fmt: skip

    def _event(self, kind: str, event: dict[str, Any]) -> dict[str, Any]:
        header = {"event_id": secrets.token_hex(8), "event_type": kind, "app_id": APP,
                  "token": TOKEN, "create_time": str(int(time.time() * 1000))}  # fmt: skip
        return {"schema": "2.0", "header": header, "event": event}

    # What people see

    def text(self, chat: str) -> str:
        """The text of the last card."""
        card = [one for one in self.shown[chat] if "card" in one][-1]["card"]
        divs = [one["text"]["content"] for one in card["elements"] if one["tag"] == "div"]
        return "\n".join(divs)

    def labels(self, chat: str) -> list[str]:
        """The buttons of the last card."""
        card = [one for one in self.shown[chat] if "card" in one][-1]["card"]
        rows = [one["actions"] for one in card["elements"] if one["tag"] == "action"]
        return [button["text"]["content"] for row in rows for button in row]

    def wait(self, condition: Any, complaint: str, seconds: float = 30.0) -> None:
        """Until something is so."""
        with self._changed:
            assert self._changed.wait_for(condition, seconds), f"{complaint}: {self.violations}"

    # The API

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """(status, what is answered) to a call."""
        short = path.partition("?")[0]
        trouble = self.trouble[short].pop(0) if self.trouble[short] else None
        if isinstance(trouble, int):
            return (trouble, {}) if trouble < 600 else (200, {"code": trouble, "msg": "no"})
        found = self._carried(method, path, headers, body)
        with self._changed:
            self._changed.notify_all()
        return (0, None) if trouble == "mute" else found

    def _carried(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        if path.endswith("tenant_access_token/internal"):
            given = json.loads(body)
            if (given.get("app_id"), given.get("app_secret")) != (APP, SECRET):
                return 200, {"code": 10014, "msg": "app secret invalid"}
            self.tokens.append(f"t-{secrets.token_hex(8)}")
            return 200, {"code": 0, "tenant_access_token": self.tokens[-1], "expire": 7200}
        if not self.tokens or headers.get("authorization") != f"Bearer {self.tokens[-1]}":
            return 200, {"code": 99991663, "msg": "token"}
        if method == "GET":
            key = path.partition("?")[0].rpartition("/")[2]
            return (200, self.files[key]) if key in self.files else (404, {"code": 234003})
        if path == "/open-apis/im/v1/files":
            return self._uploaded(body)
        if method == "PATCH":
            return self._changed_card(path.rpartition("/")[2], json.loads(body))
        if path == "/open-apis/im/v1/messages?receive_id_type=chat_id":
            return self._message(json.loads(body))
        return self._wrong(f"{method} {path}")

    def _message(self, body: dict[str, Any]) -> tuple[int, Any]:
        once, content = body.get("uuid", ""), json.loads(body["content"])
        if not once or len(once) > 50 or not isinstance(body["content"], str):
            return self._wrong("a message without uuid, or with content that is no text")
        if once in self._sent:
            return 200, {"code": 0, "data": {"message_id": self._sent[once]}}
        number = f"om_{next(self._numbers)}"
        if body["msg_type"] == "interactive":
            if not self._fits(content, body["content"]):
                return self._wrong(f"a card that does not fit: {body['content'][:300]}")
            self.shown[body["receive_id"]].append({"id": number, "card": content})
        elif body["msg_type"] == "file" and content["file_key"] in self._uploads:
            shown = {"id": number, "file": self._uploads[content["file_key"]]}
            self.shown[body["receive_id"]].append(shown)
        else:
            return self._wrong(f"a message of type {body['msg_type']}")
        self._sent[once] = number
        return 200, {"code": 0, "data": {"message_id": number}}

    def _changed_card(self, number: str, body: dict[str, Any]) -> tuple[int, Any]:
        card = json.loads(body["content"])
        if not self._fits(card, body["content"]) or not card["config"].get("update_multi"):
            return self._wrong("a change that does not fit")
        for chat in self.shown.values():
            for one in chat:
                if one["id"] == number:
                    one["card"] = card
                    one["edits"] = one.get("edits", 0) + 1
                    return 200, {"code": 0, "data": {}}
        return 200, {"code": 230001, "msg": "no such message"}

    def _fits(self, card: Any, text: str) -> bool:
        if len(text.encode()) > CARD_BYTES or not card.get("elements"):
            return False
        for one in card["elements"]:
            if one["tag"] == "div":
                if one["text"]["tag"] != "plain_text" or not one["text"]["content"]:
                    return False
            elif (
                one["tag"] != "action"
                or not 0 < len(one["actions"]) <= 5
                or any(
                    not button["text"]["content"] or not isinstance(button["value"], dict)
                    for button in one["actions"]
                )
            ):
                return False
        return True

    _uploads: dict[str, tuple[str, bytes]] = {}  # noqa: RUF012

    def _uploaded(self, body: bytes) -> tuple[int, Any]:
        name = re.search(rb'name="file_name"\r\n\r\n([^\r]+)\r\n', body)
        kind = re.search(rb'name="file_type"\r\n\r\n([^\r]+)\r\n', body)
        data = re.search(rb'name="file"; filename=.*?\r\n\r\n(.*)\r\n--', body, re.DOTALL)
        if not (name and data and kind and kind[1] == b"stream"):
            return self._wrong("an upload in which something is missing")
        key = f"file_{secrets.token_hex(4)}"
        self._uploads[key] = (name[1].decode(), data[1])
        return 200, {"code": 0, "data": {"file_key": key}}

    def _wrong(self, what: str) -> tuple[int, Any]:
        self.violations.append(what)
        return 200, {"code": 230099, "msg": what}


@contextlib.contextmanager
def running() -> Iterator[Feishu]:
    """The platform's API on a loopback port."""
    feishu = Feishu()
    feishu._uploads = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(feishu))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="feishu")
    thread.start()
    feishu.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield feishu
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(feishu: Feishu) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, told = feishu.answer(self.command, self.path, self.headers, body)
            if not status:
                self.close_connection = True
                return
            raw = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = _do

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
