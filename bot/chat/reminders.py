"""Reminders in a chat: how one is reminded here, and to have it otherwise. Pure."""

from __future__ import annotations

import datetime
from dataclasses import replace

from bot.changes import Remind
from bot.chat.context import Context
from bot.model import Action, Outcome
from bot.records import Wishes
from bot.reminders import zones

ON, OFF = "on", "off"
HOURS = 24


def remind(context: Context, wanted: str = "") -> Outcome:
    """How one is reminded here; *wanted*: on, off, or the hour from now on."""
    if context.incoming.group:
        return context.reply("talk.private")
    wishes, channel = context.loaded.wishes, context.can.channel
    if wishes is None:
        return context.reply("talk.remind.elsewhere")
    word = wanted.strip().lower().removesuffix(":00")
    hour = int(word) if word.isdecimal() and len(word) < 3 else HOURS
    if word in (ON, OFF) or hour < HOURS:
        off = {*wishes.off} - {channel} | ({channel} if word == OFF else set())
        at = hour if hour < HOURS else wishes.hour
        change = Remind(context.person.id, channel, word != OFF, at, context.language)
        outcome = _status(context, replace(wishes, off=tuple(off), hour=at))
        return replace(outcome, changes=(change,))
    return _status(context, wishes)


def _status(context: Context, wishes: Wishes) -> Outcome:
    """How it is, with the way to have it otherwise."""
    now = datetime.datetime.fromtimestamp(context.loaded.now)
    off = context.can.channel in wishes.off
    outcome = context.reply(
        f"talk.remind.{OFF if off else ON}",
        hour=wishes.hour,
        zone=zones.zone_label(now, wishes.zone),
    )
    other = ON if off else OFF
    turn = Action(context.say(f"talk.remind.{other}.button"), "remind", (other,))
    reply = replace(outcome.reply, actions=(turn,), edits=context.is_press)
    return replace(outcome, reply=reply)
