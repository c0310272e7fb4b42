"""A strict stand-in for Telegram's Bot API over HTTP: what Telegram would refuse fails the test.

Every call is held against aiogram's models and against the rules that the real API applies. What
people do and see there stands in telegram_people.py, trouble in telegram_faults.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import socket
import threading
import time
import types
import typing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import aiogram.methods
import aiogram.types
import httpx
import pydantic
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram_faults import Fault, Faults, Kind, Protocol, tear
from telegram_html import Unparsed, parse, units
from telegram_people import BOT, Chat, Person, Shown
from web_server import START_SECONDS, until

TOKEN = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFa"
PUBLIC = "https://bot.example.com"
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are"
    " exactly the same as a current content and reply markup of the message"
)


class Refused(Exception):
    """The API's answer where it does not carry a call out."""

    def __init__(self, told: str, code: int = 400, **parameters: Any) -> None:
        super().__init__(told)
        self.code, self.parameters = code, parameters


@dataclass
class Hook:
    """Where updates are brought."""

    url: str
    secret: str
    allowed: list[str]


@dataclass(repr=False)
class Api:
    """Telegram as the bot sees it."""

    url: str = ""
    chats: dict[int, Chat] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Method and parameters of each call that arrived, whatever became of it."""
    violations: list[str] = field(default_factory=list)
    """What the real API would never have let through."""
    refused: list[str] = field(default_factory=list)
    tolerated: set[str] = field(default_factory=set)
    """Beginnings of refusals that a test provokes."""
    unanswered_are_fine: bool = False
    queue: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Updates that were not confirmed, by number."""
    hook: Hook | None = None
    servers: list[str] = field(default_factory=list)
    """The real addresses behind the public one; updates go to each in turn."""
    presses: dict[str, str | None] = field(default_factory=dict)
    """Number of a press -> the line it was answered with; None for not yet."""
    stale: set[str] = field(default_factory=set)
    inline: dict[str, list[Any] | None] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes, int]] = field(default_factory=dict)
    downloads: Counter[str] = field(default_factory=Counter)
    answers: list[int] = field(default_factory=list)
    """The status of each delivery to a webhook."""
    is_revoked: bool = False
    """Whether the token was taken back."""
    _numbers: Any = field(default_factory=lambda: itertools.count(500_000))
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _polls: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _closed: threading.Event = field(default_factory=threading.Event)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(16))
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60, verify=False))
    _waiting: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def person(self, id_: int, name: str = "Anna", language: str | None = "en") -> Chat:
        """The private chat of a person, whom the bot may write to."""
        who = Person(id_, name, language)
        self.chats[id_] = self._chat(id_, who)
        return self.chats[id_]

    def group(self, id_: int = -100500, forum: bool = False) -> Chat:
        """A group that the bot is in."""
        self.chats[id_] = self._chat(id_, None, forum)
        return self.chats[id_]

    def trouble(self, method: str, kind: Kind, **more: Any) -> Fault:
        """Lay out a fault."""
        fault = Fault(method, kind, **more)
        self.faults.waiting.append(fault)
        return fault

    def count(self, method: str) -> int:
        """How often a method was called."""
        return [name for name, _ in self.calls].count(method)

    def look_up(self, person: Person, text: str) -> str:
        """An inline query; returns its number."""
        id_ = str(next(self._ids))
        self.inline[id_] = None
        self.post({"inline_query": {"id": id_, "from": person.data(), "query": text, "offset": ""}})
        return id_

    def post(self, content: dict[str, Any]) -> int:
        """An update for the bot, brought or to be fetched."""
        with self._lock:
            number = next(self._numbers)
            update = {"update_id": number, **content}
            _known(aiogram.types.Update.model_validate(update, context={}), "update")
            self.queue[number] = update
            if self.hook:
                self._line_up(update)
        return number

    def bring(self, update: dict[str, Any], server: str, secret: str | None = None) -> int:
        """Bring an update to one server; the status of its answer, 0 where there was none."""
        hook = self.hook
        headers = {"x-telegram-bot-api-secret-token": secret or (hook.secret if hook else "")}
        try:
            answer = self._http.post(f"{server}/hooks/telegram", json=update, headers=headers)
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def quiet(self) -> None:
        """Wait until every update is confirmed."""
        until(lambda: not self.queue, f"updates are left: {list(self.queue.values())[:2]}")

    def close(self) -> None:
        """Bring nothing any more."""
        self._closed.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._http.close()

    def verify(self) -> None:
        """Nothing was wrong. Raises AssertionError."""
        assert self.violations == []
        wrong = [r for r in self.refused if not r.startswith(tuple(self.tolerated) or "\0")]
        assert wrong == []
        if not self.unanswered_are_fine:
            assert [id_ for id_, told in self.presses.items() if told is None] == []

    def _chat(self, id_: int, person: Person | None, forum: bool = False) -> Chat:
        def press_id() -> str:
            id_ = str(next(self._ids))
            self.presses[id_] = None
            return id_

        def keep_file(name: str, data: bytes, size: int) -> dict[str, Any]:
            key = f"f{next(self._ids)}"
            self.files[key] = (name, data, size)
            found = {"file_id": key, "file_unique_id": f"u{key}", "file_name": name}
            return found | ({"file_size": size} if size else {})

        return Chat(id_, self.post, press_id, keep_file, person, forum)

    def _line_up(self, update: dict[str, Any]) -> None:
        """Bring updates of one chat one after the other, as often as it takes."""
        key = _chat_of(update)
        line = self._waiting.setdefault(key, [])
        line.append(update)
        if len(line) == 1:
            self._pool.submit(self._bring_all, key)

    def _bring_all(self, key: int) -> None:
        while True:
            with self._lock:
                line = self._waiting[key]
                if not line or self._closed.is_set():
                    return
                update = line[0]
            servers = list(self.servers)
            here = servers[len(self.answers) % len(servers)] if servers else ""
            status = self.bring(update, here) if here else 0
            self.answers.append(status)
            if 200 <= status < 300:
                with self._lock:
                    line.pop(0)
                    self.queue.pop(update["update_id"], None)
            else:
                self._closed.wait(0.05)

    # The calls: parameters in, result out.

    def getMe(self) -> Any:
        return BOT | {"can_join_groups": True, "can_read_all_group_messages": True,
                      "supports_inline_queries": True, "can_connect_to_business": False,
                      "has_main_web_app": False}  # fmt: skip

    def setWebhook(
        self, url: str, secret_token: str = "", allowed_updates: Any = (), **_: Any
    ) -> Any:
        if not url.startswith("https://"):
            raise Refused("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if secret_token and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret_token):
            raise Refused("Bad Request: secret token contains unallowed characters")
        with self._lock:
            first = self.hook is None
            self.hook = Hook(url, secret_token, list(allowed_updates))
            if first:
                for update in self.queue.values():
                    self._line_up(update)
        return True

    def deleteWebhook(self, drop_pending_updates: bool = False) -> Any:
        self.hook = None
        if drop_pending_updates:
            self.queue.clear()
        return True

    async def getUpdates(
        self, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: Any = ()
    ) -> Any:
        if self.hook:
            raise Refused(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
                " to delete the webhook first", 409,
            )  # fmt: skip
        if not 1 <= limit <= 100:
            raise Refused("Bad Request: limit is out of range")
        self._polls += 1
        mine = self._polls
        with self._lock:
            for number in [n for n in self.queue if n < offset]:
                del self.queue[number]
        end = time.monotonic() + timeout
        while True:
            if mine != self._polls:
                raise Refused(
                    "Conflict: terminated by other getUpdates request; make sure that only one bot"
                    " instance is running", 409,
                )  # fmt: skip
            with self._lock:
                found = [u for _, u in sorted(self.queue.items())]
            if allowed_updates:
                found = [u for u in found if u.keys() & set(allowed_updates)]
            if found or time.monotonic() > end or self._closed.is_set():
                return found[:limit]
            await asyncio.sleep(0.01)

    def sendMessage(
        self, chat_id: str, text: str, parse_mode: str = "", reply_markup: Any = None, **more: Any
    ) -> Any:
        chat = self._writable(chat_id)
        body, entities = _read(text, parse_mode, 4096, "message is too long")
        if not body:
            raise Refused("Bad Request: message text is empty")
        shown = self._put(chat, more)
        shown.text, shown.entities, shown.keyboard = body, entities, _keyboard(reply_markup)
        chat.messages[shown.id] = shown
        return self._data(chat, shown)

    def sendDocument(
        self, chat_id: str, document: Any, caption: str = "", parse_mode: str = "", **more: Any
    ) -> Any:
        chat = self._writable(chat_id)
        if not isinstance(document, tuple) or not document[1]:
            raise Refused("Bad Request: file must be non-empty")
        body, entities = _read(caption, parse_mode, 1024, "message caption is too long")
        shown = self._put(chat, more)
        shown.text, shown.entities, shown.file = body, entities, document
        shown.keyboard = _keyboard(more.get("reply_markup"))
        chat.messages[shown.id] = shown
        return self._data(chat, shown)

    def editMessageText(
        self, text: str, chat_id: str = "", message_id: int = 0, parse_mode: str = "",
        reply_markup: Any = None, **_: Any,
    ) -> Any:  # fmt: skip
        chat = self._writable(chat_id)
        shown = chat.messages.get(message_id)
        if shown is None:
            raise Refused("Bad Request: message to edit not found")
        if not shown.by_bot:
            raise Refused("Bad Request: message can't be edited")
        body, entities = _read(text, parse_mode, 4096, "MESSAGE_TOO_LONG")
        if not body:
            raise Refused("Bad Request: message text is empty")
        keyboard = _keyboard(reply_markup)
        if (body, entities, keyboard) == (shown.text, shown.entities, shown.keyboard):
            raise Refused(SAME)
        shown.text, shown.entities, shown.keyboard = body, entities, keyboard
        shown.edits += 1
        return self._data(chat, shown) | {"edit_date": int(time.time())}

    def answerCallbackQuery(self, callback_query_id: str, text: str = "", **_: Any) -> Any:
        if callback_query_id in self.stale or callback_query_id not in self.presses:
            self.presses[callback_query_id] = ""
            raise Refused(TOO_OLD)
        if len(text) > 200:
            raise Refused("Bad Request: MESSAGE_TOO_LONG")
        self.presses[callback_query_id] = text
        return True

    def answerInlineQuery(self, inline_query_id: str, results: list[Any], **_: Any) -> Any:
        if inline_query_id in self.stale or inline_query_id not in self.inline:
            raise Refused(TOO_OLD)
        ids = [one["id"] for one in results]
        if len(ids) > 50:
            raise Refused("Bad Request: too many inline query results specified")
        if len(set(ids)) < len(ids):
            raise Refused("Bad Request: RESULT_ID_DUPLICATE")
        for one in results:
            if not 1 <= len(one["id"].encode()) <= 64:
                raise Refused("Bad Request: RESULT_ID_INVALID")
            if not one["title"].strip():
                raise Refused("Bad Request: can't parse inline query result: title is empty")
            content = one["input_message_content"]
            body, _ = _read(content["message_text"], content.get("parse_mode", ""), 4096,
                            "MESSAGE_TOO_LONG")  # fmt: skip
            if not body:
                raise Refused("Bad Request: message text is empty")
            one["shown"] = body
        self.inline[inline_query_id] = results
        return True

    def setMyCommands(self, commands: list[Any], scope: Any = None, language_code: str = "") -> Any:
        if len(commands) > 100:
            raise Refused("Bad Request: BOT_COMMANDS_TOO_MUCH")
        if language_code and not re.fullmatch("[a-z]{2}", language_code):
            raise Refused("Bad Request: invalid language code specified")
        for one in commands:
            if not re.fullmatch("[a-z0-9_]{1,32}", one["command"]):
                raise Refused("Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= 256:
                raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[(scope or {"type": "default"})["type"], language_code] = commands
        return True

    def getMyCommands(self, scope: Any = None, language_code: str = "") -> Any:
        return self.commands.get(((scope or {"type": "default"})["type"], language_code), [])

    def getFile(self, file_id: str) -> Any:
        if file_id not in self.files:
            raise Refused("Bad Request: invalid file_id")
        size = self.files[file_id][2]
        if size > 20_000_000:
            raise Refused("Bad Request: file is too big")
        found = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_path": f"d/{file_id}"}
        return found | ({"file_size": size} if size else {})

    def _writable(self, chat_id: str) -> Chat:
        chat = self.chats.get(int(chat_id))
        if chat is None or chat.gone:
            raise Refused("Bad Request: chat not found")
        if chat.blocked:
            raise Refused("Forbidden: bot was blocked by the user", 403)
        return chat

    def _put(self, chat: Chat, more: dict[str, Any]) -> Shown:
        """A new message of the bot with its thread and what it answers."""
        thread, reply = more.get("message_thread_id"), more.get("reply_parameters")
        if thread and int(thread) not in chat.threads:
            raise Refused("Bad Request: message thread not found")
        answers = int(reply["message_id"]) if reply else None
        if answers and answers not in chat.messages:
            if not reply.get("allow_sending_without_reply"):
                raise Refused("Bad Request: message to be replied not found")
            answers = None
        return Shown(
            chat.number(), dict(BOT), thread=int(thread) if thread else None, reply_to=answers,
            date=int(time.time()),
        )  # fmt: skip

    def _data(self, chat: Chat, shown: Shown) -> dict[str, Any]:
        return {"message_id": shown.id, "date": shown.date, "chat": chat.data(),
                "from": shown.sender, "text": shown.text}  # fmt: skip

    # HTTP

    async def call(self, request: Request) -> Response:
        """One call of the API."""
        method = request.path_params["method"]
        if self.is_revoked or request.path_params["token"] != TOKEN:
            return _failed(Refused("Unauthorized", 401))
        fault = self.faults.next(method)
        try:
            params = await self._params(method, request)
            self.calls.append((method, params))
            if fault and not fault.handled:
                return await self._befallen(fault, request)
            result = getattr(self, method)(**params)
            if isinstance(result, typing.Awaitable):
                result = await result
        except Unparsed as error:
            self.refused.append(str(error))
            return _failed(Refused(str(error)))
        except Refused as error:
            if error.code != 409 and not self.violations:
                self.refused.append(str(error))
            return _failed(error)
        if fault:
            return await self._befallen(fault, request)
        return JSONResponse({"ok": True, "result": result})

    async def _befallen(self, fault: Fault, request: Request) -> Response:
        if fault.kind == "stall":
            end = time.monotonic() + fault.seconds
            while time.monotonic() < end and not await request.is_disconnected():
                await asyncio.sleep(0.01)
            await tear(request.client.port if request.client else 0)
        if fault.kind == "drop":
            await tear(request.client.port if request.client else 0)
        if fault.kind == "flood":
            told = f"Too Many Requests: retry after {fault.seconds:g}"
            return _failed(Refused(told, 429, retry_after=fault.seconds))
        if fault.kind == "migrate":
            told = "Bad Request: group chat was upgraded to a supergroup chat"
            return _failed(Refused(told, migrate_to_chat_id=int(fault.told)))
        code = {"refuse": 400, "forbid": 403, "conflict": 409}.get(fault.kind, 502)
        return _failed(Refused(fault.told or "Bad Gateway", code))

    async def _params(self, method: str, request: Request) -> dict[str, Any]:
        """The parameters, held against the model of the method; the public door of strictness."""
        model = getattr(aiogram.methods, method[0].upper() + method[1:])
        raw: dict[str, Any] = {}
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    raw[name] = (value.filename or "", await value.read())
                else:
                    raw[name] = value
        try:
            if unknown := raw.keys() - model.model_fields.keys():
                raise ValueError(f"there is no parameter {sorted(unknown)}")
            files = {name: value for name, value in raw.items() if isinstance(value, tuple)}
            params = {
                name: value
                if name in files or _takes_text(model.model_fields[name].annotation)
                else json.loads(value)
                for name, value in raw.items()
            }
            checked = {
                name: aiogram.types.BufferedInputFile(value[1], value[0])
                if isinstance(value, tuple)
                else value
                for name, value in params.items()
            }
            _known(model.model_validate(checked), method)
        except ValueError as error:
            self.violations.append(f"{method}: {error}")
            raise Refused("Bad Request: the stand-in does not know this") from None
        return params

    async def file(self, request: Request) -> Response:
        """The content of a file."""
        key = request.path_params["key"]
        self.downloads[key] += 1
        fault = self.faults.next("file")
        if fault:
            return await self._befallen(fault, request)
        return Response(self.files[key][1])


def _read(text: str, mode: str, limit: int, complaint: str) -> tuple[str, list[Any]]:
    """A text as it will be shown. Raises Unparsed, Refused."""
    body, entities = parse(text) if mode == "HTML" else (text, [])
    if mode not in ("", "HTML"):
        raise Refused("Bad Request: unsupported parse_mode")
    if units(body.strip()) > limit:
        raise Refused(f"Bad Request: {complaint}")
    return body.strip(), entities


def _keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = (markup or {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > 100:
        raise Refused("Bad Request: reply markup is too long")
    for button in itertools.chain.from_iterable(rows):
        if not button["text"].strip():
            raise Refused("Bad Request: Text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
    return rows


def _takes_text(annotation: Any) -> bool:
    """Whether a field of that type takes a bare string."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return any(map(_takes_text, typing.get_args(annotation)))
    return annotation is str


def _known(value: Any, where: str) -> None:
    """No model in *value* has a field that its API does not know. Raises ValueError."""
    if isinstance(value, pydantic.BaseModel):
        if value.model_extra:
            raise ValueError(f"{where}: unknown {sorted(value.model_extra)}")
        for name in value.model_fields_set:
            _known(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for one in value:
            _known(one, where)


def _chat_of(update: dict[str, Any]) -> int:
    query = update.get("callback_query")
    message = query["message"] if query else update.get("message") or update.get("edited_message")
    return int(message["chat"]["id"]) if message else 0


def _failed(error: Refused) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": str(error)}
    if error.parameters:
        body["parameters"] = error.parameters
    return JSONResponse(body, error.code)


@contextlib.contextmanager
def running() -> Iterator[Api]:
    """The API on a loopback port; in the end nothing may have been wrong."""
    api = Api()
    routes = [
        Route("/bot{token}/{method}", api.call, methods=["POST"]),
        Route("/file/bot{token}/d/{key}", api.file),
    ]
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        Starlette(routes=routes), log_config=None, access_log=False, http=Protocol,
        timeout_graceful_shutdown=1, lifespan="off",
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="telegram")
    thread.start()
    try:
        until(lambda: server.started, "the fake Bot API does not start")
        api.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield api
    finally:
        api.close()
        server.should_exit = True
        thread.join(START_SECONDS)
        listening.close()
    api.verify()
