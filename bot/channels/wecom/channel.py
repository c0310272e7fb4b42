"""WeCom, an app of one's own: employees ask, and checklists come as cards with boxes."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from xml.etree.ElementTree import Element

from fastapi import FastAPI, Request, Response

from bot.app import App
from bot.channels.model import Running
from bot.channels.tencent import reading
from bot.channels.tencent.answering import LIMIT, Answering, Timings, params_of, refusal_response
from bot.channels.tencent.door import door_of
from bot.channels.tencent.errors import Forged, Rejected
from bot.channels.tencent.reading import HELP, Read
from bot.channels.tencent.xml import required_text, text_of
from bot.channels.wecom import cards
from bot.channels.wecom.agent import Agent
from bot.channels.wecom.client import Api
from bot.channels.wecom.sending import Sender
from bot.channels.wecom.settings import Settings
from bot.chat.leases import UpdateLeases
from bot.chat.model import Capability, Incoming
from bot.errors import BadInput
from bot.secrets import secret

PATH = "/hooks/wecom"
CHANNEL = "wecom"
STANDS = "where the app receives messages"


def attach(
    web: FastAPI, app: App, timings: Timings | None = None
) -> contextlib.AbstractAsyncContextManager[Running]:
    """Add the callback to the server; what is returned sends what a callback cannot carry.

    Raises BadInput where a secret is missing or is none.
    """
    config: Settings = app.config.platform("wecom")
    door = door_of(CHANNEL, config, config.corp_id, STANDS, sealed=True)
    api = api_of(app)
    can = Capability(
        CHANNEL,
        LIMIT,
        "bytes",
        buttons=False,
        files=api is not None,
        any_case=True,
        asks_again=True,
    )
    sender = Sender(app, can, api, UpdateLeases(app, CHANNEL)) if api else None
    agent = Agent(config, door, Answering(app, can, timings), sender)

    async def check(request: Request) -> Response:
        try:
            return Response(door.opened_echo(params_of(request)), media_type="text/plain")
        except Rejected as error:
            return refusal_response(CHANNEL, error)

    async def hook(request: Request) -> Response:
        try:
            root = door.open(params_of(request), await request.body())
            _check_recipient(config, root)
            callback = read(root, fetches=api is not None)
        except Rejected as error:
            return refusal_response(CHANNEL, error)
        return await agent.answer(callback)

    web.add_api_route(PATH, check, methods=["GET"], include_in_schema=False)
    web.add_api_route(PATH, hook, methods=["POST"], include_in_schema=False)
    return agent.lifespan()


def api_of(app: App) -> Api | None:
    """What calls WeCom for the app; None where it has no secret. Raises BadInput."""
    config: Settings = app.config.platform("wecom")
    given = secret("WECOM_SECRET", config.secret_file)
    if given:
        return Api(config, given, app.store.leases)
    if config.departments:
        raise BadInput(
            "wecom: departments can only be asked for with the app's secret. Set"
            " $ZHIWEN_WECOM_SECRET or wecom.secret_file, or take wecom.departments away"
        )
    return None


def read(root: Element, fetches: bool) -> Read:
    """What a callback is about; *fetches*: files can be had. Raises Malformed.

    To WeCom "ZhangSan" and "zhangsan" are one user, and it spells them as it likes.
    """
    callback = _read(root, fetches)
    if callback.incoming is None:
        return callback
    user = callback.sender.lower()
    return replace(callback, incoming=replace(callback.incoming, sender=user, chat=user))


def _read(root: Element, fetches: bool) -> Read:
    kind = required_text(root, "MsgType").lower()
    if kind == "text":
        return reading.question_from(root, required_text(root, "Content"))
    if kind == "event":
        return _event(root)
    if kind == "file" and fetches:
        sender, media = required_text(root, "FromUserName"), required_text(root, "MediaId")
        return Read(sender, Incoming(reading.id_of(root), sender, sender), media=media)
    if kind == "voice":
        return reading.answered_by(root, "tencent.voice")
    return reading.answered_by(root, "tencent.kinds.files" if fetches else "tencent.kinds")


def _event(root: Element) -> Read:
    event, key = required_text(root, "Event").lower(), text_of(root, "EventKey")
    if event == "template_card_event":
        return _press(root, key)
    if event == "subscribe":
        return reading.question_from(root, HELP)
    if event == "click" and key:
        return reading.question_from(root, reading.menu_choice(key))
    return reading.no_message(root)


def _press(root: Element, key: str) -> Read:
    """A card was sent off, with what is checked on it now."""
    sender, task = required_text(root, "FromUserName"), required_text(root, "TaskId")
    checked = tuple(
        one.text or "" for one in root.iterfind("SelectedItems/SelectedItem/*/OptionId")
    )
    press = cards.data_of(key, task)
    incoming = Incoming(
        reading.id_of(root), sender, sender, press=press, message=task, checked=checked
    )
    return Read(sender, incoming, code=text_of(root, "ResponseCode"))


def _check_recipient(config: Settings, root: Element) -> None:
    """Raises Forged for a message to another company or another app."""
    agent = text_of(root, "AgentID")
    if required_text(root, "ToUserName") != config.corp_id or agent not in ("", config.agent_id):
        raise Forged("it is for another company or app")
