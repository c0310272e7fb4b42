"""A message that nobody has asked for, such as what is due today."""

from __future__ import annotations

from bot.app import App
from bot.channels.tencent.errors import TencentError, WeComError
from bot.channels.wecom.channel import api_of
from bot.channels.wecom.client import LATER

LIMIT, IN_BYTES = 2048, True
"""Bytes of one text."""


def send(app: App, to: str, text: str) -> None:
    """Send it to that user of the app. Raises OSError for what is to be tried again.

    Without the app's secret there is no writing first.
    """
    api = api_of(app)
    if api is None:
        return
    try:
        api.text(to, text)
    except WeComError as error:
        if error.code in LATER:
            raise OSError(f"WeCom: {error.code}") from None
    except TencentError as error:
        raise OSError(f"WeCom: {type(error).__name__}") from None
    finally:
        api.close()
