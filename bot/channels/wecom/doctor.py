"""Checks of the WeCom app: its ids and secrets, who may ask, and what WeCom says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.channels.wecom.settings import Settings
from bot.doctor import chats
from bot.doctor.model import Finding, Place
from bot.secrets import mask, secret

CORP_ID = re.compile(r"w[wx][0-9a-f]{16}")
PATH = "/hooks/wecom"
WRONG_SECRET, WRONG_CORP, WRONG_IP = (40001, 40091), (40013,), (60020,)
WRONG_AGENT = (40056, 301002)
_FROM = re.compile(r"from ip: ([0-9a-fA-F.:]{3,45})")
"""How WeCom names the address that a call came from."""


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``wecom``. Raises BadInput for a file that cannot be read."""
    config: Settings = place.config.platform("wecom")
    if not CORP_ID.fullmatch(config.corp_id):
        yield Finding("warn", "wecom_corp_id", {"id": config.corp_id})
    if not config.agent_id.isdecimal():
        yield Finding("fail", "wecom_agent_id", {"id": config.agent_id})
    key = secret("WECOM_AES_KEY", config.aes_key_file)
    yield from chats.secrets_of("wecom", secret("WECOM_TOKEN", config.token_file), key)
    if not key:
        yield Finding("fail", "wecom_key_none")
    for entry in config.departments:
        if not entry.isdecimal():
            yield Finding("warn", "wecom_department", {"entry": entry})
    yield from chats.people(place, "wecom")
    yield from _app(config, secret("WECOM_SECRET", config.secret_file))
    yield from chats.callback(place, "wecom", PATH)


def _app(config: Settings, app_secret: str) -> Iterator[Finding]:
    """Whether WeCom knows the secret, this server's address and the app."""
    if not app_secret:
        if config.departments:
            yield Finding("fail", "wecom_secret_departments")
        else:
            yield Finding("warn", "wecom_secret_none")
        return
    base = f"{config.api.rstrip('/')}/cgi-bin"
    told = chats.ask(f"{base}/gettoken", app_secret, corpid=config.corp_id, corpsecret=app_secret)
    token = told.body.get("access_token")
    if not isinstance(token, str) or not token:
        yield _refusal(config, told) or Finding("warn", "wecom_odd", {"status": told.status})
        return
    yield Finding("ok", "wecom_secret", {"shown": mask(app_secret)})
    app = chats.ask(f"{base}/agent/get", token, access_token=token, agentid=config.agent_id)
    yield _refusal(config, app) or _app_finding(app.body)


def _refusal(config: Settings, told: chats.Answer) -> Finding | None:
    """What is wrong where WeCom did not do what was asked."""
    if told.status == 0:
        return Finding("warn", "wecom_unreachable", {"api": config.api, "reason": told.reason})
    code = told.body.get("errcode")
    if code in WRONG_SECRET:
        return Finding("fail", "wecom_secret_wrong", {"code": code})
    if code in WRONG_CORP:
        return Finding("fail", "wecom_corp_wrong", {"code": code, "id": config.corp_id})
    if code in WRONG_IP:
        found = _FROM.search(str(told.body.get("errmsg")))
        return Finding("fail", "wecom_ip", {"code": code, "ip": found[1] if found else "?"})
    if code in WRONG_AGENT:
        return Finding("fail", "wecom_agent_wrong", {"code": code, "id": config.agent_id})
    return Finding("warn", "wecom_code", {"code": code}) if code else None


def _app_finding(app: dict[str, Any]) -> Finding:
    """The app as the console has it: whether it is on, and who sees it."""
    name = {"name": app.get("name")}
    if app.get("close"):
        return Finding("fail", "wecom_closed", name)
    users = _count(app, "allow_userinfos", "user")
    departments = _count(app, "allow_partys", "partyid")
    tags = _count(app, "allow_tags", "tagid")
    if not (users or departments or tags):
        return Finding("warn", "wecom_app_unseen", name)
    return Finding(
        "ok", "wecom_app", name | {"users": users, "departments": departments, "tags": tags}
    )


def _count(app: dict[str, Any], outer: str, inner: str) -> int:
    listed = app.get(outer)
    found = listed.get(inner) if isinstance(listed, dict) else None
    return len(found) if isinstance(found, list) else 0
