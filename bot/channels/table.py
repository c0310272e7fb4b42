"""The chat platforms there are; adding one is a folder, its documentation and a line here."""

from __future__ import annotations

PLATFORMS: dict[str, str] = {
    "telegram": "bot.channels.telegram",
    "wechat": "bot.channels.wechat",
    "wecom": "bot.channels.wecom",
    "wecom_bot": "bot.channels.wecom_bot",
    "feishu": "bot.channels.feishu",
}
"""Name of the section in the configuration -> its package, which has four things, or five:

- ``settings.Settings``: what can be set, a frozen dataclass with ``allow`` among its fields
- ``channel.attach(web, app)``: adds its routes to the server, returns what runs beside it, if any
- ``doctor.look(place)``: what is right and wrong with how it is set up
- ``notify.send(app, to, text)``: only where it can write first, with ``LIMIT`` and ``IN_BYTES``
- ``locales/<language>.yaml``: what it says, the same keys in every language
"""
SHARED = ("bot.channels.tencent",)
"""Packages with what several platforms have in common; they have sentences, too."""
