"""WeChat Official Account: a callback comes in, and its answer goes back in the same breath."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from xml.etree.ElementTree import Element

from fastapi import FastAPI, Request, Response

from bot.app import App
from bot.channels.model import Running
from bot.channels.tencent import reading
from bot.channels.tencent.answering import (
    LIMIT,
    Answering,
    Timings,
    params_of,
    passive_text,
    refusal_response,
)
from bot.channels.tencent.door import door_of
from bot.channels.tencent.errors import Rejected
from bot.channels.tencent.reading import Read
from bot.channels.tencent.xml import required_text, text_of
from bot.channels.wechat.settings import Settings
from bot.chat.model import Capability

PATH = "/hooks/wechat"
CAN = Capability("wechat", LIMIT, "bytes", buttons=False, asks_again=True)
STANDS = "in the account's server settings"
NOTHING = "success"
"""What the platform takes for: there is no answer, and it need not come again."""


def attach(
    web: FastAPI, app: App, timings: Timings | None = None
) -> contextlib.AbstractAsyncContextManager[Running]:
    """Add the callback to the server. Raises BadInput where a secret is missing or is none."""
    config: Settings = app.config.platform("wechat")
    door = door_of(CAN.channel, config, config.app_id, STANDS, sealed=False)
    answering = Answering(app, CAN, timings)

    async def check(request: Request) -> Response:
        try:
            return _plain_response(door.echo(params_of(request)))
        except Rejected as error:
            return refusal_response(CAN.channel, error)

    async def hook(request: Request) -> Response:
        try:
            root = door.open(params_of(request), await request.body())
            account, callback = required_text(root, "ToUserName"), read(root)
        except Rejected as error:
            return refusal_response(CAN.channel, error)
        text = await _answer(answering, callback)
        if text is None:
            return await answering.retry_response()
        if not text:
            return _plain_response(NOTHING)
        fields = {
            "ToUserName": callback.sender, "FromUserName": account,
            "CreateTime": str(int(time.time())), "MsgType": "text", "Content": text,
        }  # fmt: skip
        return Response(door.seal(fields), media_type="application/xml")

    web.add_api_route(PATH, check, methods=["GET"], include_in_schema=False)
    web.add_api_route(PATH, hook, methods=["POST"], include_in_schema=False)
    return _lifespan(answering)


def read(root: Element) -> Read:
    """What a callback is about. Raises Malformed for one that lacks something."""
    kind = required_text(root, "MsgType").lower()
    if kind == "text":
        return reading.question_from(root, required_text(root, "Content"))
    if kind == "voice":
        heard = text_of(root, "Recognition").strip()
        if not heard:
            return reading.answered_by(root, "tencent.voice")
        return reading.question_from(root, heard)
    if kind == "event":
        return _event(root)
    return reading.answered_by(root, "tencent.kinds")


def _event(root: Element) -> Read:
    event, key = required_text(root, "Event").lower(), text_of(root, "EventKey")
    if event in ("subscribe", "scan"):
        return reading.question_from(root, reading.code_of_scan(key))
    if event == "click" and key:
        return reading.question_from(root, reading.menu_choice(key))
    return reading.no_message(root)


async def _answer(answering: Answering, callback: Read) -> str | None:
    """The text that goes back; None where the platform is to come again."""
    if callback.sentence:
        return await answering.sentence(callback.sender, callback.sentence)
    if callback.incoming is None:
        return ""
    delivery = await answering.receive(callback.incoming)
    return None if delivery is None else passive_text(delivery.message)


def _plain_response(text: str) -> Response:
    return Response(text, media_type="text/plain")


@contextlib.asynccontextmanager
async def _lifespan(answering: Answering) -> AsyncIterator[Running]:
    """Nothing runs beside the server; its threads end with it."""
    try:
        yield Running(CAN.channel, lambda: answering.works)
    finally:
        answering.close()
