"""WeChat Official Account: a callback comes in, and its answer goes back in the same breath."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from xml.etree.ElementTree import Element

from fastapi import FastAPI, Request, Response

from bot.app import App
from bot.channels.tencent import reading
from bot.channels.tencent.answering import LIMIT, Answering, Timings, params_of, passive, refused
from bot.channels.tencent.crypto import Envelope, is_key
from bot.channels.tencent.door import Door
from bot.channels.tencent.errors import Refused
from bot.channels.tencent.reading import Read
from bot.channels.tencent.xml import need, text_of
from bot.channels.wechat.settings import Settings
from bot.chat.model import Capability
from bot.errors import BadInput
from bot.secrets import secret

PATH = "/hooks/wechat"
CAN = Capability("wechat", LIMIT, "bytes", buttons=False, asks_again=True)
NOTHING = "success"
"""What the platform takes for: there is no answer, and it need not come again."""


def attach(
    web: FastAPI, app: App, timings: Timings | None = None
) -> contextlib.AbstractAsyncContextManager[None]:
    """Add the callback to the server. Raises BadInput where a secret is missing or is none."""
    config: Settings = app.config.platform("wechat")
    door, answering = door_of(config), Answering(app, CAN, timings)

    async def check(request: Request) -> Response:
        try:
            return _plain(door.echo(params_of(request)))
        except Refused as error:
            return refused(CAN.channel, error)

    async def hook(request: Request) -> Response:
        try:
            root = door.open(params_of(request), await request.body())
            account, callback = need(root, "ToUserName"), read(root)
        except Refused as error:
            return refused(CAN.channel, error)
        text = await _answered(answering, callback)
        if text is None:
            return await answering.again()
        if not text:
            return _plain(NOTHING)
        fields = {
            "ToUserName": callback.sender, "FromUserName": account,
            "CreateTime": str(int(time.time())), "MsgType": "text", "Content": text,
        }  # fmt: skip
        return Response(door.seal(fields), media_type="application/xml")

    web.add_api_route(PATH, check, methods=["GET"], include_in_schema=False)
    web.add_api_route(PATH, hook, methods=["POST"], include_in_schema=False)
    return _beside(answering)


def door_of(config: Settings) -> Door:
    """What the account proves itself with. Raises BadInput."""
    token = secret("WECHAT_TOKEN", config.token_file)
    if not token:
        raise BadInput(
            "wechat: there is no token. Set $ZHIWEN_WECHAT_TOKEN, or wechat.token_file to a file"
            " that holds it: the one that stands in the account's server settings"
        )
    aes_key = secret("WECHAT_AES_KEY", config.aes_key_file)
    if aes_key and not is_key(aes_key):
        raise BadInput(
            "wechat: the AES key ($ZHIWEN_WECHAT_AES_KEY or wechat.aes_key_file) must be the 43"
            " letters and digits of EncodingAESKey in the account's server settings"
        )
    return Door(token, Envelope(aes_key, config.app_id) if aes_key else None)


def read(root: Element) -> Read:
    """What a callback is about. Raises Malformed for one that lacks something."""
    kind = need(root, "MsgType").lower()
    if kind == "text":
        return reading.asked(root, need(root, "Content"))
    if kind == "voice":
        heard = text_of(root, "Recognition").strip()
        return reading.asked(root, heard) if heard else reading.answered_by(root, "tencent.voice")
    if kind == "event":
        return _event(root)
    return reading.answered_by(root, "tencent.kinds")


def _event(root: Element) -> Read:
    event, key = need(root, "Event").lower(), text_of(root, "EventKey")
    if event in ("subscribe", "scan"):
        return reading.asked(root, reading.scanned(key))
    if event == "click" and key:
        return reading.asked(root, reading.picked(key))
    return reading.nothing(root)


async def _answered(answering: Answering, callback: Read) -> str | None:
    """The text that goes back; None where the platform is to come again."""
    if callback.sentence:
        return await answering.sentence(callback.sender, callback.sentence)
    if callback.incoming is None:
        return ""
    delivery = await answering.receive(callback.incoming)
    return None if delivery is None else passive(delivery.message)


def _plain(text: str) -> Response:
    return Response(text, media_type="text/plain")


@contextlib.asynccontextmanager
async def _beside(answering: Answering) -> AsyncIterator[None]:
    """Nothing runs beside the server; its threads end with it."""
    try:
        yield
    finally:
        answering.close()
