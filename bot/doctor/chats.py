"""What the checks of all chat platforms share: who may ask, the callback, questions over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot import logs
from bot.doctor.model import PATIENCE, Finding, Place
from bot.doctor.server import probe
from bot.errors import BadInput
from bot.secrets import mask
from bot.store import StoreUnavailable, location, state

WAIT = 4.0
"""Seconds that a platform may take for each step of an answer."""
TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
"""What the consoles of WeChat and WeCom take."""
EVERYONE = "*"
COMPANIES = ("wecom", "wecom_bot", "feishu")
"""Platforms on which nobody writes whom the company does not let see the bot."""
REFUSING = (400, 403, 405)
"""What a callback of ours says to one that the platform has not sent."""
YOURS = "https://YOUR-ADDRESS"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform said."""

    status: int
    """Of HTTP; 0 where nobody answered."""
    body: dict[str, Any]
    reason: str = ""
    """Why there is nothing; holds no secret."""


def ask(url: str, *secrets: str, **params: str) -> Answer:
    """What the platform says at *url*; *secrets* are kept out of the reason if there is one."""
    import httpx

    try:
        answer = httpx.get(url, params=params, timeout=WAIT)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
        # ValueError, ImportError: a proxy in the environment that cannot be.
        told = logs.Redact((*secrets, url)).clean(str(error))
        return Answer(0, {}, told[:200] or type(error).__name__)
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Answer(0, {}, f"HTTP {answer.status_code}")
    return Answer(answer.status_code, body)


def people(place: Place, section: str) -> Iterator[Finding]:
    """Whether anybody may ask at all, and whether everybody may."""
    config = place.config.platform(section)
    departments: tuple[str, ...] = getattr(config, "departments", ())
    values = {"section": section}
    if EVERYONE in config.allow:
        company = section in COMPANIES  # there, everyone is everyone whom the company lets see it
        yield Finding("ok" if company else "warn",
                      "chat_company" if company else "chat_everyone", values)  # fmt: skip
        return
    try:
        linked = state.count_linked_accounts(location.database(place.config), PATIENCE, section)
    except (BadInput, StoreUnavailable):
        return  # told by `database`
    if not (config.allow or departments or linked):
        yield Finding("warn", "chat_nobody", values)
        return
    counted = {"allowed": len(config.allow), "linked": linked, "departments": len(departments)}
    key = "chat_people_departments" if section == "wecom" else "chat_people"
    yield Finding("ok", key, values | counted)


def callback(place: Place, section: str, path: str, public: str = YOURS) -> Iterator[Finding]:
    """Whether the running server answers at *path*, and how to see that it does from outside."""
    yield probe(place.config, path, REFUSING, "hook", section=section)
    address = public.rstrip("/") + path
    yield Finding("ok", "hook_outside", {"section": section, "address": address})


def secrets_of(section: str, token: str, key: str) -> Iterator[Finding]:
    """Whether token and key of a callback are there and of the form that the console has."""
    from bot.channels.tencent.crypto import is_key

    values = {"section": section, "name": section.upper()}
    wrong = False
    if not TOKEN.fullmatch(token):
        wrong = True
        found = "callback_token" if token else "callback_token_none"
        yield Finding("fail", found, values | {"shown": mask(token)})
    if key and not is_key(key):
        wrong = True
        yield Finding("fail", "callback_key", values | {"count": len(key)})
    if not wrong:
        shown = {"token": mask(token), "key": mask(key) if key else "-"}
        yield Finding("ok", "callback_secrets", values | shown)
