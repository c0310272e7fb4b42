"""The channel itself."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from bot.app import App
from bot.chat import inbox
from bot.chat.model import Capability, Incoming
from bot.texts import say

CAN = Capability("tiny", 1500, "bytes", buttons=False, asks_again=True)


def attach(web: FastAPI, app: App) -> None:
    """Add the route to the server; nothing runs beside it."""

    async def hook(request: Request) -> Response:
        sent = await request.json()
        if sent.get("ping"):
            return Response(say("en", "tiny.pong"), media_type="text/plain")
        incoming = Incoming(sent["id"], sent["from"], sent["from"], sent["text"])
        delivery = inbox.receive(app, CAN, incoming, lambda _: None)
        text = "" if delivery is None else "".join(delivery.message.texts)
        return Response(text, media_type="text/plain")

    web.add_api_route(app.config.platform("tiny").path, hook, methods=["POST"])
