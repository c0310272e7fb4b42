"""The list of commands that Telegram shows, in every language, set only where it differs."""

from __future__ import annotations

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.channels.telegram.api import Bot
from bot.channels.telegram.retry import call
from bot.channels.telegram.timings import Timings
from bot.chat.commands import TABLE
from bot.texts import say
from knowledge.engine.model import LANGUAGES

OTHERS = "en"
"""What people see whose app speaks none of our languages."""
MOST = 256
"""Characters of a description."""


async def publish(bot: Bot, timings: Timings) -> int:
    """Set the commands. Returns how many lists were changed. Raises Later, BadRequest."""
    listed = [one for one in TABLE if one.is_listed]
    scopes: dict[BotCommandScope, tuple[str, ...]] = {
        BotCommandScopeAllPrivateChats(): tuple(one.name for one in listed),
        BotCommandScopeAllGroupChats(): tuple(one.name for one in listed if not one.private_only),
    }
    changed = 0
    for scope, names in scopes.items():
        for code in ("", *LANGUAGES):
            wanted = _commands_with_text(names, code or OTHERS)
            changed += await _set(bot, timings, scope, code or None, wanted)
    return changed


def _commands_with_text(names: tuple[str, ...], language: str) -> tuple[BotCommand, ...]:
    return tuple(BotCommand(name, say(language, f"talk.command.{name}")[:MOST]) for name in names)


async def _set(
    bot: Bot,
    timings: Timings,
    scope: BotCommandScope,
    code: str | None,
    wanted: tuple[BotCommand, ...],
) -> bool:
    now = await call(timings, lambda: bot.get_my_commands(scope, code))
    if now == wanted:
        return False
    await call(timings, lambda: bot.set_my_commands(wanted, scope, code))
    return True
