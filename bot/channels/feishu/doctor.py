"""Checks of the Feishu app: its id and secrets, who may ask, and what Feishu says itself."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from bot.channels.feishu.channel import PATH
from bot.channels.feishu.client import Api, FeishuError, Unreachable
from bot.channels.feishu.settings import Settings
from bot.doctor import chats
from bot.doctor.model import Finding, Place
from bot.secrets import mask, secret

APP_ID = re.compile(r"cli_[0-9a-z]{8,32}")


class _Nowhere:
    """In the place of leases: a check shares its token with nobody."""

    def value(self, _: str) -> str:
        return ""

    def share(self, *_: Any) -> None:
        return None

    def hold(self, *_: Any) -> Any:
        return contextlib.nullcontext()


def look(place: Place) -> Iterator[Finding]:
    """Every check of the section ``feishu``. Raises BadInput for a file that cannot be read."""
    config: Settings = place.config.platform("feishu")
    if not APP_ID.fullmatch(config.app_id):
        yield Finding("warn", "feishu_app_id", {"id": config.app_id})
    if not secret("FEISHU_ENCRYPT_KEY", config.encrypt_key_file):
        yield Finding("fail", "feishu_key_none")
    yield from chats.people(place, "feishu")
    given = secret("FEISHU_SECRET", config.secret_file)
    if given:
        yield _app(config, given)
    else:
        yield Finding("fail", "feishu_secret_none")
    yield from chats.callback(place, "feishu", PATH)


def _app(config: Settings, given: str) -> Finding:
    """Whether Feishu takes id and secret."""
    api = Api(config, given, _Nowhere())  # type: ignore[arg-type]
    try:
        api.token()
    except FeishuError as error:
        return Finding("fail", "feishu_secret_wrong", {"code": error.code, "id": config.app_id})
    except Unreachable as error:
        return Finding("warn", "feishu_unreachable", {"api": config.api, "reason": str(error)})
    finally:
        api.close()
    return Finding("ok", "feishu_secret", {"shown": mask(given)})
